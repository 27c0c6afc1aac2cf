"""``ctx.map.printing``: orders of the window to its printing process."""

from __future__ import annotations

import errno
import itertools
import time
import tomllib
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
from PySide6.QtCore import QObject
from PySide6.QtGui import QColor, QImage

from console.map.engine.arena import SLOT_BYTES, Arena
from console.map.layers.base_layers import data_ref, layer_ref
from console.map.live.picture_layer import PictureLayer
from console.map.live.points import PointsLayer
from console.map.live.shapes import ShapesLayer
from console.map.printing.client import PrintProcess
from console.map.printing.layout import Ground, Layout, NoRoom, ground_of, layout_of, scale_to_fit
from console.map.printing.live import drawing_of, legend_layers, live_slots, marks_of, photo_of
from console.map.printing.messages import Live, PagePrinted, PrintPage, Words
from console.map.printing.tile_wait import TileWait
from console.map.render.style import Style, load_style
from console.map.viewport import Bounds
from console.sdk.printing import FORMATS, Printed, PrintFailed, PrintSheet
from console.sdk.saving import why_not
from console.sdk.ui.words import word
from console.tasks.pending import Pending

if TYPE_CHECKING:
    from console.map.layers.layer_tree import Slot
    from console.map.views.view import MapView

LIGHT = Path(__file__).parents[3] / "resources" / "themes" / "light.toml"
MOST_PIXELS = 400_000_000
"""Of a PNG: larger ones are opened by hardly any program."""


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds that tiles of services are waited for: at most, and without any coming."""

    most: float
    quiet: float


PATIENCE, GLANCE = Patience(40.0, 5.0), Patience(8.0, 2.0)
"""For a file, and for a preview."""
ROUNDS = 4
"""How often a sheet asks for tiles: there may be more than the fetcher takes at once."""


@cache
def _light() -> dict[str, str]:
    return tomllib.loads(LIGHT.read_text("utf-8"))


@cache
def _style(name: str) -> Style:
    return load_style(name)


class PrintDesk(QObject):
    """Implements ``console.sdk.printing.Printing``."""

    def __init__(self, view: MapView) -> None:
        super().__init__(view)
        self._view = view
        self._process = PrintProcess(self)
        self._threads = ThreadPoolExecutor(1, "onemap-printing")
        self._numbers = itertools.count(1)

    @property
    def process_id(self) -> int:
        """0 while nothing is or was printed lately."""
        return self._process.process_id

    def close(self) -> None:
        """End what is under way."""
        self._process.close()
        self._threads.shutdown(wait=False, cancel_futures=True)

    # ---- the SDK ----

    def frame(self, sheet: PrintSheet) -> Bounds:
        return ground_of(sheet, _layout(sheet).map).bounds

    def scale_to_fit(self, sheet: PrintSheet, bounds: Bounds) -> float:
        return scale_to_fit(sheet, _layout(sheet).map, bounds)

    async def preview(self, sheet: PrintSheet, width: int, height: int) -> QImage:
        share = min(width / sheet.width, height / sheet.height)
        wide, high = max(round(sheet.width * share), 1), max(round(sheet.height * share), 1)
        with ExitStack() as stack:
            arena = Arena(-(-wide * high * 4 // SLOT_BYTES))
            stack.callback(arena.close)
            page = await self._page(sheet, stack)
            page = msgspec.structs.replace(page, arena=arena.path, width=wide, height=high)
            _checked(await self._printed(page, lambda share: None, GLANCE))
            return QImage(arena.all_bytes, wide, high, wide * 4, QImage.Format.Format_RGB32).copy()

    async def write(self, sheet: PrintSheet, path: str, on_progress: Callable[[float], None]) -> Printed:
        target = Path(path)
        form = target.suffix.lower().removeprefix(".")
        if form not in FORMATS:
            raise PrintFailed(word("A map is printed to a PDF, SVG or PNG file."))
        if form == "png" and sheet.width * sheet.height * (sheet.dpi / 25.4) ** 2 > MOST_PIXELS:
            raise PrintFailed(word("So many pixels are too many for a PNG: take fewer dpi, or PDF."))
        fresh = target.with_name(f".onemap-{uuid.uuid4().hex[:12]}.part")
        try:
            with ExitStack() as stack:
                page = await self._page(sheet, stack)
                page = msgspec.structs.replace(page, file=str(fresh), format=form)
                done = await self._printed(page, on_progress, PATIENCE)
            _checked(done)
            size = await Pending(self._threads.submit(_put_in_place, fresh, target))
        except OSError as error:
            raise PrintFailed(_reason(error.errno or errno.EIO, str(error))) from error
        finally:
            self._tidy(fresh)
        return Printed(path=str(target), bytes=size, lacking=len(done.lacks))

    def _tidy(self, fresh: Path) -> None:
        """Take away what was begun, also while the window closes."""
        try:
            self._threads.submit(_remove, fresh)
        except RuntimeError:  # the thread has ended
            _remove(fresh)

    # ---- orders ----

    async def _page(self, sheet: PrintSheet, stack: ExitStack) -> PrintPage:
        """What is on the map now; *stack* closes what it is shared by."""
        sheet = replace(sheet, note=" · ".join(filter(None, (self._view.facet.views.banner, sheet.note))))
        ground = ground_of(sheet, _layout(sheet).map)
        slots = [slot for slot in self._view.tree.ordered() if slot.id not in sheet.without]
        style, colors = self._look(sheet)
        live = live_slots(slots, ground)
        rising = [slot for slot in reversed(slots) if slot.visible]
        return PrintPage(
            request=next(self._numbers),
            sheet=sheet,
            words=_words(sheet),
            style=style,
            layers=[layer_ref(slot) for slot in rising if slot.base is not None],
            data=[data_ref(slot) for slot in rising if slot.data is not None],
            colors=colors,
            live=[await self._live(slot, ground, colors, stack) for slot in live],
            legend=legend_layers(slots, live, _style(style), ground),
        )

    async def _live(self, slot: Slot, ground: Ground, colors: dict[str, str], stack: ExitStack) -> Live:
        """Shapes are painted on a thread: there may be thousands."""
        match slot.layer:
            case PointsLayer():
                return marks_of(slot.layer, ground)
            case PictureLayer():
                photo, arena = photo_of(slot.layer)
                stack.callback(arena.close)
                return photo
            case ShapesLayer():
                twin, opacity = slot.layer.twin(), slot.layer.opacity
                job = self._threads.submit(drawing_of, twin, opacity, ground.viewport, colors)
                return await Pending(job)
            case _:
                raise TypeError(type(slot.layer).__name__)

    def _look(self, sheet: PrintSheet) -> tuple[str, dict[str, str]]:
        """Map style and colours of tokens."""
        if sheet.colors == "light":
            return "light", _light()
        names = [name for name in _light() if name != "title"]
        colors = {name: self._view.colors(name) for name in names}
        return "light" if QColor(colors["surface"]).lightness() > 127 else "dark", colors

    async def _printed(
        self, page: PrintPage, on_progress: Callable[[float], None], patience: Patience
    ) -> PagePrinted:
        """With the tiles that services send in time; those that did not come are in ``lacks``."""
        end = time.monotonic() + patience.most
        lacks: PagePrinted | None = None
        for number in range(ROUNDS):
            done = await Pending(self._process.give(page, on_progress))
            if done.fault or not done.lacks:
                return done
            lacks = done
            left = end - time.monotonic()
            if left <= 0 or number == ROUNDS - 1:
                break
            quiet, most = round(patience.quiet * 1000), round(left * 1000)
            wait = TileWait(self, self._view.engine.fetcher, done.lacks, quiet, most)
            if not await Pending(wait.future):
                break
        done = await Pending(self._process.give(msgspec.structs.replace(page, complete=True), on_progress))
        assert lacks is not None
        return msgspec.structs.replace(done, lacks=lacks.lacks)


def _layout(sheet: PrintSheet) -> Layout:
    try:
        return layout_of(sheet)
    except NoRoom as error:
        raise PrintFailed(word("The paper is too small for a map with this margin.")) from error


def _words(sheet: PrintSheet) -> Words:
    when = time.strftime("%Y-%m-%d %H:%M")
    return Words(
        legend=word("Legend"),
        more=word("… and {count} more"),
        metres=word("{number} m"),
        kilometres=word("{number} km"),
        scale=f"1:{sheet.scale:,.10g}",
        when=" · ".join(part for part in (sheet.author, word("Printed {when}").format(when=when)) if part),
        system=word("WGS 84, Web Mercator (EPSG:3857); true to scale in the middle"),
        grid=word("Grid: CGCS2000, 3-degree zone {zone}, scale factor {factor}"),
        sources=word("Data: {names}"),
    )


def _checked(done: PagePrinted) -> None:
    """Raises PrintFailed."""
    if done.fault:
        raise PrintFailed(_reason(done.fault, done.error))


def _reason(fault: int, error: str) -> str:
    """In the user's words."""
    known = why_not(fault)
    return known or word("The map could not be printed: {error}").format(error=error)


def _put_in_place(fresh: Path, target: Path) -> int:
    """Gives the bytes. Raises OSError."""
    size = fresh.stat().st_size
    fresh.replace(target)
    return size


def _remove(file: Path) -> None:
    with suppress(OSError):
        file.unlink(missing_ok=True)
