"""Errors that plugins may meet.

OneMapError
├── BackendError            the backend answered, but not with success
│   ├── NotSignedIn         401: sign in again
│   ├── Forbidden           403: the right is missing
│   ├── NotFound            404
│   ├── Conflict            409: somebody else was faster; carries the present state
│   └── Rejected            400/422/429: the input was refused, in the user's words
├── BackendAway             no answer: cut off, refused, timed out
├── NotAccepted             intent could not be kept for delivery (disk full): nothing was done
├── QgisError               QGIS is not there, could not do it, or was told to stop
├── MissingPermission       plugin.toml does not ask for the permission of this facet
└── MissingService          no active plugin provides the service
"""

from __future__ import annotations


class OneMapError(Exception):
    """Root of all errors of the SDK. ``str(error)`` may be shown to the user."""


class BackendError(OneMapError):
    """The backend refused or failed; ``status`` is the HTTP status, ``code`` a stable word."""

    def __init__(self, message: str, *, status: int = 0, code: str = "") -> None:
        super().__init__(message)
        self.status = status
        self.code = code


class NotSignedIn(BackendError):
    """The session is over."""


class Forbidden(BackendError):
    """The user lacks the right, or the area is not theirs."""


class NotFound(BackendError):
    """No such record, or not in the user's areas."""


class Conflict(BackendError):
    """The record has moved on."""


class Rejected(BackendError):
    """The input was refused."""


class BackendAway(OneMapError):
    """The backend cannot be reached just now; *sent* is False when the call never left this machine."""

    def __init__(self, message: str, *, sent: bool = True) -> None:
        super().__init__(message)
        self.sent = sent


class NotAccepted(OneMapError):
    """The intent could not be kept, so it is not given; the user must know at once."""


class QgisError(OneMapError):
    """QGIS did not do what it was asked for; ``code`` is a stable word, ``detail`` QGIS's own words."""

    def __init__(self, message: str, *, code: str = "", detail: str = "") -> None:
        super().__init__(message)
        self.code = code
        self.detail = detail


class MissingPermission(OneMapError, AttributeError):
    """The plugin's manifest does not ask for this facet's permission."""


class MissingService(OneMapError):
    """Nobody offers the service."""
