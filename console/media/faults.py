"""Why a stream could not be had, from what libavformat raises. Its texts carry addresses: they go nowhere."""

from __future__ import annotations

import av.error

from console.model.streams import Reason

FINAL = {Reason.SIGN_IN, Reason.NO_VIDEO}
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


def reason(error: BaseException) -> Reason:
    """In our words."""
    return next((found for kinds, found in _REASONS if isinstance(error, kinds)), Reason.UNREACHABLE)
