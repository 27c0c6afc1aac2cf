"""OSGB files made by hand, for what no real file at hand has: other byte orders, strips, odd graphs, lies."""

from __future__ import annotations

import struct
from collections.abc import Callable, Sequence

Body = Callable[["OsgbWriter"], object]


class OsgbWriter:
    """Writes version 99 (brackets of 4 bytes, arrays without objects) or whatever *version* is said to be."""

    def __init__(self, order: str = "<", version: int = 99, brackets: bool = True) -> None:
        self.order, self.brackets = order, brackets
        self._next = 0
        self.data = bytearray()
        self.put("2I", 0x6C910EA1, 0x1AFB4545)
        self.put("3I", 1, version, 4 if brackets else 0)
        self.string("0")

    def put(self, code: str, *values: float) -> None:
        self.data += struct.pack(self.order + code, *values)

    def string(self, text: str) -> None:
        data = text.encode()
        self.put("i", len(data))
        self.data += data

    def bracket(self, body: Body) -> None:
        start = len(self.data)
        if self.brackets:
            self.put("i", 0)
        body(self)
        if self.brackets:
            struct.pack_into(self.order + "i", self.data, start, len(self.data) - start)

    def object(self, name: str, body: Body, number: int | None = None) -> None:
        """An object with the fields of osg::Object, then what *body* writes."""
        self._next += 1
        self.string(name)

        def fields(writer: OsgbWriter) -> None:
            writer.put("I", writer._next if number is None else number)
            writer.string("")
            writer.put("i?", 0, False)
            body(writer)

        self.bracket(fields)

    def node(self, name: str, body: Body, number: int | None = None) -> None:
        """The same of a node."""

        def fields(writer: OsgbWriter) -> None:
            writer.put("?????", False, False, False, False, False)
            writer.put("?I?", True, 0xFFFFFFFF, False)
            body(writer)

        self.object(name, fields, number)

    def children(self, *bodies: Body) -> None:
        self.put("?I", bool(bodies), len(bodies)) if bodies else self.put("?", False)
        if bodies:
            self.bracket(lambda writer: [body(writer) for body in bodies])

    def geometry(self, vertices: Sequence[tuple[float, ...]], mode: int, indices: Sequence[int]) -> None:
        """An osg::Geometry with one DrawElementsUInt."""

        def array(writer: OsgbWriter) -> None:
            writer.put("?I2i", True, writer._next, 16, len(vertices))
            writer.bracket(lambda w: [w.put("3f", *vertex) for vertex in vertices])
            writer.put("?2i", False, 4, 0)

        def fields(writer: OsgbWriter) -> None:
            writer.put("????", False, False, False, False)
            writer.put("???", True, True, False)
            writer.put("????", False, False, False, False)
            writer.put("I2iII", 1, 54, mode, 0, len(indices))
            writer.bracket(lambda w: w.put(f"{len(indices)}I", *indices))
            writer.put("?", True)
            writer.bracket(array)
            writer.put("7?", *[False] * 7)

        self.object("osg::Geometry", fields)


def file_of(body: Body, order: str = "<", version: int = 99, brackets: bool = True) -> bytes:
    """A whole file whose root *body* writes."""
    writer = OsgbWriter(order, version, brackets)
    body(writer)
    return bytes(writer.data)


SQUARE = ((0.0, 0.0, 0.0), (1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (1.0, 1.0, 0.0))


def square(mode: int = 5, indices: Sequence[int] = (0, 1, 2, 3)) -> Body:
    """A Geode with SQUARE drawn as *mode* (5: a strip)."""
    return lambda writer: writer.node(
        "osg::Geode", lambda w: w.children(lambda inner: inner.geometry(SQUARE, mode, indices))
    )
