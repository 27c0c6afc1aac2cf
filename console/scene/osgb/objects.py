"""OSG binary streams as objects: which class, which fields. The tables of ``classes`` say how.

Source: OpenSceneGraph 3.6, src/osgDB/InputStream.cpp and include/osgDB/Serializer.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from console.scene.osgb.classes import CLASSES, OBJECTS_AS_ARRAYS, SECTIONS, Field
from console.scene.osgb.stream import Stream, cut_off
from console.scene.refusal import SceneRefused, refused

MAX_DEPTH = 32
"""Objects within objects."""


@dataclass(slots=True)
class OsgObject:
    """An object as written. Arrays have ``Values``: (n,) or (n, k), in the byte order of the file."""

    name: str
    fields: dict[str, Any] = field(default_factory=dict)

    def get(self, name: str, default: Any = None) -> Any:
        """A field, or *default* if it is not there or empty."""
        value = self.fields.get(name)
        return default if value is None else value


Readers = Mapping[str, Callable[["Decoder"], Any]]


class Decoder:
    """Reads objects off a stream; one that was read before is given again by its number."""

    def __init__(self, stream: Stream, always: Readers, flagged: Readers) -> None:
        """*always*, *flagged*: how the kinds of fields are read that no ``struct`` code stands for."""
        self.stream = stream
        self._always, self._flagged = always, flagged
        self.skipped: set[str] = set()
        self.arrays: dict[int, OsgObject] = {}
        self.images: dict[int, OsgObject] = {}
        self._known: dict[int, OsgObject | None] = {}
        self._depth = 0

    def object(self) -> OsgObject | None:
        """The next object; None where there is none or its class is not known."""
        stream = self.stream
        name = stream.string()
        if name == "NULL":
            return None
        end = stream.bracket()
        number = stream.read("I")
        if number not in self._known:
            self._known[number] = None
            self._known[number] = self._fields(name, end)
        stream.skip_to(end)
        return self._known[number]

    def _fields(self, name: str, end: int) -> OsgObject | None:
        sections = CLASSES.get(name)
        if sections is None:
            if end < 0:
                raise unknown_class(name)
            self.skipped.add(name[:64])
            return None
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise cut_off()
        found = OsgObject(name)
        for section, first in sections:
            if first <= self.stream.version:
                self.section(section, found)
        self._depth -= 1
        return found

    def section(self, section: str, into: OsgObject) -> None:
        """Read the fields of *section* that this version has."""
        version = self.stream.version
        for entry in SECTIONS[section]:
            if entry.first <= version <= entry.last:
                self._field(entry, into)

    def _field(self, entry: Field, into: OsgObject) -> None:
        value = self.value(entry.kind)
        if value is not None:
            into.fields[entry.name] = value

    def value(self, kind: str) -> Any:
        """A value of a *kind* of ``classes``."""
        if kind.startswith("vector:"):
            _, code, width = kind.split(":")
            return self.stream.array(code, self.stream.read("I"), int(width))
        if kind.startswith("user:"):
            if not self.stream.read("?"):
                return None
            kind = kind.removeprefix("user:")
            reader = self._flagged.get(kind)
        else:
            reader = self._always.get(kind)
        return reader(self) if reader else self.stream.read(kind)

    def objects(self) -> list[OsgObject]:
        """As many objects as the count before them says, without those that can't be read."""
        found = [self.object() for _ in range(self.stream.items())]
        return [each for each in found if each is not None]

    @property
    def arrays_are_objects(self) -> bool:
        """Whether arrays and primitive sets are written as objects (from version 112)."""
        return self.stream.version >= OBJECTS_AS_ARRAYS


def unknown_class(name: str) -> SceneRefused:
    """The refusal of a file whose unknown parts can't be skipped."""
    shown = name[:64] if name.isprintable() else "?"
    return refused(
        f"OSGB 文件含有不认识的对象({shown}),无法跳过",
        f"the OSGB file holds an unknown object ({shown}) that cannot be skipped",
    )
