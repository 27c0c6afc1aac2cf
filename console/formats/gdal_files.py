"""The formats that GDAL reads. Files may come from anybody: what one declares is an estimate, never a
size to allocate. See also ``hardening``."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from console.formats.encodings import encoding_of
from console.formats.sheet import CHUNK, MAX_FEATURES, MAX_FIELDS, MAX_NAME, Chunk
from console.formats.sniff import FileFormat
from console.geodata.outcome import Watch

_OPEN: dict[FileFormat, dict[str, Any]] = {
    FileFormat.GML: {"WRITE_GFS": "NO"},
}
_DEGREES = frozenset({FileFormat.GEOJSON, FileFormat.KML, FileFormat.KMZ})
"""Formats that imply WGS84, whatever is in them."""
_IN_PARTS = frozenset({FileFormat.GEOPACKAGE, FileFormat.SHAPEFILE, FileFormat.FLATGEOBUF})
"""Formats that can be read from the middle; of the others, to skip is to parse again."""


@dataclass(slots=True)
class GdalSheet:
    """Implements ``Sheet``."""

    path: Path
    form: FileFormat
    name: str
    encoding: str | None
    geometry: str
    crs: str
    fields: tuple[str, ...]
    features: int
    layer: str
    """What the file calls it."""
    beyond: int = field(default=0, init=False)
    missing: int = field(default=0, init=False)

    @property
    def crs_is_default(self) -> bool:
        return self.form in _DEGREES

    def chunks(self, watch: Watch) -> Iterator[Chunk]:
        total = max(self.features, 1)
        step = CHUNK if self.form in _IN_PARTS else MAX_FEATURES
        for skip in range(0, MAX_FEATURES, step):
            watch.at(skip / total, self.name)
            chunk, count = self._read(skip, step)
            if count:
                yield chunk
            if count < step:  # the end, whatever number was declared
                self.missing = max(0, self.features - skip - count)
                return
        self.beyond = max(0, self.features - MAX_FEATURES)

    def _read(self, skip: int, count: int) -> tuple[Chunk, int]:
        import shapely
        from pyogrio.raw import read

        meta, _, wkb, values = read(
            self.path,
            layer=self.layer,
            encoding=self.encoding,
            columns=list(self.fields),
            read_geometry=bool(self.geometry),
            skip_features=skip,
            max_features=count,
            force_2d=True,
            datetime_as_string=True,
            **_OPEN.get(self.form, {}),
        )
        fields = dict(zip([str(name) for name in meta["fields"]], values, strict=True))
        geometry: Any = None if wkb is None else shapely.from_wkb(wkb, on_invalid="ignore")
        rows = len(wkb) if wkb is not None else len(values[0]) if values else 0
        return Chunk(fields, geometry), rows


def open_gdal(path: Path, form: FileFormat, encoding: str) -> list[GdalSheet]:
    """The layers of *path*; raises what GDAL raises (``console.geodata.gdal_errors``)."""
    import pyogrio

    told = _encoding(path, form, encoding)
    if form is FileFormat.DXF:  # takes no option, and believes a header that is often untrue
        pyogrio.set_gdal_config_options({"DXF_ENCODING": told})
        told = None
    sheets: list[GdalSheet] = []
    for name, geometry in pyogrio.list_layers(path).tolist():
        info: Any = pyogrio.read_info(path, layer=name, encoding=told, **_OPEN.get(form, {}))
        sheets.append(
            GdalSheet(
                path=path,
                form=form,
                name=str(name),
                encoding=told,
                geometry=str(geometry or ""),
                crs=str(info["crs"] or ""),
                fields=tuple(name for name in map(str, info["fields"]) if len(name) <= MAX_NAME)[:MAX_FIELDS],
                features=int(info["features"]),
                layer=str(name),
            )
        )
    return sheets


def open_documents(paths: Sequence[Path], form: FileFormat) -> list[GdalSheet]:
    """The layers of all, each under a name of its own; those that only hold links are left out."""
    found = [sheet for path in paths for sheet in open_gdal(path, form, "")]
    found = [sheet for sheet in found if sheet.features] or found
    names = Counter[str]()
    for sheet in found:
        names[sheet.layer] += 1
        if names[sheet.layer] > 1:
            sheet.name = f"{sheet.layer} ({names[sheet.layer]})"
    return found


def _encoding(path: Path, form: FileFormat, given: str) -> str | None:
    """What GDAL is to be told; None: the format knows its own."""
    from console.geodata.formats import shapefile_encoding

    if form is FileFormat.DXF or given:
        return encoding_of(path, given)
    return shapefile_encoding(path) if form is FileFormat.SHAPEFILE else None
