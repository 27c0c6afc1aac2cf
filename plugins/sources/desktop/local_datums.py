"""Datums of the city's own for files: defined by what is kept with the source, so it opens while cut off."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec

from console.sdk import Context, MissingService, Undo
from console.sdk.datums import LOCAL, LocalDatums
from console.sdk.records import LocalDatum


def _service(ctx: Context) -> LocalDatums | None:
    try:
        return ctx.services.get("local_datums")
    except MissingService:
        return None


def known_locals(ctx: Context) -> list[LocalDatum]:
    """What the ledger knows by now; none without it."""
    service = _service(ctx)
    return list(service.all()) if service is not None else []


def on_locals(ctx: Context, handler: Callable[[], None]) -> Undo:
    """*handler* is called when others may be known."""
    service = _service(ctx)
    return service.on_change(handler) if service is not None else lambda: None


def defined(ctx: Context, options: dict[str, Any]) -> dict[str, Any]:
    """*options* with the definition of the local datum that they name; an unknown one keeps what it had."""
    name = str(options.get("datum", ""))
    if not name.startswith(LOCAL):
        return {key: value for key, value in options.items() if key != "local"}
    found = next((local for local in known_locals(ctx) if LOCAL + local.name == name), None)
    return options if found is None else options | {"local": msgspec.to_builtins(found)}


def definition_in(options: dict[str, Any]) -> LocalDatum | None:
    """The definition that was kept with *options*; None when there is none that can be read."""
    try:
        return msgspec.convert(options["local"], LocalDatum)
    except (KeyError, msgspec.ValidationError):
        return None


def title_of(local: LocalDatum, language: str) -> str:
    """What it is called in the user's language."""
    return local.title_zh if language == "zh_CN" else local.title_en or local.title_zh
