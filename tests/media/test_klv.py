"""Metadata of drones: the examples of the standard, and bytes that are none."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.media.klv import KEY, Malformed, parse
from tests.support.klv import item, packet

EXAMPLES = {
    "heading": (5, "71c2", 159.974365),
    "pitch": (6, "fd3d", -0.431531724),
    "roll": (7, "08b8", 3.40586566),
    "latitude": (13, "5595b66d", 60.1768229669783),
    "longitude": (14, "5b5360c4", 128.426759042045),
    "altitude": (15, "c221", 14190.7195),
    "view_width": (16, "cd9c", 144.571298),
    "view_height": (17, "d917", 152.643626),
    "sensor_azimuth": (18, "724a0a20", 160.719211),
    "sensor_elevation": (19, "87f84b86", -168.792324833941),
    "distance": (21, "03830926", 68590.9832987),
    "center_height": (25, "34f3", 3216.03723),
}
"""Those of ST 0601: tag, value as it is sent, value that is meant."""


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_standards_examples(name: str):
    tag, sent, meant = EXAMPLES[name]
    assert getattr(parse(packet(item(tag, sent))), name) == pytest.approx(meant, rel=1e-6)


def test_the_frame_on_the_ground():
    middle = item(23, "f101a229") + item(24, "14bc082b")
    offsets = b"".join(item(tag, sent) for tag, sent in zip(range(26, 34), ["c06e", "cbe9"] * 4, strict=True))
    found = parse(packet(middle + offsets + item(2, "0004670420000000")))
    assert found.center == pytest.approx((29.157890122923, -10.5423886331461))
    assert len(found.corners) == 4
    assert found.corners[0] == pytest.approx((29.157890 - 0.0305238, -10.542389 - 0.0372508), abs=1e-5)
    whole = b"".join(item(tag, "14bc082b") for tag in range(82, 90))
    assert parse(packet(middle + offsets + whole)).corners[0] == pytest.approx((29.1578901, 14.5789451))


def test_what_is_out_of_range_or_of_another_length_is_not_said():
    found = parse(packet(item(13, "80000000") + item(14, "5b53") + item(200, "00") + item(10, "4d51")))
    assert (found.latitude, found.longitude, found.platform) == (None, None, "MQ")
    assert found.corners == () and found.center is None


def test_one_wrong_bit_is_noticed():
    good = packet(item(13, "5595b66d") + item(14, "5b5360c4"))
    for at in range(len(good)):
        bad = bytearray(good)
        bad[at] ^= 0x10
        with pytest.raises(Malformed):
            parse(bytes(bad))


@given(st.binary(max_size=200), st.booleans())
def test_any_bytes_are_read_or_refused(data: bytes, whole: bool):
    try:
        parse(packet(data) if whole else KEY + data)
    except Malformed:
        return
