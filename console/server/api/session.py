"""Sign-in, refresh, sign-out, and who am I."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel, Field

from console.model.records import Ticket, User
from console.sdk.server import Caller
from console.server.access import Access, address_of
from console.server.signin import SignIn, user_of
from console.server.tokens import AccessClaims


class Credentials(BaseModel):
    """Body of a sign-in."""

    username: Annotated[str, Field(min_length=1, max_length=64)]
    password: Annotated[str, Field(min_length=1, max_length=256, repr=False)]


class RefreshToken(BaseModel):
    """Body of a refresh."""

    refresh_token: Annotated[str, Field(min_length=1, max_length=256, repr=False)]


def session_routes(sign_in: SignIn, access: Access) -> APIRouter:
    """Routes of sign-in."""
    routes = APIRouter(tags=["session"])

    @routes.post("/session", operation_id="signIn")
    def open_session(body: Credentials, request: Request) -> Ticket:
        """Sign in with a local account."""
        return sign_in.sign_in(body.username, body.password, address_of(request))

    @routes.post("/session/refresh", operation_id="refreshSession")
    def refresh_session(body: RefreshToken) -> Ticket:
        """A new ticket; the refresh token rotates. Asked again within two minutes it gives the
        same answer, for the first may have been lost; later an old token ends the session."""
        return sign_in.refresh(body.refresh_token)

    @routes.delete("/session", operation_id="signOut", status_code=204)
    def end_session(claims: AccessClaims = Depends(access.claims)) -> Response:
        """Sign out."""
        sign_in.end(claims)
        return Response(status_code=204)

    @routes.get("/me", operation_id="me")
    def me(caller: Caller = Depends(access.caller)) -> User:
        """The signed-in user."""
        return user_of(caller)

    return routes
