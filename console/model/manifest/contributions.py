"""What a plugin can contribute: one record a contribution point, each reads itself."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any, Protocol

from console.model.manifest.reader import Reader
from console.model.manifest.setting import Choice, Setting
from console.model.manifest.when import parse_when
from console.model.records import EventClass, Means
from console.model.text import Text

_PATH = r"[\w-][\w.-]*(/[\w-][\w.-]*)*"
"""A path inside the plugin's folder; no part begins with a dot, so none leads out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """Something the user can do: by menu, key and palette."""

    id: str
    title: Text
    help: Text
    key: str = ""
    """Default key sequence as Qt writes it, e.g. ``Ctrl+Alt+P``; the user may change it."""
    when: str = ""
    """Condition under which it can be run, see ``console.model.manifest.when``."""
    menu: str = ""
    """Where it stands: ``file``, ``view``, ``map/context``, ``map/toolbar``, …; empty: only the palette."""
    icon: str = ""
    palette: bool = True

    @classmethod
    def read(cls, table: Reader) -> Command:
        return cls(
            id=table.own_id(),
            title=table.text("title", required=True),
            help=table.text("help"),
            key=table.string("key"),
            when=table.checked("when", parse_when),
            menu=table.string("menu", check=r"[a-z_]+(/[a-z_]+)*"),
            icon=table.string("icon"),
            palette=table.flag("palette", True),
        )


MOST_ROOM = 60
"""Per cent of the window that one panel may ask for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """A dockable panel."""

    id: str
    title: Text
    area: str
    """``left``, ``right``, ``bottom`` or ``center``."""
    icon: str = ""
    key: str = ""
    """Key that shows it."""
    open: bool = False
    """Whether it is open before the user arranged anything."""
    order: int = 0
    """Panels of one area stand in this order, lower first."""
    room: int = 0
    """Per cent of the window (height at the bottom, else width) that it needs when it is opened."""

    @classmethod
    def read(cls, table: Reader) -> Panel:
        return cls(
            id=table.own_id(),
            title=table.text("title", required=True),
            area=table.choice("area", ("left", "right", "bottom", "center"), "right"),
            icon=table.string("icon"),
            key=table.string("key"),
            open=table.flag("open"),
            order=table.integer("order"),
            room=min(max(table.integer("room"), 0), MOST_ROOM),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Layer:
    """A layer of the map's layer tree."""

    id: str
    title: Text
    group: str
    """``live``, ``data`` or ``base``."""
    icon: str = ""

    @classmethod
    def read(cls, table: Reader) -> Layer:
        return cls(
            id=table.own_id(),
            title=table.text("title", required=True),
            group=table.choice("group", ("live", "data", "base"), "live"),
            icon=table.string("icon"),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class MapTool:
    """A button of the map's toolbar; its behaviour is bound like a command's."""

    id: str
    title: Text
    help: Text
    icon: str = ""
    key: str = ""
    when: str = ""
    order: int = 0

    @classmethod
    def read(cls, table: Reader) -> MapTool:
        return cls(
            id=table.own_id(),
            title=table.text("title", required=True),
            help=table.text("help"),
            icon=table.string("icon"),
            key=table.string("key"),
            when=table.checked("when", parse_when),
            order=table.integer("order"),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class SceneLayer:
    """A layer of the 3D scene."""

    id: str
    title: Text
    icon: str = ""

    @classmethod
    def read(cls, table: Reader) -> SceneLayer:
        return cls(id=table.own_id(), title=table.text("title", required=True), icon=table.string("icon"))


@dataclass(frozen=True, slots=True, kw_only=True)
class WallSource:
    """A kind of picture that can be put on the video wall."""

    id: str
    title: Text
    icon: str = ""

    @classmethod
    def read(cls, table: Reader) -> WallSource:
        return cls(id=table.own_id(), title=table.text("title", required=True), icon=table.string("icon"))


@dataclass(frozen=True, slots=True, kw_only=True)
class EventHandler:
    """An action offered for events; its behaviour is bound like a command's (argument: the event's id)."""

    id: str
    title: Text
    icon: str = ""
    classes: tuple[str, ...] = ()
    """Classes of events (``EventClass``) it is offered for; empty: all."""

    @classmethod
    def read(cls, table: Reader) -> EventHandler:
        classes = table.strings("classes")
        for name in classes:
            if name not in tuple(EventClass):
                table.fault("classes", f'"{name}" is not one of {", ".join(EventClass)}')
        return cls(
            id=table.own_id(),
            title=table.text("title", required=True),
            icon=table.string("icon"),
            classes=classes,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusItem:
    """A text in the status bar, set by ``ctx.status``."""

    id: str
    title: Text
    side: str = "right"
    command: str = ""
    """Command that a click runs."""

    @classmethod
    def read(cls, table: Reader) -> StatusItem:
        return cls(
            id=table.own_id(),
            title=table.text("title", required=True),
            side=table.choice("side", ("left", "right"), "right"),
            command=table.string("command"),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Theme:
    """A colour theme: a TOML file of tokens inside the plugin's folder."""

    id: str
    title: Text
    base: str
    """``dark`` or ``light``: where missing tokens come from."""
    file: str = ""

    @classmethod
    def read(cls, table: Reader) -> Theme:
        return cls(
            id=table.own_id(),
            title=table.text("title", required=True),
            base=table.choice("base", ("dark", "light"), "dark"),
            file=table.string("file", required=True, check=_PATH),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Geocoder:
    """Finds places by text; the service of the same name does the work."""

    id: str
    title: Text

    @classmethod
    def read(cls, table: Reader) -> Geocoder:
        return cls(id=table.own_id(), title=table.text("title", required=True))


@dataclass(frozen=True, slots=True, kw_only=True)
class Router:
    """Finds ways; the service of the same name does the work."""

    id: str
    title: Text
    means: tuple[str, ...] = ()
    """How one moves (``Means``); empty: all."""

    @classmethod
    def read(cls, table: Reader) -> Router:
        means = table.strings("means")
        for name in means:
            if name not in tuple(Means):
                table.fault("means", f'"{name}" is not one of {", ".join(Means)}')
        return cls(id=table.own_id(), title=table.text("title", required=True), means=means)


@dataclass(frozen=True, slots=True, kw_only=True)
class PositionProtocol:
    """A way for devices to report; the server half gives the parser under ``name``."""

    id: str
    title: Text
    name: str = ""
    """Mounted at ``/ingest/<name>``."""

    @classmethod
    def read(cls, table: Reader) -> PositionProtocol:
        return cls(
            id=table.own_id(),
            title=table.text("title", required=True),
            name=table.string("name", required=True, check="[a-z][a-z0-9-]*"),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerRoutes:
    """Where the server half's routes are mounted, under ``/api/v1``."""

    prefix: str

    @classmethod
    def read(cls, table: Reader) -> ServerRoutes:
        return cls(prefix=table.string("prefix", required=True, check=r"/[a-z][a-z0-9_-]*(/[a-z0-9_-]+)*"))


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerTables:
    """Database tables of the server half: a folder of Alembic revisions in the plugin's folder."""

    migrations: str

    @classmethod
    def read(cls, table: Reader) -> ServerTables:
        return cls(migrations=table.string("migrations", required=True, check=_PATH))


class _Readable(Protocol):
    @classmethod
    def read(cls, table: Reader) -> Any: ...


CONTRIBUTIONS: dict[str, type[_Readable]] = {
    "commands": Command,
    "panels": Panel,
    "layers": Layer,
    "map_tools": MapTool,
    "scene_layers": SceneLayer,
    "settings": Setting,
    "wall_sources": WallSource,
    "event_handlers": EventHandler,
    "status_items": StatusItem,
    "themes": Theme,
    "geocoders": Geocoder,
    "routers": Router,
    "position_protocols": PositionProtocol,
    "server_routes": ServerRoutes,
    "server_tables": ServerTables,
}
"""Contribution points by their key under ``[[contributes.…]]``."""

_ACTIONS = frozenset({"commands", "map_tools", "event_handlers", "panels"})
"""These share one space of ids, for keys are given by id; elsewhere an id is unique within its point."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contributions:
    """All that one plugin contributes, in the order of its manifest."""

    commands: tuple[Command, ...] = ()
    panels: tuple[Panel, ...] = ()
    layers: tuple[Layer, ...] = ()
    map_tools: tuple[MapTool, ...] = ()
    scene_layers: tuple[SceneLayer, ...] = ()
    settings: tuple[Setting, ...] = ()
    wall_sources: tuple[WallSource, ...] = ()
    event_handlers: tuple[EventHandler, ...] = ()
    status_items: tuple[StatusItem, ...] = ()
    themes: tuple[Theme, ...] = ()
    geocoders: tuple[Geocoder, ...] = ()
    routers: tuple[Router, ...] = ()
    position_protocols: tuple[PositionProtocol, ...] = ()
    server_routes: tuple[ServerRoutes, ...] = ()
    server_tables: tuple[ServerTables, ...] = ()

    @classmethod
    def read(cls, table: Reader) -> Contributions:
        """Read all contribution points; note unknown points and ids given twice."""
        found: dict[str, Any] = {}
        actions: set[str] = set()
        for point, kind in CONTRIBUTIONS.items():
            seen = actions if point in _ACTIONS else set[str]()
            found[point] = tuple(_read_one(kind, reader, seen) for reader in table.tables(point))
        table.refuse_rest()
        return cls(**found)

    def ids(self) -> tuple[str, ...]:
        """Ids of all contributions that have one."""
        rows = (row for spec in fields(self) for row in getattr(self, spec.name))
        return tuple(row.id for row in rows if hasattr(row, "id"))


def _read_one(kind: type[_Readable], reader: Reader, seen: set[str]) -> Any:
    row = kind.read(reader)
    reader.refuse_rest()
    name = getattr(row, "id", "") or getattr(row, "key", "")
    if name and name in seen:
        reader.fault("id" if hasattr(row, "id") else "key", f'"{name}" is given twice')
    seen.add(name)
    return row


__all__ = ["CONTRIBUTIONS", "Choice", "Contributions", "Setting"]
