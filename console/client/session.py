"""Sign-in: who is signed in, and a token that is good now. Safe on any thread."""

from __future__ import annotations

import base64
import contextlib
import threading
import time
from typing import Any

import msgspec

from console.client import problems
from console.client.api import Api
from console.client.vault import MemoryVault, Vault
from console.model.records import Ticket, User
from console.sdk.errors import BackendAway, BackendError, NotSignedIn

REFRESH_AHEAD = 90.0
"""Seconds before its end at which a token is renewed."""


class Session:
    """One sign-in at one backend. ``revision`` grows whenever the user changes."""

    def __init__(self, api: Api, vault: Vault | None = None) -> None:
        self._api = api
        self._vault = vault or MemoryVault()
        self._lock = threading.RLock()  # held during a refresh: who comes second finds the new token
        self._ticket: Ticket | None = None
        self._assumed: User | None = None
        self._expires = 0.0  # of the local monotonic clock
        self.expired = False
        """The backend has ended the sign-in of ``user``: they must sign in again."""
        self.revision = 0
        api.use_tokens(self.token, self.renew)

    @property
    def user(self) -> User | None:
        """Who is signed in, or who was when the console was last connected or the sign-in ended."""
        ticket = self._ticket
        return ticket.user if ticket else self._assumed

    def assume(self, user: User | None) -> None:
        """Start cut off as the user of the last time, if a remembered sign-in may be taken up again."""
        with self._lock:
            if self._ticket is None and self._vault.load(self._api.base_url):
                self._assumed = user
                self.revision += 1

    def adopt(self, ticket: Ticket) -> User:
        """Go on with a sign-in that another process made for us."""
        with self._lock:
            return self._take(msgspec.to_builtins(ticket)).user

    @property
    def remembers(self) -> bool:
        """Whether a sign-in outlives the process."""
        return self._vault.lasting

    def sign_in(self, username: str, password: str) -> User:
        """Raises NotSignedIn (bad credentials), Rejected (too many attempts), BackendAway."""
        answer = self._api.call("POST", "/session", {"username": username, "password": password}, token="")
        with self._lock:
            return self._take(answer).user

    def resume(self) -> User | None:
        """Sign in with the token of the last time; None when there is none or it is over.

        Raises BackendAway.
        """
        with self._lock:
            try:
                return self._signed_in().user
            except NotSignedIn:
                return None

    def sign_out(self) -> None:
        """End the session here, and at the backend if it can be reached."""
        with self._lock:
            ticket = self._ticket
            self._forget()
        if ticket:
            with contextlib.suppress(BackendError, BackendAway):
                self._api.call("DELETE", "/session", token=ticket.access_token)

    def token(self, account: str = "") -> str:
        """An access token good for a while yet, of *account* if given. Raises NotSignedIn, BackendAway."""
        with self._lock:
            ticket = self._ticket_of(account)
            left = self._expires - time.monotonic()
            if left > REFRESH_AHEAD:
                return ticket.access_token
            try:
                return self._refresh(ticket.refresh_token).access_token
            except BackendAway:
                if left > 0:
                    return ticket.access_token
                raise

    def renew(self, refused: str, account: str = "") -> str:
        """A token other than *refused*; many callers cause one refresh."""
        with self._lock:
            ticket = self._ticket_of(account)
            if ticket.access_token != refused:
                return ticket.access_token
            return self._refresh(ticket.refresh_token).access_token

    def _ticket_of(self, account: str) -> Ticket:
        ticket = self._signed_in()
        if account and ticket.user.username != account:
            raise self._sign_in_first()
        return ticket

    def _signed_in(self) -> Ticket:
        """The ticket, by the remembered sign-in if need be. Raises NotSignedIn, BackendAway."""
        if self._ticket is not None:
            return self._ticket
        secret = self._vault.load(self._api.base_url)
        if secret:
            return self._refresh(secret)
        raise self._sign_in_first()

    def _sign_in_first(self) -> NotSignedIn:
        return NotSignedIn(problems.SIGN_IN.get(self._api.language()), status=401, code="not_signed_in")

    def _refresh(self, secret: str) -> Ticket:
        try:
            return self._take(self._api.call("POST", "/session/refresh", {"refresh_token": secret}, token=""))
        except NotSignedIn:
            self._expire()
            raise

    def _take(self, answer: Any) -> Ticket:
        try:
            ticket = msgspec.convert(answer, Ticket)
        except msgspec.ValidationError as error:
            raise problems.away(problems.NO_SENSE, self._api.language()) from error
        changed = self.user != ticket.user
        self._ticket, self.expired = ticket, False
        self._expires = time.monotonic() + _lifetime(ticket)
        self._vault.save(self._api.base_url, ticket.refresh_token)
        self.revision += changed
        return ticket

    def _expire(self) -> None:
        """The tokens are worthless; whose they were is known on, for their window stays."""
        user = self.user
        self._forget()
        self._assumed, self.expired = user, user is not None

    def _forget(self) -> None:
        self._ticket = self._assumed = None
        self.expired = False
        self._vault.forget(self._api.base_url)
        self.revision += 1


class _Claims(msgspec.Struct):
    """The two times of an access token (JWT), s since 1970 of the backend's clock."""

    iat: float
    exp: float


def _lifetime(ticket: Ticket) -> float:
    """Seconds that the token lives, by the backend's clock: the local one may be wrong by hours."""
    try:
        payload = ticket.access_token.split(".")[1]
        claims = msgspec.json.decode(
            base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)), type=_Claims
        )
    except (IndexError, ValueError, msgspec.MsgspecError):
        return ticket.expires_at - time.time()
    return claims.exp - claims.iat
