"""Plans come back from GeoJSON as they went; whatever else is read gives a plan or a plain refusal."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.sdk.records import EventClass, Plan, PlanItem, PlanStep
from plugins.plans.desktop.draft import Draft
from plugins.plans.desktop.geojson import NoPlan, from_geojson, to_geojson
from plugins.plans.model import MOST_ITEMS

EMPTY = Plan(id="p", area="320302", title="x", version=7)
texts = st.text(st.characters(exclude_characters="\0", exclude_categories=("Cs",)), max_size=20)
places = st.tuples(st.floats(-180, 180), st.floats(-90, 90))
colors = st.from_regex(r"#[0-9a-f]{6}", fullmatch=True)
looks = {"title": texts, "symbol": st.sampled_from(["", "fire", "own/a.b"]), "color": colors}
rings = st.lists(places, min_size=3, max_size=8, unique=True).map(tuple)
points = st.builds(PlanItem, kind=st.just("point"), points=places.map(lambda p: (p,)), **looks)
lines = st.lists(places, min_size=2, max_size=8, unique=True).map(tuple)
ways = st.builds(PlanItem, kind=st.just("line"), points=lines, **looks)
areas = st.builds(
    PlanItem, kind=st.just("polygon"), points=rings, holes=st.lists(rings, max_size=2).map(tuple), **looks
)
items = st.lists(points | ways | areas, max_size=5).map(tuple)
steps = st.lists(st.builds(PlanStep, who=texts, what=texts.filter(bool)), max_size=4).map(tuple)


@given(texts.filter(str.strip), st.sampled_from(["", *EventClass]), texts, steps, items)
def test_a_plan_comes_back_as_it_went(title, event_class, note, given_steps, drawn) -> None:
    fields = {"title": title.strip(), "event_class": str(event_class), "note": note}
    plan = Plan(id="p", area="320302", version=7, steps=given_steps, items=drawn, **fields)
    assert from_geojson(to_geojson(plan), EMPTY) == plan


plain = st.none() | st.booleans() | st.floats() | st.text(max_size=8)
anything = st.recursive(
    plain, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4)
)
kinds = st.sampled_from(["Point", "MultiPoint", "LineString", "Polygon", "MultiPolygon", "Nonsense"])
features = st.lists(
    st.fixed_dictionaries({"geometry": st.fixed_dictionaries({"type": kinds, "coordinates": anything})}),
    max_size=3,
)


@given(anything | st.fixed_dictionaries({"features": features | anything, "plan": anything}))
def test_whatever_is_read_is_a_plan_or_refused(value) -> None:
    try:
        plan = from_geojson(json.dumps(value), EMPTY)
    except NoPlan as refused:
        assert str(refused)
    else:
        assert plan.id == "p"


def test_numbers_and_nesting_beyond_all_measure_are_refused_or_left_out() -> None:
    huge = "1" + "0" * 400
    point = '{"features": [{"geometry": {"type": "Point", "coordinates": [%s, 2]}}]}'
    assert from_geojson(point % huge, EMPTY).items == ()
    with pytest.raises(NoPlan):
        from_geojson(point % ("[" * 100_000 + "]" * 100_000), EMPTY)
    titled = (
        '{"features": [{"geometry": {"type": "Point", "coordinates": [1, 2]}, "properties": {"title": %s}}]}'
    )
    assert [item.title for item in from_geojson(titled % 12, EMPTY).items] == ["12"]
    assert len(from_geojson(titled % ("[" * 300 + "]" * 300), EMPTY).items) == 1


def test_more_than_a_plan_may_hold_is_refused() -> None:
    many = {"type": "MultiPoint", "coordinates": [[1, 2]] * (MOST_ITEMS + 1)}
    with pytest.raises(NoPlan, match="more than a plan"):
        from_geojson(json.dumps({"features": [{"geometry": many}]}), EMPTY)


def test_other_programs_files_are_read() -> None:
    square = [[[0, 0], [1, 0], [1, 1], [0, 0]]]
    multi = {"type": "MultiPolygon", "coordinates": [square, [[[2, 2], [3, 2], [3, 3], [2, 2]]]]}
    far = {"type": "Point", "coordinates": [400, 2]}
    found = [{"geometry": multi, "properties": {"name": "疏散区", "color": "red"}}, {"geometry": far}, {}]
    plan = from_geojson(json.dumps({"type": "FeatureCollection", "features": found}), EMPTY)
    assert [(item.kind, item.title, len(item.points)) for item in plan.items] == [
        ("polygon", "疏散区", 3)
    ] * 2
    assert plan.title == "x"
    with pytest.raises(NoPlan):
        from_geojson('{"type": "Feature"}', EMPTY)


@given(st.lists(st.sampled_from(["add", "title", "remove", "step", "up", "undo", "redo"]), max_size=25))
def test_all_that_was_changed_can_be_taken_back(acts) -> None:
    draft = Draft(EMPTY)
    for number, act in enumerate(acts):
        if act == "add":
            draft.add_item(PlanItem(kind="point", points=((1.0, float(number)),)))
        elif act == "title":
            draft.change(title=f"t{number}")
        elif act == "remove" and draft.plan.items:
            draft.remove_item(0)
        elif act == "step":
            draft.set_steps([*draft.plan.steps, PlanStep(who="", what=f"w{number}")])
        elif act == "up":
            draft.move_step(len(draft.plan.steps) - 1, -1)
        elif act == "undo":
            draft.undo()
        elif act == "redo":
            draft.redo()
    end = draft.plan
    while draft.can_undo:
        draft.undo()
    assert draft.plan == EMPTY
    while draft.can_redo:
        draft.redo()
    assert end == draft.plan or "undo" in acts
