"""Opens services: their layers are chosen in the form, their sign-in lies in the keyring."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from PySide6.QtWidgets import QWidget

from console.sdk import Context, Text
from console.sdk.datums import TILES, OwnLayer
from console.sdk.files import FileLayers, Files, FileUnreadable, LeftOut
from console.sdk.secrets import Secrets
from plugins.sources.desktop.datum_form import TILE_DATUMS
from plugins.sources.desktop.file_opener import file_options
from plugins.sources.desktop.services.address import kind_of, split_secrets, with_secrets
from plugins.sources.desktop.services.asking import ServiceRefused, headers_of
from plugins.sources.desktop.services.features import fetch_features, fetch_gml
from plugins.sources.desktop.services.form import ServiceForm
from plugins.sources.desktop.services.offers import Offer, offers_of, resolved
from plugins.sources.desktop.source import MapHandle, Opened, Report, Source, Unopened

Shown = tuple[Offer, FileLayers | None]
"""A layer, with its features when it is of features."""


class ServiceOpener:
    """Implements ``Opener``. A source's ``found`` is what the service offers."""

    kind = "service"

    def __init__(self, ctx: Context) -> None:
        self._ctx = ctx
        self._files: Files = ctx.services.get("files")
        self._vault: Secrets = ctx.services.get("secrets")
        self._fresh: dict[str, dict[str, str]] = {}
        """Secrets by address that are not in the keyring yet."""

    def name(self) -> str:
        return self._ctx.tr("Service")

    def takes(self, where: str) -> bool:
        """Addresses of the web."""
        return where.lower().startswith(("http://", "https://"))

    def kept_as(self, where: str) -> str:
        """The address without what is secret in it, which goes to the keyring."""
        address, secrets = split_secrets(where)
        if secrets:
            self._fresh[address] = secrets
        return address

    def title_of(self, where: str) -> str:
        parts = urlsplit(where)
        return f"{parts.netloc} ({kind_of(where).replace('_', ' ').upper()})"

    async def stamp(self, source: Source) -> str:
        """Services are not watched: their tiles come when they are seen, features when asked for."""
        return source.where

    async def open(self, source: Source, report: Report) -> Opened:
        tr = self._ctx.tr
        try:
            secrets = await self._secrets(source)
            address = with_secrets(source.where, secrets)
            offers = await self._ctx.tasks.run(offers_of, address, headers_of(secrets))
            source.found = offers
            chosen = [
                await self._ctx.tasks.run(resolved, offer, headers_of(secrets))
                for offer in self._chosen(source, offers)
            ]
            chosen = [_in_datum(offer, str(source.options.get("datum", ""))) for offer in chosen]
            shown = [(offer, await self._features(source, offer, secrets, report)) for offer in chosen]
        except ServiceRefused as error:
            text = error.text.get(self._ctx.language)
            raise Unopened(text, asks=error.sign_in, found=source.found) from error
        except FileUnreadable as error:
            raise Unopened(error.trouble.message.get(self._ctx.language)) from error
        except OSError as error:
            raise Unopened(tr("What came cannot be kept: {error}", error=error)) from error
        boxes = [offer.bounds for offer, _ in shown if offer.bounds is not None]
        counts = [sum(p.features for p in layers.packages) for _, layers in shown if layers is not None]
        return Opened(
            show=lambda: [handle for offer, layers in shown for handle in self._show(source, offer, layers)],
            features=sum(counts) if counts else None,
            bounds=_around(boxes),
            ledger=tuple(self._ledger_line(source, offer, layers) for offer, layers in shown),
        )

    def _ledger_line(self, source: Source, offer: Offer, layers: FileLayers | None) -> OwnLayer:
        tr, chosen = self._ctx.tr, str(source.options.get("datum", ""))
        packages = layers.packages if layers is not None else ()
        picture = tr("Tiles of pictures have no places that could be compared: look at them above the roads.")
        kind = str(packages[0].kind) if packages else TILES if offer.vector else "other"
        return OwnLayer(
            id=_layer_id(source, offer),
            title=offer.title or source.title,
            origin=source.where,
            datum=chosen or offer.datum or "wgs84",
            known="declared" if chosen or offer.datum else "guessed",
            packages=tuple(package.path for package in packages),
            version=layers.version if layers is not None else f"{source.where}:{chosen}",
            kind=kind,
            shape=str(packages[0].shape) if packages else "",
            features=sum(package.features for package in packages) if packages else None,
            may_be=TILE_DATUMS if layers is None else None,
            why_not="" if packages or kind == TILES else picture,
        )

    def has_form(self, source: Source) -> bool:
        return True

    def form(self, source: Source, apply: Callable[[dict[str, Any]], None]) -> QWidget:
        def keep(options: dict[str, Any], user: str, password: str) -> None:
            if user:
                self._fresh[source.where] = {"user": user, "password": password}
            apply(options)

        return ServiceForm(self._ctx, source.options, source.found or (), keep)

    async def forget(self, source: Source) -> None:
        """Its sign-in leaves the keyring; it is remembered here for whoever puts the source back."""
        self._fresh[source.where] = await self._secrets(source)
        await self._ctx.tasks.run(self._vault.forget, source.id)

    async def _secrets(self, source: Source) -> dict[str, str]:
        """From the keyring, with what has just been given."""
        kept = await self._ctx.tasks.run(self._vault.load, source.id)
        try:
            secrets = {str(k): str(v) for k, v in json.loads(kept or "{}").items()}
        except (ValueError, AttributeError):
            secrets = {}
        fresh = self._fresh.pop(source.where, None)
        if fresh:
            secrets |= fresh
            await self._ctx.tasks.run(self._vault.save, source.id, json.dumps(secrets))
        return secrets

    def _chosen(self, source: Source, offers: Sequence[Offer]) -> list[Offer]:
        """What the user chose, or all of a service that has one layer. Raises Unopened."""
        wanted = source.options.get("layers", ())
        found = [offer for offer in offers if offer.name in wanted] if wanted else list(offers)
        if not wanted and len(offers) > 1:
            raise Unopened(self._ctx.tr("Choose what of it shall be shown."), asks=True, found=offers)
        if not found:
            raise Unopened(self._ctx.tr("The layer is not offered any more."), asks=True, found=offers)
        return found

    async def _features(
        self, source: Source, offer: Offer, secrets: dict[str, str], report: Report
    ) -> FileLayers | None:
        """The features, read from a file of their own; None for tiles."""
        if offer.tiles is not None:
            return None
        stem = Path(self._ctx.data_dir()) / "fetched" / f"{source.id}-{_safe(offer.name)}"
        items = replace(offer, items=with_secrets(offer.items, secrets))
        with self._ctx.tasks.progress(self._ctx.tr("Fetching {title}", title=offer.title)) as progress:

            def tell(count: int, total: int | None) -> None:
                progress.report(min(count / total, 1.0) if total else 0.5)

            if offer.gml:
                files = await self._ctx.tasks.run(fetch_gml, items, headers_of(secrets), stem, tell)
            else:
                files = [stem.with_name(f"{stem.name}.geojson")]
                await self._ctx.tasks.run(fetch_features, items, headers_of(secrets), files[0], tell)
        options = file_options(source.options)
        return _joined([await self._files.read(str(file), options, report) for file in files])

    def _show(self, source: Source, offer: Offer, layers: FileLayers | None) -> list[MapHandle]:
        layer, name = _layer_id(source, offer), offer.title or source.title
        title = Text(name, name)
        if layers is not None:
            paths = [package.path for package in layers.packages]
            return [
                self._ctx.map.add_features(
                    layer, paths, version=layers.version, title=title, bounds=offer.bounds
                )
            ]
        assert offer.tiles is not None
        add: Any = self._ctx.map.add_vector_tiles if offer.vector else self._ctx.map.add_tiles
        return [add(layer, offer.tiles, title=title, attribution=offer.attribution)]


def _joined(pages: Sequence[FileLayers]) -> FileLayers:
    """Pages of one layer as one."""
    if len(pages) == 1:
        return pages[0]
    left_out = Counter[Text]()
    for item in (item for page in pages for item in page.left_out):
        left_out[item.reason] += item.count
    return replace(
        pages[0],
        version=hashlib.sha256("".join(page.version for page in pages).encode()).hexdigest()[:32],
        packages=tuple(package for page in pages for package in page.packages),
        left_out=tuple(LeftOut(reason=reason, count=count) for reason, count in left_out.items()),
    )


def _in_datum(offer: Offer, datum: str) -> Offer:
    """Tiles in the datum that the user declared."""
    return (
        offer if offer.tiles is None else replace(offer, tiles=replace(offer.tiles, datum=datum or "wgs84"))
    )


def _layer_id(source: Source, offer: Offer) -> str:
    return f"source:{source.id}:{offer.name}"


def _around(boxes: Sequence[tuple[float, float, float, float]]) -> tuple[float, float, float, float] | None:
    if not boxes:
        return None
    west, south, east, north = zip(*boxes, strict=True)
    return min(west), min(south), max(east), max(north)


def _safe(name: str) -> str:
    return "".join(c if c.isalnum() else "_" for c in name)[:60]
