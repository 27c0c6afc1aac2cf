"""FastAPI dependencies that say who asks, and refuse who may not."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBasic, HTTPBasicCredentials, HTTPBearer

from console.sdk.server import Caller, Device
from console.server.devices import Devices
from console.server.errors import standard_error
from console.server.signin import SignIn
from console.server.tokens import AccessClaims

_bearer = HTTPBearer(auto_error=False, description="Access token of POST /session")
_basic = HTTPBasic(auto_error=False, description="Device id and secret")
Bearer = Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)]


class Access:
    """Makes dependencies for routes."""

    def __init__(self, sign_in: SignIn, devices: Devices) -> None:
        self._sign_in, self._devices = sign_in, devices

    def claims(self, bearer: Bearer) -> AccessClaims:
        """Claims of the access token; 401 without a good one."""
        claims = self._sign_in.claims(bearer.credentials) if bearer else None
        if claims is None:
            raise standard_error(401, headers={"WWW-Authenticate": "Bearer"})
        return claims

    def caller(self, bearer: Bearer) -> Caller:
        """Any signed-in caller; 401 when the session or account was ended."""
        caller = self._sign_in.caller_of(self.claims(bearer))
        if caller is None:
            raise standard_error(401, headers={"WWW-Authenticate": "Bearer"})
        return caller

    def require(self, action: str) -> Callable[..., Caller]:
        """A caller with the right *action*; 403 without."""

        def permitted(bearer: Bearer) -> Caller:
            caller = self.caller(bearer)
            if action not in caller.rights:
                raise standard_error(403)
            return caller

        return permitted

    def device(self) -> Callable[..., Device]:
        """A device by HTTP Basic; 401 without its secret."""

        def known(shown: Annotated[HTTPBasicCredentials | None, Depends(_basic)]) -> Device:
            if shown is None:
                raise standard_error(401, headers={"WWW-Authenticate": "Basic"})
            found = self._devices.cached(shown.username, shown.password)
            found = found or self._devices.check(shown.username, shown.password)
            if found is None:
                raise standard_error(401, headers={"WWW-Authenticate": "Basic"})
            return found

        return known


def address_of(request: Request) -> str:
    """Network address of the caller."""
    return request.client.host if request.client else ""
