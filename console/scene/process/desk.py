"""What the drawing process does about each request."""

from __future__ import annotations

import math
import time
import traceback
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor

import msgspec
import numpy as np

from console.scene.frame import Frame
from console.scene.lens import Lens
from console.scene.opening import open_source
from console.scene.process.feature_desk import FeatureDesk
from console.scene.process.large import draw_part
from console.scene.process.memory import Memory
from console.scene.process.messages import (
    AddTileset,
    Ask,
    AskWithin,
    Begin,
    ChooseFeature,
    ColorFeatures,
    Drawn,
    Fault,
    Laid,
    Lay,
    LayerState,
    Look,
    LookPart,
    News,
    Opened,
    PartDrawn,
    PlaceLayer,
    Ready,
    RemoveLayer,
    Reply,
    Request,
    Rows,
    SetShape,
    SetSurroundings,
    ShowLayer,
    Sky,
    vector,
)
from console.scene.process.quality import Quality
from console.scene.process.surroundings import Footing, Surroundings, footing_of
from console.scene.refusal import SceneRefused
from console.scene.render.areas import Area
from console.scene.render.shaping import Form
from console.scene.render.stage import LayerStage, Stage
from console.scene.stream.cameras import camera_of
from console.scene.stream.streamer import Streamer
from console.scene.stream.tiled import Tileset
from console.scene.tiles import Held, Source, TileTree
from console.scene.transforms import Matrix

AT_A_TIME = 0.03
"""Seconds that tiles which have come are built before anything else is heard."""
NEWS = 0.05
"""Seconds between two words of more to show."""
MOST_FAULTS = 50
_EARTH = 6.0e6
"""Metres from the middle of the Earth: what stands further out than this has a place on it."""


class Desk:
    """Its owner's thread is the one that draws."""

    def __init__(self, send: Callable[[Reply], None], woken: Callable[[], None]) -> None:
        self._send, self._woken = send, woken
        self._begun: _Begun | None = None

    def serve(self, request: Request) -> None:
        """Answer *request*; a fault in one is no reason to lose the others."""
        try:
            if isinstance(request, Begin):
                self.close()
                self._begun = _Begun(request, self._send, self._woken)
            elif self._begun is not None:
                self._begun.serve(request)
        except Exception:
            traceback.print_exc()
            if isinstance(request, Begin | Look):
                raise

    def work(self) -> None:
        """Bring in what was read."""
        if self._begun is not None:
            self._begun.work()

    def rest(self) -> float | None:
        """Seconds after which there is work again, though nobody asks; None: there is none."""
        return None if self._begun is None else self._begun.rest()

    def close(self) -> None:
        """Give all back."""
        if self._begun is not None:
            self._begun.close()
            self._begun = None


class _Begun:
    """With a frame, a stage and memory."""

    def __init__(self, begin: Begin, send: Callable[[Reply], None], woken: Callable[[], None]) -> None:
        self._send, self._woken = send, woken
        self._frame = Frame(begin.lon, begin.lat, begin.height)
        self._memory = Memory(begin.slot_bytes, begin.memory)
        self._stage = Stage(self._frame)
        self._streamer = Streamer(woken)
        self._features = FeatureDesk(self._streamer, self._frame, send)
        self._quality = Quality(software=self._stage.renderer.software)
        self._opener = ThreadPoolExecutor(2, "scene-open")
        self._opening: dict[str, tuple[AddTileset, Future[tuple[TileTree, Source]]]] = {}
        self._stages: dict[str, LayerStage] = {}
        self._held: dict[str, Held] = {}
        """Sources of layers that hold something open."""
        self._around = Surroundings(self._stage, self._streamer, woken)
        self._standing: dict[str, tuple[frozenset[int], Footing | None]] = {}
        """Of layers on the Earth: the tiles by which it was last looked what they cover, and what that is."""
        self._hidden: set[str] = set()
        self._shape = SetShape()
        self._drapes: Memory | None = None
        self._told: dict[str, int] = {}
        self._large = False
        """Whether the last one to ask was after a large picture: the view hears of no news then."""
        self._lens: Lens | None = None
        self._last_news = 0.0
        self._drawn: frozenset[tuple[str, int]] = frozenset()
        self._waiting = False
        """Whether the last picture said that more is to come."""
        send(Ready(self._stage.renderer.name, self._stage.renderer.software))

    def serve(self, request: Request) -> None:
        match request:
            case Look():
                self._look(request)
            case LookPart():
                self._look_part(request)
            case AddTileset():
                self._open(request)
            case RemoveLayer():
                self._remove(request.layer)
            case ShowLayer():
                self._show(request.layer, request.visible)
            case PlaceLayer():
                self._place(request.layer, _matrix(request.placed))
            case SetSurroundings():
                self._around.ask(request)
            case SetShape():
                self._reshape(request)
            case Ask() | AskWithin() | ColorFeatures() | ChooseFeature():
                self._features.serve(request)
            case Lay():
                self._lay(request)
            case Sky():
                self._stage.set_sky(request.below, request.above)
        if not isinstance(
            request, Look | LookPart | AddTileset | Ask | AskWithin
        ):  # which tell when there is something to see
            self._send(News())

    def work(self) -> None:
        """Take what was read; tell when the view would look different."""
        self._take_opened()
        news = self._around.take()
        if news:
            self._send(News())
        if self._lens is None:
            return
        if self._streamer.take(AT_A_TIME) or news or self._streamer.rest() == 0.0:
            self._streamer.frame(camera_of(self._lens, self._frame))
            self._tell_faults()
            self._measure()
            self._features.tell(busy=self._streamer.busy)
        self._tell_news()

    def rest(self) -> float | None:
        return None if self._lens is None else self._streamer.rest()

    def _tell_news(self) -> None:
        """That the view would look different, or that what the last picture waits for has come to an end."""
        if self._large:
            return
        now, quiet = time.monotonic(), not self._busy
        fresh = self._shown() != self._drawn and (quiet or now - self._last_news > NEWS)
        if fresh or (quiet and self._waiting):
            self._last_news = now
            self._send(News())

    @property
    def _busy(self) -> bool:
        return self._streamer.busy or bool(self._opening)

    def close(self) -> None:
        self._around.close()
        self._opener.shutdown(wait=False, cancel_futures=True)
        for source in self._held.values():
            source.close()
        self._streamer.close()
        self._stage.close()
        self._memory.close()

    # ---- layers ----

    def _open(self, request: AddTileset) -> None:
        self._remove(request.layer)
        future = self._opener.submit(open_source, request.source, dict(request.headers))
        self._opening[request.layer] = request, future
        future.add_done_callback(lambda _: self._woken())

    def _take_opened(self) -> None:
        for layer, (request, future) in list(self._opening.items()):
            if not future.done():
                continue
            del self._opening[layer]
            try:
                tree, source = future.result()
            except SceneRefused as error:
                self._send(LayerState(layer, True, 1, [Fault("", error.message.zh_CN, error.message.en)]))
                continue
            self._add(request, tree, source)

    def _add(self, request: AddTileset, tree: TileTree, source: Source) -> None:
        root = tree.tiles[0]
        center = root["center"]
        radius = float(np.sqrt((root["axes"] ** 2).sum())) if root["radius"] < 0 else float(root["radius"])
        on_earth = bool(np.linalg.norm(center) > _EARTH)
        placed = np.identity(4) if request.placed is None else _matrix(request.placed)
        stage = self._stage.for_layer(self._frame.from_ecef @ placed, request.layer)
        self._stages[request.layer] = stage
        if isinstance(source, Held):
            self._held[request.layer] = source
        layer = self._streamer.add(request.layer, Tileset(tree, source), stage)
        layer.placed = placed
        layer.visible = request.layer not in self._hidden
        if on_earth or request.placed is not None:
            self._standing[request.layer] = frozenset(), None
        self._send(Opened(request.layer, vector(center), radius, on_earth))
        self._send(News())

    def _remove(self, layer: str) -> None:
        self._opening.pop(layer, None)
        self._streamer.remove(layer)
        if (source := self._held.pop(layer, None)) is not None:
            source.close()
        self._stages.pop(layer, None)
        self._told.pop(layer, None)
        self._standing.pop(layer, None)
        self._features.forget(layer)
        self._around.stand(layer, None)

    def _show(self, layer: str, visible: bool) -> None:
        self._hidden.discard(layer) if visible else self._hidden.add(layer)
        if layer in self._streamer.layers:
            self._streamer.layers[layer].visible = visible

    def _place(self, layer: str, placed: Matrix) -> None:
        if layer in self._stages:
            self._stages[layer].place(self._frame.from_ecef @ placed)
            self._streamer.layers[layer].placed = placed
            self._standing[layer] = frozenset(), None

    def _tell_faults(self) -> None:
        for name, layer in self._streamer.layers.items():
            count = len(layer.faults)
            if self._told.get(name) != count:
                self._told[name] = count
                faults = [
                    Fault(each.what[:200], each.message.zh_CN, each.message.en)
                    for each in list(layer.faults.values())[:MOST_FAULTS]
                ]
                self._send(LayerState(name, False, count, faults))

    def _measure(self) -> None:
        """What a model covers, and how low it stands, is known the better the finer its tiles are."""
        if self._streamer.busy:
            return
        for name, (tiles, known) in list(self._standing.items()):
            layer = self._streamer.layers[name]
            if not layer.shown or layer.shown == tiles:
                continue
            found = footing_of([tile.drawable for tile in layer.built()], layer.placed, self._frame)
            if known is None or known.lacks(found):
                found = found if known is None else known.joined(found)
                self._around.stand(name, found)
                known = found
            self._standing[name] = layer.shown, known

    def _lay(self, lay: Lay) -> None:
        if lay.side:
            shared = self._drapes or Memory(lay.slot_bytes, lay.memory)
            self._drapes = shared
            self._stage.lay(lay.level, lay.bounds, shared.picture(lay.level, lay.side, lay.side).copy())
        else:
            self._stage.lay(lay.level, None, None)
        self._send(Laid(lay.level))

    def _reshape(self, asked: SetShape) -> None:
        before, self._shape = self._shape, asked
        if msgspec.structs.replace(before, share=asked.share) == asked:
            self._stage.swipe(asked.share)
        else:
            self._stage.shape(_form(asked))

    # ---- pictures ----

    def _look(self, look: Look) -> None:
        begun, self._large = time.perf_counter(), False
        width, height = self._quality.size(look.width, look.height, moving=look.moving)
        eye, ahead, above = (np.array(each, np.float64) for each in (look.eye, look.ahead, look.above))
        lens = Lens(eye, ahead, above, look.fovy, width, height)
        self._lens = lens.sized(look.width, look.height)
        self._streamer.frame(camera_of(self._lens, self._frame))
        self._features.follow()
        pixels = self._stage.render(lens, look.clearance)
        self._memory.picture(look.slot, width, height)[:] = pixels
        self._memory.depths(look.slot, width, height)[:] = self._stage.depths()
        near, far = self._stage.range
        took = (time.perf_counter() - begun) * 1e3
        if look.moving:
            self._quality.learn(took)
        self._features.tell(busy=self._streamer.busy)
        self._drawn = self._shown()
        self._waiting = self._busy
        layers = self._streamer.layers.values()
        self._send(
            Drawn(
                look.number,
                look.slot,
                width,
                height,
                near,
                far,
                took,
                len(self._drawn),
                sum(layer.triangles for layer in layers),
                self._streamer.size,
                self._waiting,
                (width, height) == (look.width, look.height),
            )
        )

    def _look_part(self, look: LookPart) -> None:
        """What it shows is chosen for the whole, and stays chosen until the view is looked at again."""
        eye, ahead, above = (np.array(each, np.float64) for each in (look.eye, look.ahead, look.above))
        self._lens, self._large = Lens(eye, ahead, above, look.fovy, look.width, look.height), True
        self._streamer.frame(camera_of(self._lens, self._frame))
        lacking = sum(layer.lacking for layer in self._streamer.layers.values())
        if look.patient and self._busy:
            self._send(PartDrawn(look.number, False, lacking, 0.0, 0.0))
            return
        try:
            near, far = draw_part(self._stage, self._lens, look)
        except FileNotFoundError:
            return  # given up meanwhile: the memory has gone with who asked
        self._send(PartDrawn(look.number, True, lacking, near, far))

    def _shown(self) -> frozenset[tuple[str, int]]:
        return frozenset(
            (name, tile) for name, layer in self._streamer.layers.items() for tile in layer.shown
        )


def _form(asked: SetShape) -> Form:
    areas = tuple(Area(np.array(flat.ring, np.float64), flat.height) for flat in asked.flat)
    cut = None if asked.cut is None else np.array(asked.cut, np.float64)
    left, right = frozenset(asked.left), frozenset(asked.right)
    return Form(cut, asked.hole, areas, left, right, asked.share, asked.underground)


def _matrix(rows: Rows) -> Matrix:
    """Raises ValueError for what is no transform."""
    matrix = np.array(rows, np.float64)
    if matrix.shape != (4, 4) or not np.isfinite(matrix).all() or not math.isclose(matrix[3, 3], 1.0):
        raise ValueError("no transform")
    return matrix
