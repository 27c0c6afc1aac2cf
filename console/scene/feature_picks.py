"""Features as plugins ask for them: implements ``console.sdk.scene_features.SceneFeatures``.

What is asked for is kept here; each window's drawing process is told of it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import replace
from itertools import count
from typing import TYPE_CHECKING

from console.map.listeners import Listeners
from console.sdk.layer_data import Field
from console.sdk.map import Undo
from console.sdk.scene_features import FeatureRule, FeatureTally, SceneFeature
from console.sdk.scene_place import ScenePlace
from console.tasks.pending import Pending

if TYPE_CHECKING:
    from console.scene.process.messages import Ask, AskWithin, FeatureAnswer, FeatureState, Reply
    from console.scene.view.view import SceneView

MOST_RULES = 64


class Features:
    """For the GUI thread. Light before the first look."""

    def __init__(self) -> None:
        self.chosen: SceneFeature | None = None
        self._color = ""
        self._rules: dict[str, list[FeatureRule]] = {}
        self._tallies: dict[str, FeatureTally] = {}
        self._view: SceneView | None = None
        self._numbers = count(1)
        self._asked: dict[int, Future[SceneFeature | None]] = {}
        self._changed: Listeners[[]] = Listeners()

    # ---- for plugins ----

    async def pick(self, place: ScenePlace) -> SceneFeature | None:
        """See ``SceneFeatures``."""
        from console.scene.process.messages import Ask, vector

        def asked(view: SceneView, number: int) -> Ask:
            spot = view.frame.place(place.lon, place.lat, place.height)
            return Ask(number, vector(view.lens.eye), vector(spot))

        return await self._answered(asked)

    async def within(self, ring: Sequence[tuple[float, float]]) -> SceneFeature | None:
        """See ``SceneFeatures``."""
        from console.scene.process.messages import AskWithin

        if len(ring) < 3:
            return None
        return await self._answered(lambda _, number: AskWithin(number, list(ring)))

    async def _answered(self, asked: Callable[[SceneView, int], Ask | AskWithin]) -> SceneFeature | None:
        view = self._view
        if view is None or not any(tally.features for tally in self._tallies.values()):
            return None  # nobody has to wait for an answer that is known
        number, future = next(self._numbers), Future[SceneFeature | None]()
        if not view.process.ask(asked(view, number)):
            return None
        self._asked[number] = future
        return await Pending(future)

    def highlight(self, feature: SceneFeature | None, color: str = "#ffd24a") -> None:
        """See ``SceneFeatures``."""
        if (feature, color) != (self.chosen, self._color):
            self.chosen, self._color = feature, color
            self._say_chosen()

    def color(self, layer_id: str, rules: Sequence[FeatureRule]) -> None:
        """See ``SceneFeatures``. Raises ValueError for more than MOST_RULES rules."""
        if len(rules) > MOST_RULES:
            raise ValueError(f"at most {MOST_RULES} rules")
        if list(rules) != self._rules.get(layer_id, []):
            self._rules[layer_id] = list(rules)
            self._tallies[layer_id] = replace(self.tally(layer_id), counts=(), faults=())
            self._say_rules(layer_id)

    def tally(self, layer_id: str) -> FeatureTally:
        """See ``SceneFeatures``."""
        return self._tallies.get(layer_id, FeatureTally())

    def on_change(self, handler: Callable[[], None]) -> Undo:
        """See ``SceneFeatures``."""
        return self._changed.add(handler)

    # ---- for the scene ----

    def enter(self, view: SceneView) -> None:
        """Ask what is seen in *view* from now on."""
        self._view = view
        self._answer_none()
        self._tallies.clear()
        view.destroyed.connect(lambda: self._leave(view))
        view.process.replied.connect(self._hear)
        view.process.died.connect(lambda _: self._answer_none())
        for layer_id in self._rules:
            self._say_rules(layer_id)
        self._say_chosen()

    def _leave(self, view: SceneView) -> None:
        if self._view is view:
            self._view = None
            self._answer_none()

    def _say_rules(self, layer_id: str) -> None:
        from console.scene.process.messages import ColorFeatures, FeatureLook

        if self._view is not None:
            looks = [FeatureLook(rule.line, rule.color, rule.hidden) for rule in self._rules[layer_id]]
            self._view.process.feature(ColorFeatures(layer_id, looks))

    def _say_chosen(self) -> None:
        from console.scene.process.messages import ChooseFeature

        if self._view is not None:
            layer, key = ("", "") if self.chosen is None else (self.chosen.layer_id, self.chosen.key)
            self._view.process.feature(ChooseFeature(layer, key, self._color))

    def _hear(self, reply: Reply) -> None:
        from console.scene.process.messages import FeatureAnswer, FeatureState

        if isinstance(reply, FeatureState):
            self._tallies[reply.layer] = _tally(reply)
            self._changed.fire()
        elif isinstance(reply, FeatureAnswer):
            self._settle(reply.number, _feature(reply))

    def _settle(self, number: int, feature: SceneFeature | None) -> None:
        future = self._asked.pop(number, None)
        if future is not None and future.set_running_or_notify_cancel():
            future.set_result(feature)

    def _answer_none(self) -> None:
        """Whoever was asked does not answer any more."""
        for number in list(self._asked):
            self._settle(number, None)


def _feature(answer: FeatureAnswer) -> SceneFeature | None:
    if not answer.layer:
        return None
    return SceneFeature(
        layer_id=answer.layer,
        key=answer.key,
        properties=answer.properties,
        ring=answer.ring,
        bottom=answer.bottom,
        top=answer.top,
    )


def _tally(state: FeatureState) -> FeatureTally:
    fields = [
        Field(
            name=each.name,
            type="text" if each.is_text else "number",
            count=min(each.count, state.features),
            least=each.least,
            most=each.most,
            common=tuple(each.common.items()),
        )
        for each in state.fields
    ]
    return FeatureTally(features=state.features, fields=fields, counts=state.counts, faults=state.faults)
