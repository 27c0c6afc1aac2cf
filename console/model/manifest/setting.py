"""Settings as a schema: type, default, range, choices, title, help. The page is generated from it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from console.model.manifest.faults import Fault
from console.model.manifest.reader import Reader
from console.model.text import Text

SettingValue = bool | int | float | str
_KINDS: dict[str, tuple[type, ...]] = {
    "bool": (bool,),
    "int": (int,),
    "float": (int, float),
    "text": (str,),
    "choice": (str,),
}
_EMPTY: dict[str, SettingValue] = {"bool": False, "int": 0, "float": 0.0, "text": "", "choice": ""}


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One value of a setting of type ``choice``."""

    value: str
    title: Text

    @classmethod
    def read(cls, table: Reader) -> Choice:
        row = cls(value=table.string("value", required=True), title=table.text("title", required=True))
        table.refuse_rest()
        return row


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """One setting; plugins read it as ``ctx.settings.get(key)``."""

    key: str
    type: str
    """``bool``, ``int``, ``float``, ``text`` or ``choice``."""
    default: SettingValue
    title: Text
    help: Text
    range: tuple[float, float] | None = None
    """Least and greatest number."""
    choices: tuple[Choice, ...] = ()
    unit: str = ""

    @classmethod
    def read(cls, table: Reader) -> Setting:
        kind = table.choice("type", _KINDS, "text")
        row = cls(
            key=table.string("key", required=True, check="[a-z][a-z0-9_]*"),
            type=kind,
            default=table.get("default", (bool, int, float, str), "a value", _EMPTY[kind]),
            title=table.text("title", required=True),
            help=table.text("help"),
            range=_read_range(table, kind),
            choices=tuple(Choice.read(choice) for choice in table.tables("choices")),
            unit=table.string("unit"),
        )
        _check(row, table)
        return row

    def fault(self, value: object) -> str:
        """Why *value* cannot be set, in plain words; empty when it can."""
        if not isinstance(value, _KINDS[self.type]) or (isinstance(value, bool) and self.type != "bool"):
            return f"should be of type {self.type}"
        if self.range and isinstance(value, int | float) and not self.range[0] <= value <= self.range[1]:
            return f"should lie between {self.range[0]:g} and {self.range[1]:g}"
        if self.type == "choice" and value not in {choice.value for choice in self.choices}:
            return f"should be one of {', '.join(choice.value for choice in self.choices)}"
        return ""


def _read_range(table: Reader, kind: str) -> tuple[float, float] | None:
    values: list[Any] = table.get("range", list, "two numbers: [least, greatest]", [])
    if not values:
        return None
    numbers = all(isinstance(n, int | float) and not isinstance(n, bool) for n in values)
    if len(values) != 2 or not numbers or not values[0] <= values[1]:
        table.fault("range", "should be two numbers: [least, greatest]")
        return None
    if kind not in ("int", "float"):
        table.fault("range", f"makes sense for int and float, not for {kind}")
        return None
    return float(values[0]), float(values[1])


def _check(row: Setting, table: Reader) -> None:
    if row.type == "choice" and not row.choices:
        table.fault("choices", 'is missing: choices = [{ value = "…", title = "…" }]')
    elif row.type != "choice" and row.choices:
        table.fault("choices", 'makes sense for type = "choice" only')
    elif fault := row.fault(row.default):
        table.faults.append(Fault(f"{table.path}.default", fault))
