"""Why a stream could not be had, from what libavformat raises. Its texts carry addresses: they go nowhere."""

from __future__ import annotations

import errno

import av.error

from console.media.trust import stranger
from console.model.streams import Reason

FINAL = {Reason.SIGN_IN, Reason.STRANGER, Reason.NO_VIDEO}
"""To try again soon would not help."""
_REASONS: list[tuple[tuple[type[BaseException], ...], Reason]] = [
    ((av.error.HTTPUnauthorizedError, av.error.HTTPForbiddenError, av.error.PermissionError), Reason.SIGN_IN),
    ((av.error.HTTPNotFoundError,), Reason.MISSING),
    (
        (
            av.error.DecoderNotFoundError,
            av.error.DemuxerNotFoundError,
            av.error.ProtocolNotFoundError,
            av.error.PatchWelcomeError,
        ),
        Reason.NO_VIDEO,
    ),
    ((av.error.ExitError, av.error.TimeoutError), Reason.SILENT),
    ((av.error.InvalidDataError,), Reason.GARBLED),
    ((av.error.EOFError, av.error.ConnectionResetError, av.error.BrokenPipeError), Reason.ENDED),
]


def reason(error: BaseException, url: str) -> Reason:
    """In our words, of what became of *url*."""
    if getattr(error, "errno", 0) == errno.EIO and stranger(url):
        return Reason.STRANGER
    return next((found for kinds, found in _REASONS if isinstance(error, kinds)), Reason.UNREACHABLE)
