"""The stage: an offscreen window of VTK that is drawn into and read back."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from typing import Any
from weakref import WeakSet

import numpy as np
import vtkmodules.vtkRenderingOpenGL2  # noqa: F401  # the factory of what is drawn with
from numpy.typing import NDArray
from vtkmodules.util.numpy_support import vtk_to_numpy
from vtkmodules.vtkCommonCore import vtkCommand, vtkFloatArray, vtkUnsignedCharArray
from vtkmodules.vtkRenderingCore import vtkLight, vtkRenderer, vtkRenderWindow

from console.scene.frame import Frame
from console.scene.ground.sun import Light
from console.scene.lens import Lens, Part
from console.scene.render.actors import Surround, TileActors
from console.scene.render.drape import Bounds, Drape
from console.scene.render.shaping import Form, Shaping
from console.scene.render.sky import Sky
from console.scene.stream.drawable import Drawable
from console.scene.transforms import Matrix

_DEEP = 30_000.0
"""How many times as far as the near plane one sees: what 24 bits of depth carry."""
_FARTHEST = 20_000.0
"""Metres that are seen at least."""
_NO_PLANES = np.zeros((0, 4))
_BLEND = 0x0BE2
"""GL_BLEND."""


class Renderer:
    """What the detected renderer can do without falling below thirty frames a second."""

    def __init__(self, report: str) -> None:
        found = re.search(r"OpenGL renderer string:\s*(.+)", report)
        self.name = found[1].strip() if found else ""
        software = any(name in report.lower() for name in ("llvmpipe", "softpipe", "swrast"))
        self.software = software
        self.mipmaps = not software
        """On llvmpipe they cost two and a half times the time of a frame."""
        self.samples = 0 if software else 4
        """Three and a half times there."""
        self.ambient = 0.5
        """Share of its colour that everything has that is lit, however it is turned."""


class Stage:
    """All calls come from one thread. Sizes are device pixels."""

    def __init__(self, frame: Frame) -> None:
        self.frame = frame
        self._window = vtkRenderWindow()
        self._window.SetOffScreenRendering(1)
        self._window.SetMultiSamples(0)
        self._window.SetSize(64, 64)
        self._scene = vtkRenderer()
        self._sky = Sky(self._scene)
        self._drape, self._shaping = Drape(frame), Shaping(frame)
        self._layers: WeakSet[LayerStage] = WeakSet()
        self._sun = vtkLight()
        self._sun.SetLightTypeToSceneLight()
        self._sun.SetFocalPoint(0.0, 0.0, 0.0)
        self._scene.AutomaticLightCreationOff()
        self._scene.AddLight(self._sun)
        self._scene.AddObserver(vtkCommand.StartEvent, _solid(self._window))
        self._window.AddRenderer(self._scene)
        self._window.Render()  # only then it knows what it draws with
        self.renderer = Renderer(self._window.ReportCapabilities())
        self._window.SetMultiSamples(self.renderer.samples)
        self._about = Surround(self._scene, self._drape, self._shaping, self.renderer.mipmaps)
        self._pixels, self._depths = vtkUnsignedCharArray(), vtkFloatArray()
        self._size = (0, 0)

    def set_sky(self, ground: tuple[float, float, float], sky: tuple[float, float, float]) -> None:
        """Colours below and above, 0..1."""
        self._sky.take(ground, sky)

    def for_layer(self, world: Matrix, name: str = "", *, ground: bool = False) -> LayerStage:
        """A stage for the tiles of one tileset. *world*: (4, 4), its world to the scene's frame. *ground*:
        see ``TileActors``."""
        layer = LayerStage(world, name, self.renderer, self._about, ground=ground)
        self._layers.add(layer)
        return layer

    def on_earth(self, name: str = "", *, ground: bool = False) -> LayerStage:
        """A stage for what stands in Earth-centred metres."""
        return self.for_layer(self.frame.from_ecef, name, ground=ground)

    def set_light(self, light: Light) -> None:
        """How what is lit is lit from now on."""
        self._sun.SetPosition(*light.toward)
        self._sun.SetDiffuseColor(*light.sun)
        self.renderer.ambient = sum(light.sky) / 3
        for layer in self._layers:
            layer.relight()

    def lay(self, level: int, bounds: Bounds | None, pixels: NDArray[np.uint8] | None) -> None:
        """A picture over everything, from above: see ``Drape``."""
        self._drape.lay(level, bounds, pixels)
        for layer in self._layers:
            layer.drape()

    def shape(self, form: Form) -> None:
        """Draw layers so from now on."""
        self._shaping.take(form)
        for layer in self._layers:
            layer.reshape()

    def swipe(self, share: float) -> None:
        """The line between layers is at *share* of the picture's width."""
        self._shaping.swipe(share)
        for layer in self._layers:
            layer.swipe()

    def render(self, lens: Lens, clearance: float, part: Part | None = None) -> NDArray[np.uint8]:
        """The picture: (height, width, 4) RGBA, top row first, of *lens*'s size; it is overwritten next time.

        *clearance*: metres from the eye to the nearest thing that it might meet. *part*: only that of it.
        """
        whole = Part(0, 0, lens.width, lens.height)
        self._look(lens, part or whole, clearance)
        for layer in self._layers:
            layer.part(lens)
        self._sky.come_last(lens, part or whole)
        if part is None:
            self._window.Render()
        else:
            self._render_part(lens, part)
        width, height = self._size = self._window.GetSize()
        self._window.GetRGBACharPixelData(0, 0, width - 1, height - 1, 1, self._pixels, 0)
        pixels = vtk_to_numpy(self._pixels).view(np.uint8)
        return pixels.reshape(height, width, 4)[::-1]

    def depths(self) -> NDArray[np.float32]:
        """Of the last picture: (height, width) from 0 at the near plane to 1, top row first."""
        width, height = self._size
        self._window.GetZbufferData(0, 0, width - 1, height - 1, self._depths)
        depths = vtk_to_numpy(self._depths).view(np.float32)
        return depths.reshape(height, width)[::-1]

    @property
    def range(self) -> tuple[float, float]:
        """Metres ahead of the eye between which things are drawn."""
        near, far = self._scene.GetActiveCamera().GetClippingRange()
        return float(near), float(far)

    def close(self) -> None:
        """Give the window back."""
        self._window.Finalize()

    def _render_part(self, lens: Lens, part: Part) -> None:
        """The line between layers stands where it does in the whole."""
        share = self._shaping.form.share
        self.swipe((share * lens.width - part.x) / part.width)
        self._window.Render()
        self.swipe(share)

    def _look(self, lens: Lens, part: Part, clearance: float) -> None:
        if self._window.GetSize() != (part.width, part.height):
            self._window.SetSize(part.width, part.height)
        camera = self._scene.GetActiveCamera()
        camera.SetPosition(*lens.eye)
        camera.SetFocalPoint(*(lens.eye + lens.ahead))
        camera.SetViewUp(*lens.above)
        tall = part.height / lens.height
        camera.SetViewAngle(math.degrees(2 * math.atan(math.tan(lens.fovy / 2) * tall)))
        right, down = 2 * part.x + part.width - lens.width, 2 * part.y + part.height - lens.height
        camera.SetWindowCenter(right / part.width, -down / part.height)
        near = max(clearance * 0.4, 0.2)
        camera.SetClippingRange(near, max(near * _DEEP, _FARTHEST))


def _solid(window: vtkRenderWindow) -> Callable[[Any, str], None]:
    """Has what is solid drawn without mixing it with what is behind: a twelfth of a frame's time on llvmpipe.
    VTK has what is translucent mixed by itself."""

    def start(_scene: Any, _event: str) -> None:
        state: Any = window.GetState()  # type: ignore[attr-defined]  # of its OpenGL kind, which it is
        state.vtkglDisable(_BLEND)

    return start


class LayerStage:
    """Implements ``console.scene.stream.layer.Stage`` for one tileset."""

    def __init__(
        self, world: Matrix, name: str, renderer: Renderer, about: Surround, *, ground: bool
    ) -> None:
        self._world, self._name, self._renderer = world, name, renderer
        self._about, self._ground = about, ground
        self._tiles: set[TileActors] = set()

    def build(self, drawable: Drawable) -> TileActors:
        """Hidden yet."""
        tile = TileActors(drawable, self._world, self._about, self._name, ground=self._ground)
        tile.relight(self._renderer.ambient)
        self._tiles.add(tile)
        return tile

    @property
    def kept(self) -> NDArray[np.float64]:
        """See ``Stage``: the ground is not cut."""
        return _NO_PLANES if self._ground else self._about.shaping.kept

    def show(self, built: TileActors, shown: bool) -> None:
        """On the stage or off it."""
        built.show(shown)

    def drop(self, built: TileActors) -> None:
        """For good."""
        self.show(built, False)
        self._tiles.discard(built)

    def drape(self) -> None:
        """What lies over everything lies elsewhere."""
        for tile in self._tiles:
            tile.drape()

    def reshape(self) -> None:
        """Another form is asked for."""
        for tile in self._tiles:
            tile.reshape()

    def swipe(self) -> None:
        """The line between layers is elsewhere."""
        for tile in self._tiles:
            tile.swipe()

    def part(self, lens: Lens) -> None:
        """Leave out what is on the wrong side of the line in this view: half of a frame's time."""
        form = self._about.shaping.form
        pieces = [piece for tile in self._tiles if tile.shown for piece in tile.pieces]
        if not pieces or not (self._name in form.left or self._name in form.right):
            return
        x, _, ahead = lens.project(np.stack([piece.corners for piece in pieces]))
        over = x > form.share * lens.width if self._name in form.left else x < form.share * lens.width
        away = np.all(over & (ahead > 0), axis=1)
        for number, piece in enumerate(pieces):
            piece.leave(bool(away[number]))

    def relight(self) -> None:
        """The light is another."""
        for tile in self._tiles:
            tile.relight(self._renderer.ambient)

    def place(self, world: Matrix) -> None:
        """Stand elsewhere, as when a model is aligned."""
        self._world = world
        for tile in self._tiles:
            tile.place(world)
