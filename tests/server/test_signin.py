"""Sign-in, refresh-token families, revocation, limits, as a client sees them."""

from __future__ import annotations

import uuid
from pathlib import Path

import pytest
import requests
from websockets.exceptions import ConnectionClosed

from console.server import signin
from console.server.admin import disable_account
from console.server.api import live
from console.server.audit import first_broken_line
from console.server.tables import Audit
from tests.support.server import PASSWORD, Client, Server


@pytest.fixture
def name() -> str:
    return f"u{uuid.uuid4().hex[:8]}"


def refresh(client: Client, token: str) -> requests.Response:
    return requests.post(client.url + "/session/refresh", json={"refresh_token": token}, timeout=10)


def test_signed_in_user_is_described(server: Server, name: str) -> None:
    me = server.account(name, "dispatcher", ("320302001",)).get("/me").json()
    assert (me["username"], me["role"], me["areas"]) == (name, "dispatcher", ["320302001"])
    assert "positions.read" in me["rights"] and "audit.read" not in me["rights"]


def test_wrong_password_and_unknown_name_answer_alike(server: Server, name: str) -> None:
    server.account(name)
    answers = [
        requests.post(server.url + "/session", json={"username": u, "password": "wrong"}, timeout=10)
        for u in (name, "nobody-" + name)
    ]
    assert [a.status_code for a in answers] == [401, 401]
    assert answers[0].json() == answers[1].json()
    assert answers[0].json()["code"] == "bad_credentials"


def test_too_many_attempts_are_refused(server: Server, name: str) -> None:
    codes = [
        requests.post(
            server.url + "/session", json={"username": name, "password": "x"}, timeout=10
        ).status_code
        for _ in range(12)
    ]
    assert codes[:10] == [401] * 10 and codes[10:] == [429, 429]
    server.core.sign_in._by_address.clear("127.0.0.1")


def test_refresh_rotates_and_a_replay_ends_the_family(server: Server, name: str) -> None:
    client = server.account(name)
    first = client.ticket["refresh_token"]
    second = refresh(client, first).json()["refresh_token"]
    third = refresh(client, second).json()["refresh_token"]
    assert len({first, second, third}) == 3
    assert refresh(client, first).status_code == 401
    assert refresh(client, third).status_code == 401
    assert client.get("/me").status_code == 401


def test_a_refresh_whose_answer_was_lost_is_answered_again(server: Server, name: str) -> None:
    client = server.account(name)
    first = client.ticket["refresh_token"]
    lost, again = refresh(client, first).json(), refresh(client, first).json()
    assert again["refresh_token"] == lost["refresh_token"] != first
    assert refresh(client, again["refresh_token"]).status_code == 200


def test_a_refresh_is_not_answered_again_later_on(
    server: Server, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = server.account(name)
    first = client.ticket["refresh_token"]
    second = refresh(client, first).json()["refresh_token"]
    monkeypatch.setattr("console.server.signin.REPEAT_SECONDS", 0.0)
    assert refresh(client, first).status_code == 401
    assert refresh(client, second).status_code == 401


def test_sign_out_ends_the_session(server: Server, name: str) -> None:
    client = server.account(name)
    assert client.delete("/session").status_code == 204
    assert client.get("/me").status_code == 401
    assert refresh(client, client.ticket["refresh_token"]).status_code == 401


@pytest.mark.parametrize("token", ["", "x", "a.b.c", "eyJhbGciOiJub25lIn0.eyJzdWIiOiJ4In0."])
def test_bad_tokens_are_refused(server: Server, token: str) -> None:
    answer = requests.get(server.url + "/me", headers={"Authorization": f"Bearer {token}"}, timeout=10)
    assert answer.status_code == 401
    assert answer.json()["code"] == "not_signed_in"


def test_disabling_an_account_closes_its_live_feed(
    server: Server, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "_CHECK_SECONDS", 0.3)
    monkeypatch.setattr(signin, "_CACHE_SECONDS", 0.3)
    client = server.account(name)
    with client.live() as feed:
        feed.next("snapshot")
        with server.core.database.write() as session:
            disable_account(session, name)
        assert feed.next("bye", timeout=15)["code"] == "not_signed_in"
        with pytest.raises(ConnectionClosed):
            feed.next("pos", timeout=5)


def test_rights_are_checked(server: Server, name: str) -> None:
    viewer = server.account(name, "viewer")
    assert viewer.get("/audit").status_code == 403
    assert viewer.post("/imports", files={"files": ("a.osm", b"")}).status_code == 403
    assert requests.get(server.url + "/areas", timeout=10).status_code == 401


def test_audit_is_a_chain_that_shows_tampering(server: Server, name: str) -> None:
    lines = server.account(name).get("/audit").json()
    assert any(line["action"] == "session.open" for line in lines)
    with server.core.database.write() as session:
        assert first_broken_line(session) is None
        session.get_one(Audit, lines[-1]["id"]).reason = "forged"
        session.flush()
        assert first_broken_line(session) == lines[-1]["id"]
        session.rollback()


def test_secrets_are_not_stored(server: Server, name: str) -> None:
    client = server.account(name)
    engine = server.core.database.engine
    if engine.dialect.name != "sqlite":
        pytest.skip("looks into the SQLite file")
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    stored = Path(str(engine.url.database)).read_bytes()
    assert name.encode() in stored
    for secret in (PASSWORD, client.ticket["access_token"], client.ticket["refresh_token"].partition(".")[2]):
        assert secret.encode() not in stored
