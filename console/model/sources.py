"""A file of the user's: what is asked of it, what was found in it, or why it cannot be read.

Spoken between the console and the process that reads (``console.formats``), and by plugins.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from console.model.layers import FeatureShape, LayerKind
from console.model.local_datums import LocalDatum
from console.model.text import Text


class Wanted(StrEnum):
    """What the user can say so that a file can be read after all."""

    DATUM = "datum"
    COLUMNS = "columns"
    """Which columns hold the coordinates."""
    ENCODING = "encoding"


@dataclass(frozen=True, slots=True, kw_only=True)
class FileOptions:
    """What the user declares about a file; what is empty is read from the file or guessed."""

    sublayers: tuple[str, ...] = ()
    """Names of those to read; empty: all."""
    encoding: str = ""
    datum: str = ""
    """A name of ``console.model.datums``, such as ``gcj02`` or ``EPSG:4547``."""
    x: str = ""
    y: str = ""
    wkt: str = ""
    """Columns of a table: *x* and *y*, or the geometry as well-known text."""
    local: LocalDatum | None = None
    """What *datum* means when it is a local one, ``local:NAME``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sublayer:
    """One layer of a file, or one sheet."""

    name: str
    title: Text
    features: int
    """As read; of one that was not read, as the file says."""
    geometry: str
    """As the format calls it, such as ``Point``; empty for a table without geometry."""
    crs: str
    """As the file says it; empty: it does not."""
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FilePackage:
    """A layer package (``console.model.layers``) made of one shape of one sublayer."""

    path: str
    sublayer: str
    shape: FeatureShape
    features: int
    bounds: tuple[float, float, float, float]
    """West, south, east, north in WGS84 degrees."""
    kind: LayerKind = LayerKind.OTHER
    """What its names say that the features are; only known well enough to choose what to compare with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """How many features were left out, or mended, and why."""

    reason: Text
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FileLayers:
    """What was read of a file."""

    version: str
    """Another one when file or options are others."""
    sublayers: tuple[Sublayer, ...]
    packages: tuple[FilePackage, ...]
    datum: str
    datum_known: str
    """``declared`` (by the file, its format or the user) or ``guessed``."""
    taken: FileOptions
    """The options with what was guessed in their place."""
    left_out: tuple[LeftOut, ...] = ()
    attribution: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FileTrouble:
    """Why a file cannot be read, in the user's words, and what would help."""

    message: Text
    wants: tuple[Wanted, ...] = ()
    sublayers: tuple[Sublayer, ...] = ()
    """As far as they are known: the form offers their fields."""
