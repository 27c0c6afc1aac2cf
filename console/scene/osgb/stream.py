"""The bytes of an OSG binary stream, read in order and never past what is there.

Source: OpenSceneGraph 3.6, src/osgPlugins/osg/BinaryStreamOperator.h and include/osgDB/DataTypes.
"""

from __future__ import annotations

import struct
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from console.scene.refusal import SceneRefused, broken

MAX_STRING = 1 << 20
"""Bytes of one string."""
MAX_ITEMS = 1 << 16
"""Entries of one list that Python walks."""
MAX_STEPS = 1 << 19
"""Values read one by one in a file: what a real file needs is a thousand."""
WIDE_BRACKETS = 149
"""Version from which a bracket holds 8 bytes instead of 4."""


def cut_off() -> SceneRefused:
    """The refusal of a stream that does not keep to its format."""
    return broken("OSGB 文件", "the OSGB file")


@lru_cache(maxsize=256)
def _layout(order: str, code: str) -> struct.Struct:
    return struct.Struct(order + code)


class Stream:
    """A cursor on *data*. Everything read raises SceneRefused when the bytes aren't there."""

    def __init__(self, data: memoryview, order: str = "<") -> None:
        self.data, self.order, self.at = data, order, 0
        self.version = 0
        self.brackets = False
        self._steps = 0

    def read(self, code: str) -> Any:
        """One value of ``struct`` code *code*; of several the tuple."""
        self._step()
        layout = _layout(self.order, code)
        start = self._advance(layout.size)
        values = layout.unpack_from(self.data, start)
        return values[0] if len(values) == 1 else values

    def string(self) -> str:
        """A counted string; Chinese names of old exports are GBK."""
        size = self.read("i")
        if not 0 <= size <= MAX_STRING:
            raise cut_off()
        start = self._advance(size)
        data = bytes(self.data[start : start + size])
        try:
            return data.decode()
        except UnicodeDecodeError:
            return data.decode("gbk", "replace")

    def items(self, limit: int = MAX_ITEMS) -> int:
        """The length of a list that is walked: at most *limit*."""
        count = self.read("I")
        if count > limit:
            raise cut_off()
        return count

    def array(self, dtype: DTypeLike, count: int, width: int = 1) -> NDArray[Any]:
        """*count* rows of *width* numbers, without a copy: (count,) if *width* is 1, else (count, width)."""
        kind = np.dtype(dtype).newbyteorder("<" if self.order == "<" else ">")
        if count < 0:
            raise cut_off()
        start = self._advance(count * width * kind.itemsize)
        values = np.frombuffer(self.data, kind, count * width, start)
        return values if width == 1 else values.reshape(count, width)

    def blob(self, size: int) -> memoryview:
        """The next *size* bytes, without a copy."""
        start = self._advance(size)
        return self.data[start : start + size]

    def bracket(self) -> int:
        """Enter a bracket; gives where it ends, or -1 if this stream doesn't say."""
        if not self.brackets:
            return -1
        start = self.at
        end = start + self.read("Q" if self.version >= WIDE_BRACKETS else "i")
        if not self.at <= end <= len(self.data):
            raise cut_off()
        return end

    def skip_to(self, end: int) -> None:
        """Go on behind a bracket, whatever of it was not understood."""
        if end >= 0:
            self.at = end

    def _advance(self, size: int) -> int:
        start = self.at
        if size < 0 or size > len(self.data) - start:
            raise cut_off()
        self.at = start + size
        return start

    def _step(self) -> None:
        self._steps += 1
        if self._steps > MAX_STEPS:
            raise cut_off()
