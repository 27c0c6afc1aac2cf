"""Reads one table of a manifest key by key and notes what is wrong, without stopping."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, cast

from console.model.manifest.faults import Fault
from console.model.text import Language, Text

_LOCAL = re.compile(r"[a-z0-9][a-z0-9_-]*(?:\.[a-z0-9][a-z0-9_-]*)*", re.ASCII)


@dataclass(slots=True)
class Reader:
    """One table under *path*; every getter notes faults and returns a usable default."""

    table: Mapping[str, Any]
    path: str
    plugin_id: str
    faults: list[Fault]
    read: set[str] = field(default_factory=set[str])

    def fault(self, key: str, message: str) -> None:
        """Note a fault about *key* of this table."""
        self.faults.append(Fault(f"{self.path}.{key}".strip("."), message))

    def get(self, key: str, kind: type | tuple[type, ...], words: str, default: Any) -> Any:
        """The value of *key* if it is a *kind*; *words* say what it should be."""
        self.read.add(key)
        value = self.table.get(key, default)
        if key not in self.table:
            return value
        # bool is an int to Python, but not to an author who wrote `order = true`
        kinds = kind if isinstance(kind, tuple) else (kind,)
        if not isinstance(value, kinds) or (isinstance(value, bool) and bool not in kinds):
            self.fault(key, f"should be {words}, not {_shown(value)}")
            return default
        return value

    def string(self, key: str, default: str = "", *, required: bool = False, check: str = "") -> str:
        """A text in one language; *check* is a pattern that it must match as a whole."""
        value: str = self.get(key, str, "a text in quotes", default)
        if required and not value:
            if key not in self.table:
                self.fault(key, "is missing")
            elif isinstance(self.table[key], str):
                self.fault(key, "is empty")
        elif value and check and re.fullmatch(check, value, re.ASCII) is None:
            self.fault(key, f"{_shown(value)} does not have the form that is needed here ({check})")
        return value

    def flag(self, key: str, default: bool = False) -> bool:
        """true or false."""
        return self.get(key, bool, "true or false", default)

    def integer(self, key: str, default: int = 0) -> int:
        """A whole number."""
        return self.get(key, int, "a whole number", default)

    def choice(self, key: str, values: Iterable[str], default: str) -> str:
        """One of *values*."""
        value, values = self.string(key, default), tuple(values)
        if value in values:
            return value
        self.fault(key, f"{_shown(value)} is not one of {', '.join(values)}")
        return default

    def strings(self, key: str) -> tuple[str, ...]:
        """A list of texts."""
        values = self.get(key, list, "a list of texts in quotes", [])
        for at, value in enumerate(values):
            if not isinstance(value, str) or not value:
                self.fault(f"{key}[{at + 1}]", f"should be a text in quotes, not {_shown(value)}")
        return tuple(value for value in values if isinstance(value, str) and value)

    def text(self, key: str, *, required: bool = False) -> Text:
        """A text for the user: ``{ en = "…", zh_CN = "…" }``, or one text for both languages."""
        value = self.get(key, (str, Mapping), 'a text or { en = "…", zh_CN = "…" }', "")
        if isinstance(value, str):
            if required and not value:
                self.fault(key, "is missing or empty")
            return Text(value, value)
        table = cast("Mapping[str, Any]", value)
        for language, words in table.items():
            if language not in tuple(Language):
                self.fault(f"{key}.{language}", "only the languages en and zh_CN are known")
            elif not isinstance(words, str) or not words:
                self.fault(f"{key}.{language}", f"should be a text in quotes, not {_shown(words)}")
        zh_CN, en = (
            t if isinstance(t := table.get(name), str) else "" for name in (Language.ZH, Language.EN)
        )
        if required and not (zh_CN or en):
            self.fault(key, "has no text in any language")
        return Text(zh_CN, en)

    def own_id(self) -> str:
        """``id`` of a contribution, which begins with the plugin's id and a dot."""
        value = self.string("id", required=True)
        start = f"{self.plugin_id}."
        if (
            value
            and self.plugin_id
            and not (value.startswith(start) and _LOCAL.fullmatch(value[len(start) :]))
        ):
            self.fault("id", f'"{value}" should begin with the plugin\'s id: "{start}{_suggest(value)}"')
        return value

    def checked(self, key: str, check: Callable[[str], object], *, required: bool = False) -> str:
        """A text that *check* accepts; what it raises as ValueError is the fault."""
        value = self.string(key, required=required)
        try:
            if value or not required:
                check(value)
        except ValueError as error:
            self.fault(key, str(error))
        return value

    def tables(self, key: str) -> list[Reader]:
        """The tables ``[[key]]`` of this table."""
        values = self.get(key, list, f"tables: write [[{key}]]", [])
        readers: list[Reader] = []
        for at, value in enumerate(values):
            path = f"{self.path}.{key}[{at + 1}]".strip(".")
            if isinstance(value, Mapping):
                table = cast("Mapping[str, Any]", value)
                readers.append(Reader(table, path, self.plugin_id, self.faults))
            else:
                self.faults.append(Fault(path, f"should be a table, not {_shown(value)}"))
        return readers

    def refuse_rest(self) -> None:
        """Note every key that nobody read."""
        for key in self.table:
            if key not in self.read:
                self.fault(key, f"is not known here; known are: {', '.join(sorted(self.read))}")


def _shown(value: object) -> str:
    """*value* as the author wrote it, shortened."""
    words = {True: "true", False: "false"}.get(value, "") if isinstance(value, bool) else ""
    text = words or (f'"{value}"' if isinstance(value, str) else repr(value))
    return text if len(text) <= 60 else f"{text[:57]}…"


def _suggest(value: str) -> str:
    """A local id made of what the author wrote."""
    return re.sub(r"[^a-z0-9_-]+", "-", value.rsplit(".", 1)[-1].lower()).strip("-") or "name"
