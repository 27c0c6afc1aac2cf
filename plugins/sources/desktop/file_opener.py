"""Opens files: read by a process of their own, shown as layers of their sublayers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QWidget

from console.sdk import Context, Text
from console.sdk.datums import OwnLayer
from console.sdk.files import FileLayers, FileOptions, FilePackage, Files, FileUnreadable, Sublayer
from plugins.sources.desktop.file_form import FileForm
from plugins.sources.desktop.local_datums import definition_in
from plugins.sources.desktop.source import MapHandle, Opened, Report, Source, Table, Unopened, stamp_of
from plugins.sources.desktop.words import SHAPES

_OPTIONS = ("encoding", "datum", "x", "y", "wkt")


class FileOpener:
    """Implements ``Opener``. A source's ``found`` is the sublayers; its options are those of FileOptions."""

    kind = "file"

    def __init__(self, ctx: Context) -> None:
        self._ctx = ctx
        self._files: Files = ctx.services.get("files")

    def name(self) -> str:
        return self._ctx.tr("File")

    def takes(self, where: str) -> bool:
        """Whatever is no address of a service."""
        return "://" not in where

    def kept_as(self, where: str) -> str:
        return where

    async def forget(self, source: Source) -> None:
        """Nothing is kept but the cache, which has a limit of its own."""

    def title_of(self, where: str) -> str:
        return Path(where).stem or where

    async def stamp(self, source: Source) -> str:
        """Size and time of the file."""
        return await self._ctx.tasks.run(stamp_of, source.where)

    async def open(self, source: Source, report: Report) -> Opened:
        try:
            layers = await self._files.read(source.where, file_options(source.options), report)
        except FileUnreadable as error:
            text = error.trouble.message.get(self._ctx.language)
            asks, found = bool(error.trouble.wants), error.trouble.sublayers or source.found
            raise Unopened(text, asks=asks, found=found) from error
        source.found = layers.sublayers
        return Opened(
            show=lambda: self._show(source, layers),
            features=sum(package.features for package in layers.packages),
            datum=layers.datum,
            datum_known=layers.datum_known,
            bounds=_around(layers.packages),
            tables=self._tables(source, layers),
            ledger=tuple(
                _ledger_line(source, layers, sublayer, self._ctx.language) for sublayer in _read(layers)
            ),
            notes=self._notes(layers),
        )

    def has_form(self, source: Source) -> bool:
        return True

    def form(self, source: Source, apply: Callable[[dict[str, Any]], None]) -> QWidget:
        return FileForm(self._ctx, source.options, source.found or (), apply)

    def _show(self, source: Source, layers: FileLayers) -> list[MapHandle]:
        """A layer a sublayer, the first topmost."""
        read = _read(layers)
        return [
            self._ctx.map.add_features(
                _layer_id(source, sublayer),
                [package.path for package in layers.packages if package.sublayer == sublayer.name],
                version=layers.version,
                title=_title(source, sublayer, alone=len(read) == 1),
                bounds=_around([p for p in layers.packages if p.sublayer == sublayer.name]),
                attribution=layers.attribution,
            )
            for sublayer in read
        ]

    def _tables(self, source: Source, layers: FileLayers) -> tuple[Table, ...]:
        """One a package: shapes of one sublayer are told apart where there are several."""
        sublayers = {sublayer.name: sublayer for sublayer in layers.sublayers}
        made: list[Table] = []
        for package in layers.packages:
            sublayer = sublayers[package.sublayer]
            parts = [source.title] + [sublayer.title.get(self._ctx.language)] * (len(sublayers) > 1)
            if sum(other.sublayer == package.sublayer for other in layers.packages) > 1:
                parts.append(self._ctx.tr(SHAPES[package.shape]))
            made.append(Table(title=" · ".join(parts), path=package.path, fields=sublayer.fields))
        return tuple(made)

    def _notes(self, layers: FileLayers) -> tuple[str, ...]:
        tr, language = self._ctx.tr, self._ctx.language
        left = (f"{item.reason.get(language)} {item.count:,}" for item in layers.left_out)
        tables = [s for s in layers.sublayers if not any(p.sublayer == s.name for p in layers.packages)]
        notes = [tr("Left out or mended: {list}", list=", ".join(left))] if layers.left_out else []
        if tables:
            names = ", ".join(table.title.get(language) for table in tables)
            notes.append(tr("Not shown: {list}", list=names))
        return tuple(notes)


def _read(layers: FileLayers) -> list[Sublayer]:
    """Those that are shown."""
    return [s for s in layers.sublayers if any(p.sublayer == s.name for p in layers.packages)]


def _layer_id(source: Source, sublayer: Sublayer) -> str:
    return f"source:{source.id}:{sublayer.name}"


def _ledger_line(source: Source, layers: FileLayers, sublayer: Sublayer, language: str) -> OwnLayer:
    packages = [package for package in layers.packages if package.sublayer == sublayer.name]
    largest = max(packages, key=lambda package: package.features)
    return OwnLayer(
        id=_layer_id(source, sublayer),
        title=_title(source, sublayer, alone=len(_read(layers)) == 1).get(language),
        origin=source.where,
        datum=layers.datum,
        known=layers.datum_known,
        packages=tuple(package.path for package in packages),
        version=layers.version,
        kind=str(largest.kind),
        shape=str(largest.shape),
        features=sum(package.features for package in packages),
    )


def _title(source: Source, sublayer: Sublayer, *, alone: bool) -> Text:
    if alone:
        return Text(source.title, source.title)
    return Text(f"{source.title} · {sublayer.title.zh_CN}", f"{source.title} · {sublayer.title.en}")


def file_options(kept: dict[str, Any]) -> FileOptions:
    """What was kept may be from another version."""
    given = {name: str(kept.get(name, "")) for name in _OPTIONS}
    sublayers = tuple(map(str, kept.get("sublayers", ())))
    return FileOptions(sublayers=sublayers, local=definition_in(kept), **given)


def _around(packages: Sequence[FilePackage]) -> tuple[float, float, float, float]:
    west, south, east, north = zip(*(package.bounds for package in packages), strict=True)
    return min(west), min(south), max(east), max(north)
