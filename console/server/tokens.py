"""Access tokens (JWT, HS256, minutes) and random secrets that are kept as hashes."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
import time
from dataclasses import dataclass

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import OctKey

_ISSUER = "onemap"


@dataclass(frozen=True, slots=True)
class AccessClaims:
    """What an access token says: the account, the sign-in, when it ends (s since 1970)."""

    account_id: str
    session_id: str
    expires_at: float


class TokenSigner:
    """Makes and checks access tokens with one key."""

    def __init__(self, secret_key: str, seconds: float) -> None:
        self._key = OctKey.import_key(hashlib.sha256(secret_key.encode()).digest())
        self._seconds = seconds

    def issue(self, account_id: str, session_id: str) -> tuple[str, float]:
        """A token and when it ends."""
        now = time.time()
        expires = now + self._seconds
        claims = {"iss": _ISSUER, "sub": account_id, "sid": session_id, "iat": int(now), "exp": expires}
        return jwt.encode({"alg": "HS256"}, claims, self._key), expires

    def check(self, token: str) -> AccessClaims | None:
        """The claims of a good token, else None."""
        try:
            claims = jwt.decode(token, self._key, algorithms=["HS256"]).claims
            found = AccessClaims(str(claims["sub"]), str(claims["sid"]), float(claims["exp"]))
        except (JoseError, ValueError, KeyError, TypeError):
            return None
        good = claims.get("iss") == _ISSUER and found.expires_at > time.time()
        return found if good else None


def new_secret() -> str:
    """192 random bits as URL-safe text."""
    return secrets.token_urlsafe(24)


def drawn_secret(key: str, session_id: str, generation: int) -> str:
    """The secret of one generation of a sign-in: as good as random to who lacks *key*, and the same
    whenever it is drawn, so that an answer that was lost can be given again."""
    drawn = hmac.digest(key.encode(), f"refresh:{session_id}:{generation}".encode(), "sha256")
    return base64.urlsafe_b64encode(drawn).decode().rstrip("=")


def secret_hash(secret: str) -> str:
    """SHA-256, enough for secrets of high entropy (never for passwords)."""
    return hashlib.sha256(secret.encode()).hexdigest()


def same_hash(first: str, second: str) -> bool:
    """Compare in constant time."""
    return hmac.compare_digest(first, second)
