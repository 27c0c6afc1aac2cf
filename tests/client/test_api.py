"""REST: errors in the user's words, retries of reads alone, sign-in with one refresh at a time."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from console.client import keyring_vault as vaults
from console.client.api import Api
from console.client.keyring_vault import KeyringVault, open_vault
from console.client.session import Session
from console.client.vault import MemoryVault
from console.sdk.errors import BackendAway, BackendError, Conflict, Forbidden, NotFound, NotSignedIn, Rejected

USER = {"id": "u", "username": "op", "name": "值班员", "role": "operator", "areas": ["320302"], "rights": []}


def ticket(number: int, seconds: float = 600) -> dict:
    return {
        "access_token": f"access-{number}",
        "refresh_token": f"refresh-{number}",
        "expires_at": time.time() + seconds,
        "user": USER,
    }


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, Rejected),
        (401, NotSignedIn),
        (403, Forbidden),
        (404, NotFound),
        (409, Conflict),
        (422, Rejected),
        (429, Rejected),
        (500, BackendError),
        (503, BackendAway),
    ],
)
def test_errors_are_the_tree_in_the_users_language(stub, status, kind) -> None:
    backend = stub(lambda _: (status, {"code": "word", "message": "Not so", "message_zh": "不可以"}))
    for language, text in (("zh_CN", "不可以"), ("en", "Not so")):
        with pytest.raises(kind, match=text) as caught:
            Api(backend.url, language=lambda language=language: language).call("POST", "/x", {})
        assert type(caught.value) is kind


def test_an_answer_of_something_else_is_not_shown(stub) -> None:
    backend = stub(lambda _: (500, b"<html>Traceback: secret"))
    with pytest.raises(BackendError) as caught:
        Api(backend.url).call("GET", "/x")
    assert "secret" not in str(caught.value)


def test_reads_are_tried_again_and_writes_are_not(stub) -> None:
    backend = stub(lambda request: (200, [1]) if len(backend.requests) > 2 else None)
    assert Api(backend.url).get("/x", limit=3, since=None) == [1]
    assert [request.path for request in backend.requests] == ["/x?limit=3"] * 3
    backend.requests.clear()
    with pytest.raises(BackendAway):
        Api(backend.url).call("POST", "/x", {})
    assert len(backend.requests) == 1


def test_nobody_there_is_away() -> None:
    with pytest.raises(BackendAway, match="连接"):
        Api("http://127.0.0.1:9").call("GET", "/x")


def test_a_token_does_not_follow_a_redirect_and_netrc_is_not_read(stub, tmp_path, monkeypatch) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login a password b\n")
    monkeypatch.setenv("NETRC", str(netrc))
    backend = stub(lambda _: (302, {}))
    api = Api(backend.url)
    api.use_tokens(lambda _: "mine", lambda _refused, _account: "mine")
    with pytest.raises(BackendError):
        api.call("GET", "/x")
    (request,) = backend.requests
    assert request.headers["authorization"] == "Bearer mine"


def refreshing(stub, lifetime: float = 600):
    """A backend that rotates refresh tokens and knows only the newest access token."""
    count = [0]

    def answer(request):
        if request.path == "/session" and request.method == "POST":
            good = request.body["password"] == "right"
            return (
                (200, ticket(0, lifetime))
                if good
                else (401, {"code": "bad_credentials", "message_zh": "口令错误"})
            )
        if request.path == "/session/refresh":
            if request.body["refresh_token"] != f"refresh-{count[0]}":
                return 401, {"code": "not_signed_in", "message_zh": "请重新登录"}
            count[0] += 1
            return 200, ticket(count[0])
        if request.headers.get("authorization") != f"Bearer access-{count[0]}" or count[0] == 0:
            return 401, {"code": "not_signed_in", "message_zh": "请重新登录"}
        return 200, {"ok": True}

    backend = stub(answer)
    api = Api(backend.url)
    return backend, api, Session(api, MemoryVault())


def refreshes(backend) -> int:
    return sum(request.path == "/session/refresh" for request in backend.requests)


def test_a_wrong_password_is_said_so(stub) -> None:
    _, _, session = refreshing(stub)
    with pytest.raises(NotSignedIn, match="口令错误"):
        session.sign_in("op", "wrong")
    assert session.user is None


def test_a_refused_token_is_renewed_once_for_many_callers(stub) -> None:
    backend, api, session = refreshing(stub)
    session.sign_in("op", "right")
    start = threading.Barrier(8)

    def call(_: int) -> object:
        start.wait(5)
        return api.call("GET", "/x")

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(call, range(8))) == [{"ok": True}] * 8
    assert refreshes(backend) == 1


def test_a_token_is_renewed_ahead_of_its_end(stub) -> None:
    backend, _, session = refreshing(stub, lifetime=30)
    session.sign_in("op", "right")
    assert session.token() == session.token() == "access-1"
    assert refreshes(backend) == 1


def test_sign_in_is_resumed_from_the_vault_and_ended_by_signing_out(stub) -> None:
    _, api, _session = refreshing(stub)
    vault = MemoryVault()
    Session(api, vault).sign_in("op", "right")
    again = Session(api, vault)
    assert again.resume() is not None
    assert again.token() == "access-1"
    again.sign_out()
    assert Session(api, vault).resume() is None
    with pytest.raises(NotSignedIn):
        again.token()


def test_a_session_that_is_over_is_forgotten(stub) -> None:
    _, api, _ = refreshing(stub)
    vault = MemoryVault()
    vault.save(api.base_url, "refresh-stale")
    assert Session(api, vault).resume() is None
    assert vault.load(api.base_url) is None


class FakeKeyring:
    """A keyring that hangs, fails or works."""

    def __init__(self, mood: str) -> None:
        self.mood, self.kept = mood, {}

    def set_password(self, service: str, username: str, password: str) -> None:
        if self.mood == "hangs":
            threading.Event().wait(30)
        if self.mood == "fails":
            raise RuntimeError("no D-Bus")
        self.kept[username] = password

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get(username)

    def delete_password(self, service: str, username: str) -> None:
        del self.kept[username]


@pytest.mark.parametrize(
    ("mood", "kind"), [("works", KeyringVault), ("fails", MemoryVault), ("hangs", MemoryVault)]
)
def test_the_keyring_is_used_only_when_it_really_works(monkeypatch, mood, kind) -> None:
    monkeypatch.setattr(vaults, "PROBE_SECONDS", 0.2)
    monkeypatch.setattr(vaults, "_platform_keyring", lambda: FakeKeyring(mood))
    assert isinstance(open_vault(), kind)


def test_without_a_secret_service_there_is_no_prompt_and_no_file(monkeypatch, tmp_path) -> None:
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setattr("builtins.input", lambda *_: pytest.fail("asked on the terminal"))
    vault = open_vault()
    assert not vault.lasting
    vault.save("a", "secret")
    assert vault.load("a") == "secret"
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]
