"""A query asked of the models of the scene: their parts that match are coloured, and counted as they come."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from console.sdk import Context
from console.sdk.layer_data import Field
from console.sdk.scene_features import FeatureRule


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of all models: a line, and classes of an attribute by their limits, rising."""

    line: str
    color_by: str = ""
    limits: Sequence[float] = ()

    def rules(self, colors: Sequence[str]) -> list[FeatureRule]:
        """*colors*: of the classes, from the least."""
        if not self.limits or len(colors) != len(self.limits) + 1:
            return [FeatureRule(line=self.line, color=colors[0])]
        whole = f"({self.line}) and " if self.line else ""
        above = [
            FeatureRule(line=f"{whole}`{self.color_by}` >= {limit!r}", color=color)
            for limit, color in zip(self.limits, colors[1:], strict=True)
        ]
        least = FeatureRule(line=f"{whole}`{self.color_by}` < {self.limits[0]!r}", color=colors[0])
        return [*reversed(above), least]


class ModelQuery:
    """For the GUI thread. Models that come later are asked, too."""

    def __init__(self, ctx: Context, changed: Callable[[], None]) -> None:
        """*changed*: other counts, or other attributes."""
        self._ctx = ctx
        self._asked: Asked | None = None
        self._colors: Sequence[str] = ()
        ctx.scene.features.on_change(changed)
        ctx.scene.on_models(self._color)
        ctx.undo(self.clear)

    def fields(self) -> list[Field]:
        """Attributes of all models, each once."""
        found: dict[str, Field] = {}
        for layer_id in self._layers:
            for field in self._ctx.scene.features.tally(layer_id).fields:
                found.setdefault(field.name, field)
        return list(found.values())

    def knows(self, name: str) -> bool:
        """Whether any model has an attribute."""
        return any(field.name == name for field in self.fields())

    def ask(self, asked: Asked, colors: Sequence[str]) -> None:
        """Colour what it holds for."""
        self._asked, self._colors = asked, colors
        self._color()

    def recolor(self, colors: Sequence[str]) -> None:
        """The theme is another."""
        self._colors = colors
        self._color()

    def clear(self) -> None:
        """Nothing is coloured any more."""
        self._asked = None
        self._color()

    def counts(self) -> list[int]:
        """Parts of models that a class has, from the least, in what has come so far."""
        if self._asked is None:
            return []
        rules = len(self._asked.rules(self._colors))
        tallies = [self._ctx.scene.features.tally(layer_id) for layer_id in self._layers]
        told = [tally.counts for tally in tallies if len(tally.counts) == rules]
        return [sum(counts) for counts in zip(*told, strict=True)][::-1]

    @property
    def _layers(self) -> list[str]:
        return [model.layer_id for model in self._ctx.scene.models]

    def _color(self) -> None:
        rules = [] if self._asked is None else self._asked.rules(self._colors)
        for layer_id in self._layers:
            self._ctx.scene.features.color(layer_id, rules)


def steps(field: Field, classes: int) -> tuple[float, ...]:
    """Limits of classes of one width between the least and the most of an attribute."""
    if field.least is None or field.most is None or field.least >= field.most:
        return ()
    width = (field.most - field.least) / classes
    return tuple(round(field.least + width * at, 6) for at in range(1, classes))
