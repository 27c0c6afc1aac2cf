"""How the user wants pictures of the 3D view, as it is remembered."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields, replace
from typing import Any

from console.sdk.scene_picture import LEAST, MOST

SIZES: dict[str, tuple[int, int]] = {
    "screen": (0, 0),
    "hd": (1920, 1080),
    "4k": (3840, 2160),
    "8k": (7680, 4320),
}
"""Pixels, width first; the screen's are asked."""
OWN = "own"
FORMS = ("png", "jpg", "pdf")
PAPERS: dict[str, tuple[float, float]] = {
    "picture": (420.0, 0.0),
    "a4": (297.0, 210.0),
    "a3": (420.0, 297.0),
    "a2": (594.0, 420.0),
    "a1": (841.0, 594.0),
    "a0": (1189.0, 841.0),
}
"""Millimetres, width first; the first is as high as the picture and its words are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureRecipe:
    """All but the words of one picture."""

    size: str = "4k"
    width: int = 3840
    """Pixels of the user's own size."""
    height: int = 2160
    like_screen: bool = False
    """The sides are in proportion as on the screen."""
    form: str = "png"
    paper: str = "picture"
    captioned: bool = True
    """A PNG or JPEG has the words below it, too; a PDF always has."""
    folder: str = ""

    def pixels(self, screen: tuple[int, int]) -> tuple[int, int]:
        """Width and height for a view of *screen* pixels, from ``LEAST`` to ``MOST`` a side."""
        if self.size == "screen":
            width, height = screen
        else:
            width, height = SIZES.get(self.size, (self.width, self.height))
        if self.like_screen and min(screen) > 0:
            share = width / screen[0] if self.size == OWN else min(width / screen[0], height / screen[1])
            width, height = round(screen[0] * share), round(screen[1] * share)
        shrunk = min(1.0, MOST / max(width, height, 1))
        return max(round(width * shrunk), LEAST), max(round(height * shrunk), LEAST)

    def kept(self) -> dict[str, Any]:
        """As JSON takes it."""
        return asdict(self)


def recipe_from(kept: Any) -> PictureRecipe:
    """What ``kept`` gave; whatever is wrong with it is left out."""
    recipe = PictureRecipe()
    if not isinstance(kept, dict):
        return recipe
    for field in fields(PictureRecipe):
        value: Any = kept.get(field.name)
        if _fits(field.name, value, getattr(recipe, field.name)):
            recipe = replace(recipe, **{field.name: value})
    return recipe


def _fits(name: str, value: Any, usual: Any) -> bool:
    choices = {"size": (*SIZES, OWN), "form": FORMS, "paper": tuple(PAPERS)}
    if name in choices:
        return value in choices[name]
    if type(value) is not type(usual):
        return False
    return LEAST <= value <= MOST if name in ("width", "height") else True
