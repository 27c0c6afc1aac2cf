"""What goes to support and into the log has no secrets."""

from __future__ import annotations

import pytest

from console.shell.diagnostics import redact

TOKEN = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJvcGVyYXRvciJ9.c2lnbmF0dXJl"


@pytest.mark.parametrize(
    "line",
    [
        f"Authorization: Bearer {TOKEN}",
        f"token={TOKEN}",
        f'{{"refresh_token": "{TOKEN}"}}',
        f"GET /live?access_token={TOKEN}&x=1",
        f"lost {TOKEN} somewhere",
    ],
)
def test_tokens_are_taken_out(line):
    assert TOKEN not in redact(line) and "c2lnbmF0dXJl" not in redact(line)


def test_passwords_and_phones_are_taken_out():
    assert "hunter2" not in redact('{"username": "a", "password": "hunter2"}')
    assert "hunter2" not in redact("postgresql://onemap:hunter2@db/onemap")
    assert redact("拨打 13912345678") == "拨打 139****5678"


def test_the_rest_stays():
    line = "2026-11-22 INFO console.app: window shown after 0.61 s"
    assert redact(line) == line
