"""Sign-in: passwords, refresh-token families, and who stands behind an access token.

A refresh token is ``session.secret``. Each use draws a new secret; a token whose
secret is not the newest was stolen or replayed, so the whole family ends. On a poor
line the answer with the new secret may be lost: for a while the last secret still
gets it. Two who share a token are found out when the second of them comes later.
"""

from __future__ import annotations

import threading
import time
import uuid
from functools import partial

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from console.model.records import Role, Ticket, User
from console.sdk.server import ApiError, Caller
from console.server.audit import write_audit
from console.server.db import Database
from console.server.errors import standard_error
from console.server.limits import RateLimit
from console.server.rights import Rights
from console.server.settings import ServerSettings
from console.server.tables import Account, SignInSession
from console.server.tokens import AccessClaims, TokenSigner, drawn_secret, new_secret, same_hash, secret_hash

hasher = PasswordHasher()
"""argon2id with the library's present parameters."""

REPEAT_SECONDS = 120.0
"""For so long after a refresh its answer is given again to who asks with the same token."""
_CACHE_SECONDS = 5.0
_MAX_CACHED = 10_000


class SignIn:
    """Accounts and their sessions. Safe to use from many threads."""

    def __init__(self, database: Database, settings: ServerSettings, rights: Rights) -> None:
        self._database, self._rights = database, rights
        self._draw = partial(drawn_secret, settings.secret_key)
        self._signer = TokenSigner(settings.secret_key, settings.access_seconds)
        self._refresh_seconds = settings.refresh_seconds
        self._by_account = RateLimit(10, 300.0)
        self._by_address = RateLimit(60, 300.0)
        self._callers: dict[str, tuple[float, Caller | None]] = {}
        self._lock = threading.Lock()
        self._dummy_hash = hasher.hash(new_secret())

    def sign_in(self, username: str, password: str, address: str) -> Ticket:
        """A new session. Raises ApiError 401 ``bad_credentials`` or 429 ``too_many_attempts``."""
        name_key = username.casefold()
        wait = max(self._by_account.hit(name_key), self._by_address.hit(address))
        if wait:
            raise _too_many_attempts(wait)
        with self._database.read() as session:
            account = session.scalar(select(Account).where(Account.username == username))
        if not self._password_fits(account, password) or account is None or account.disabled:
            with self._database.write() as session:
                write_audit(session, None, "session.refused", username[:64], reason=address)
            raise ApiError(401, "bad_credentials", "The name or the password is wrong", "用户名或密码错误")
        self._by_account.clear(name_key)
        return self._open_session(account, address)

    def _password_fits(self, account: Account | None, password: str) -> bool:
        """Unknown names cost the same work as known ones."""
        try:
            hasher.verify(account.password_hash if account else self._dummy_hash, password)
        except (VerificationError, InvalidHashError):
            return False
        return account is not None

    def _open_session(self, account: Account, address: str) -> Ticket:
        session_id = str(uuid.uuid4())
        secret = self._draw(session_id, 1)
        row = SignInSession(
            id=session_id,
            account_id=account.id,
            refresh_hash=secret_hash(secret),
            generation=1,
            expires_at=time.time() + self._refresh_seconds,
            address=address[:64],
        )
        with self._database.write() as session:
            session.add(row)
            write_audit(session, self._caller(account), "session.open", row.id, reason=address)
        return self._ticket(account, row.id, secret)

    def refresh(self, refresh_token: str) -> Ticket:
        """Rotate, or repeat the last answer. Raises ApiError 401 when the token is unknown, old, or its
        session is over."""
        session_id, _, secret = refresh_token.partition(".")
        with self._database.write() as session:
            row = session.get(SignInSession, session_id)
            account = session.get(Account, row.account_id) if row else None
            usable = _is_open(row, account)
            if row and account and usable and same_hash(row.refresh_hash, secret_hash(secret)):
                row.generation += 1
                secret = self._draw(row.id, row.generation)
                row.refresh_hash = secret_hash(secret)
                row.expires_at = time.time() + self._refresh_seconds
                return self._ticket(account, row.id, secret)
            if row and account and usable and self._repeats(row, secret):
                return self._ticket(account, row.id, self._draw(row.id, row.generation))
            if row and account and usable:
                row.ended_at = time.time()
                write_audit(session, self._caller(account), "session.replayed", row.id)
        self._forget(session_id)
        raise standard_error(401)

    def _repeats(self, row: SignInSession, secret: str) -> bool:
        """Whether *secret* is the one before the newest, and its refresh a moment ago."""
        refreshed = row.expires_at - self._refresh_seconds
        before = self._draw(row.id, row.generation - 1)
        return same_hash(secret, before) and time.time() - refreshed < REPEAT_SECONDS

    def end(self, claims: AccessClaims) -> None:
        """End the session of an access token."""
        with self._database.write() as session:
            row = session.get(SignInSession, claims.session_id)
            account = session.get(Account, claims.account_id)
            if row and account and row.ended_at is None:
                row.ended_at = time.time()
                write_audit(session, self._caller(account), "session.end", row.id)
        self._forget(claims.session_id)

    def claims(self, access_token: str) -> AccessClaims | None:
        """Claims of an access token that is whole and in time."""
        return self._signer.check(access_token)

    def caller_of(self, claims: AccessClaims) -> Caller | None:
        """Who stands behind the token now, or None when the session or account was ended.

        Looked up again after five seconds, so a revocation takes effect that soon.
        """
        now = time.monotonic()
        cached = self._callers.get(claims.session_id)
        if cached and cached[0] > now:
            return cached[1]
        with self._database.read() as session:
            row = session.get(SignInSession, claims.session_id)
            account = session.get(Account, claims.account_id)
        caller = self._caller(account) if account and _is_open(row, account) else None
        with self._lock:
            if len(self._callers) >= _MAX_CACHED:
                self._callers.clear()
            self._callers[claims.session_id] = (now + _CACHE_SECONDS, caller)
        return caller

    def _caller(self, account: Account) -> Caller:
        return Caller(
            user_id=account.id,
            username=account.username,
            name=account.name,
            role=Role(account.role),
            areas=tuple(account.areas),
            rights=self._rights.of(account.role),
        )

    def _ticket(self, account: Account, session_id: str, secret: str) -> Ticket:
        token, expires = self._signer.issue(account.id, session_id)
        user = user_of(self._caller(account))
        return Ticket(
            access_token=token, refresh_token=f"{session_id}.{secret}", expires_at=expires, user=user
        )

    def _forget(self, session_id: str) -> None:
        with self._lock:
            self._callers.pop(session_id, None)


def user_of(caller: Caller) -> User:
    """The caller as the console sees itself."""
    return User(
        id=caller.user_id,
        username=caller.username,
        name=caller.name,
        role=caller.role,
        areas=caller.areas,
        rights=tuple(sorted(caller.rights)),
    )


def end_sessions(session: Session, account_id: str) -> None:
    """End all sessions of an account."""
    open_ones = (SignInSession.account_id == account_id) & SignInSession.ended_at.is_(None)
    session.execute(update(SignInSession).where(open_ones).values(ended_at=time.time()))


def _is_open(row: SignInSession | None, account: Account | None) -> bool:
    if row is None or account is None or account.disabled or row.account_id != account.id:
        return False
    return row.ended_at is None and row.expires_at > time.time()


def _too_many_attempts(wait: float) -> ApiError:
    return ApiError(
        429,
        "too_many_attempts",
        f"Too many attempts; try again in {wait:.0f} s",
        f"尝试次数过多,请在 {wait:.0f} 秒后重试",
        headers={"Retry-After": str(int(wait) + 1)},
    )
