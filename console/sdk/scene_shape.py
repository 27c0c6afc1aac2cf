"""What of the scene's models is drawn: cut away, flattened, or one date beside another: ``ctx.scene.shape``.

Nothing of it changes the models' files. Places are as in ``console.sdk.scene_place``.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from console.sdk.map import Undo
from console.sdk.scene_place import ScenePlace


@dataclass(frozen=True, slots=True, kw_only=True)
class CutPlane:
    """What lies beyond a plane is not drawn."""

    place: ScenePlace
    """On the plane."""
    heading: float = 0.0
    """Degrees clockwise from north: the way one looks from what is kept to what is cut away."""
    pitch: float = 0.0
    """Degrees: 0 for an upright plane, 90 cuts off what is above the place, -90 what is below it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CutBox:
    """A box that stands upright."""

    center: ScenePlace
    """Its middle, also in height."""
    width: float
    """Metres across its heading."""
    depth: float
    """Metres along its heading."""
    height: float
    """Metres from its bottom to its top."""
    heading: float = 0.0
    """Degrees clockwise from north."""
    hole: bool = False
    """False: only what is inside is drawn; True: only what is outside."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FlatArea:
    """Models inside are pressed to one height, as where a building is to be planned anew."""

    places: Sequence[ScenePlace]
    """3 to 200, around the area; it is cut from above, their heights do not count."""
    height: float
    """Metres above the ellipsoid."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Swipe:
    """Two dates side by side, parted by an upright line in the picture."""

    left: frozenset[str]
    """Layers that are drawn left of it alone."""
    right: frozenset[str]
    """Right of it alone. What is in neither is drawn on both sides."""
    share: float = 0.5
    """0 to 1: where the line stands, of the picture's width."""


class SceneShape(Protocol):
    """All methods are for the GUI thread. It outlives windows of the scene, and plugins: there is one, the
    user's, and who changes it for a while puts back what was there. Setting what cannot be, as a box
    without inside, raises ValueError."""

    @property
    def cut(self) -> CutPlane | CutBox | None:
        """Setting one of these shows it at once."""
        ...

    @cut.setter
    def cut(self, cut: CutPlane | CutBox | None) -> None: ...

    @property
    def flat(self) -> Sequence[FlatArea]:
        """At most 16."""
        ...

    @flat.setter
    def flat(self, flat: Sequence[FlatArea]) -> None: ...

    @property
    def swipe(self) -> Swipe | None: ...

    @swipe.setter
    def swipe(self, swipe: Swipe | None) -> None: ...

    @property
    def underground(self) -> bool:
        """Whether the eye may go below the ground, which is see-through then."""
        ...

    def set_underground(self, allowed: bool) -> None: ...

    def on_change(self, handler: Callable[[], None]) -> Undo:
        """*handler* is called when any of it is another than before, whoever changed it."""
        ...
