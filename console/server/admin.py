"""Accounts, as the command line and the demo make them."""

from __future__ import annotations

import time
import uuid
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from console.model.area import parse_area_code
from console.model.records import Role
from console.server.audit import write_audit
from console.server.signin import end_sessions, hasher
from console.server.tables import Account

MIN_PASSWORD = 10


def create_account(
    session: Session, username: str, password: str, name: str, role: Role | str, areas: Sequence[str]
) -> str:
    """Make an account and return its id. Raises ValueError for a short password, bad code or taken name."""
    if len(password) < MIN_PASSWORD:
        raise ValueError(f"the password needs {MIN_PASSWORD} characters at least")
    if session.scalar(select(Account.id).where(Account.username == username)):
        raise ValueError(f"the account {username} exists already")
    account = Account(
        id=str(uuid.uuid4()),
        username=username,
        name=name,
        role=Role(role).value,
        areas=[parse_area_code(code) for code in areas],
        password_hash=hasher.hash(password),
        created_at=time.time(),
    )
    session.add(account)
    session.flush()
    write_audit(session, None, "account.create", account.id, reason=username)
    return account.id


def set_password(session: Session, username: str, password: str) -> None:
    """Give an account a new password and end its sessions. Raises ValueError."""
    if len(password) < MIN_PASSWORD:
        raise ValueError(f"the password needs {MIN_PASSWORD} characters at least")
    account = _account(session, username)
    account.password_hash = hasher.hash(password)
    end_sessions(session, account.id)
    write_audit(session, None, "account.password", account.id, reason=username)


def disable_account(session: Session, username: str) -> None:
    """Shut an account out at once. Raises ValueError when there is none."""
    account = _account(session, username)
    account.disabled = True
    end_sessions(session, account.id)
    write_audit(session, None, "account.disable", account.id, reason=username)


def _account(session: Session, username: str) -> Account:
    account = session.scalar(select(Account).where(Account.username == username))
    if account is None:
        raise ValueError(f"there is no account {username}")
    return account
