"""Devices that decode: used where there is one, done without where there is none."""

from __future__ import annotations

from av.codec.hwaccel import hwdevices_available

from console.cli.doctor import check_video
from console.media.hardware import found
from console.media.messages import Patience
from console.media.opening import Opener
from tests.media.conftest import Serve


def test_what_is_found_opens_and_the_doctor_says_which():
    device = found()
    assert device in ("", *hwdevices_available())
    (finding,) = check_video()
    assert finding.ok == (True if device else None) and device in finding.seen


def test_a_device_that_is_not_there_is_done_without(serve: Serve):
    """One that was found may be lost later: that is no refusal of the camera."""
    for device in hwdevices_available():
        opener = Opener(serve().url("sub"), Patience(), device)
        with opener.open() as container:
            assert next(container.decode(video=0)).width == 352
