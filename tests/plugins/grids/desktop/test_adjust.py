"""Adjusting grids on a real map: tools, steps back, faults with their places, drafts, putting in force."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import asdict
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPlainTextEdit, QPushButton, QStackedWidget, QTableView

from console.map.views.view import MapView
from console.model.grid_plans import GridPlan, PlanState
from console.model.layers import FeatureShape, LayerKind, LayerPackage
from console.model.records import Role, User
from console.sdk import Area
from console.testing import Console, MemoryBackend
from plugins.grids.cover.draft import Draft
from plugins.grids.desktop.adjust.panel import PlanPart
from plugins.grids.model import CheckAnswer, Revision
from tests.map.conftest import CENTER, Place, package, square, until

G1, G2, G3 = (f"320302001001{n:03d}" for n in (1, 2, 3))
SIDE = 0.004
PLACES = {code: (CENTER[0] + at * SIDE, CENTER[1]) for code, at in ((G1, -1), (G2, 0), (G3, 1))}
"""Three grids in a row."""
PANEL = "onemap.grids.adjust"
Panel = Callable[[str], Any]
WHOLE = User(id="u2", username="head", name="区中心", role=Role.DISPATCHER, areas=("320302",))
PLAN = GridPlan(
    id="plan-0001",
    area="320302001001",
    title="拆分",
    state=PlanState.DRAFT,
    author="张",
    changed_at=1.0,
    grids=2,
    version=7,
)


def layer() -> LayerPackage:
    made = package(
        LayerKind.GRID,
        FeatureShape.POLYGON,
        [square(*place, SIDE) for place in PLACES.values()],
        list(PLACES),
        level=[15, 15, 15],
    )
    made.columns["code"] = made.columns["name"]
    made.text_columns = (*made.text_columns, "code")
    return made


@pytest.fixture
def adjust(
    console: Console, backend: MemoryBackend, view: MapView, activate: Callable[..., Console], place: Place
) -> Console:
    """The plugin over a real map with three grids of the district centre's."""
    h = SIDE / 2
    areas = [Area(code="320302", name="鼓楼区", level=6, bounds=(117.1, 34.2, 117.3, 34.4))]
    areas += [
        Area(code=code, name=f"第{code[-1]}网格", level=15, bounds=(x - h, y - h, x + h, y + h))
        for code, (x, y) in PLACES.items()
    ]
    backend.answer("GET", "/areas", areas)
    backend.answer("GET", "/grids/retired", [])
    backend.user = WHOLE
    mapped: Any = console
    mapped.map = view.facet
    view.set_base([place("grid", layer())])
    view.facet.center_on(*CENTER, 15)
    return activate("grids")


@pytest.fixture
def part(adjust: Console, panel: Panel) -> Iterator[PlanPart]:
    """The panel with the mode entered and the grids read."""
    widget = panel(PANEL)
    widget.activateWindow()
    assert QTest.qWaitForWindowActive(widget)  # keys of its actions go to the active window alone
    found = plan_part(widget)
    press(found, "开始调整网格")
    settle(adjust, lambda: found._desk.now is not None)
    yield found
    del widget


def plan_part(widget: Any) -> PlanPart:
    """By its name: a plugin that is activated again has classes of its own."""
    return next(each for each in widget.findChildren(QStackedWidget) if type(each).__name__ == "PlanPart")


def settle(console: Console, there: Callable[[], Any]) -> None:
    def turned() -> bool:
        console.clock.advance(0.05)
        return bool(there())

    until(turned)


def press(widget: Any, title: str) -> None:
    found = next(b for b in widget.findChildren(QPushButton) if title in (b.text(), b.toolTip()))
    assert found.isEnabled(), title
    found.click()


def pixel(view: MapView, lon: float, lat: float) -> QPoint:
    x, y = view.viewport.pixel_of(lon, lat)
    return QPoint(round(x), round(y))


def click(view: MapView, lon: float, lat: float) -> None:
    QTest.mouseClick(view, Qt.MouseButton.LeftButton, pos=pixel(view, lon, lat))


def split_second(
    console: Console, part: PlanPart, view: MapView, x: float = 0.05, y: float = 0.0, upright: bool = True
) -> None:
    """Divide the grid in the middle from south to north, or from west to east; *x*, *y* in sides from its
    middle."""
    part._desk.choose(G2)
    press(part, "拆分")
    settle(console, lambda: view.bench.tool is not None)
    (lon, lat), (dx, dy) = PLACES[G2], (0.0, 0.7) if upright else (0.7, 0.0)
    for way in (-1, 1):
        click(view, lon + (x + way * dx) * SIDE, lat + (y + way * dy) * SIDE)
    QTest.keyClick(view, Qt.Key.Key_Return)
    settle(console, lambda: part._desk.works())


def changes(part: PlanPart) -> list[tuple[str, str, str]]:
    model = part._works.findChild(QTableView).model()
    return [
        tuple(model.index(row, column).data() for column in range(3))  # type: ignore[misc]
        for row in range(model.rowCount())
    ]


def test_a_grid_is_chosen_and_split_and_steps_go_back_and_forth(
    adjust: Console, part: PlanPart, view: MapView
) -> None:
    click(view, *PLACES[G2])
    assert part._toolbox._name.text() == "第2网格"
    split_second(adjust, part, view)
    assert [(name, what) for name, what, _ in changes(part)] == [("第2网格", "地界"), ("第4网格", "新增")]
    QTest.keyClick(part, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    settle(adjust, lambda: not changes(part))
    QTest.keyClick(part, Qt.Key.Key_Y, Qt.KeyboardModifier.ControlModifier)
    settle(adjust, lambda: len(changes(part)) == 2)
    adjust.run("onemap.grids.undo")
    assert changes(part) == []
    adjust.run("onemap.grids.redo")
    settle(adjust, lambda: len(changes(part)) == 2)
    assert part._desk.findings == []
    name = part._toolbox._name
    part._desk.choose("320302001001004")
    name.setText("商圈网格")
    name.editingFinished.emit()
    assert ("商圈网格", "新增") in [(name, what) for name, what, _ in changes(part)]


def test_a_neighbour_whose_border_only_gets_a_vertex_is_not_said_to_change(
    adjust: Console, part: PlanPart, view: MapView
) -> None:
    split_second(adjust, part, view, x=0.0, y=0.1, upright=False)
    assert [(name, what) for name, what, _ in changes(part)] == [("第2网格", "地界"), ("第4网格", "新增")]
    assert len(part._desk.draft().put) == 4, "but the plan has its new vertex"
    settle(adjust, lambda: part._desk.findings == [])


def test_escape_leaves_step_by_step(adjust: Console, part: PlanPart, view: MapView) -> None:
    split_second(adjust, part, view)
    press(part, "生效…")
    steps: list[tuple[str, str]] = []
    for _ in range(3):
        QTest.keyClick(part, Qt.Key.Key_Escape)
        steps.append((type(part.currentWidget()).__name__, part._desk.chosen))
    assert steps == [("Page", G2), ("Page", ""), ("EmptyState", "")]
    assert len(part._desk.works()) == 2, "the plan stays"


def test_neighbours_are_merged_and_a_piece_is_given(adjust: Console, part: PlanPart, view: MapView) -> None:
    part._desk.choose(G1)
    press(part, "合并")
    settle(adjust, lambda: view.bench.tool is not None)
    click(view, *PLACES[G2])
    settle(adjust, lambda: part._desk.works())
    assert [(name, what) for name, what, _ in changes(part)] == [
        ("第1网格", "地界"),
        ("第2网格", "并入第1网格"),
    ]
    part._desk.undo()
    part._desk.choose(G3)
    press(part, "合并")
    settle(adjust, lambda: view.bench.tool is not None)
    click(view, *PLACES[G1])
    settle(adjust, lambda: any("没有共同边界" in each.text for each in adjust.notifications))
    assert changes(part) == []


def test_a_shared_corner_moves_in_both_grids(adjust: Console, part: PlanPart, view: MapView) -> None:
    lon, lat = PLACES[G2]
    west, north = lon - SIDE / 2, lat + SIDE / 2
    part._desk.choose(G2)
    press(part, "移边界")
    settle(adjust, lambda: view.bench.tool is not None)
    middle = pixel(view, west, lat)
    QTest.mousePress(view, Qt.MouseButton.LeftButton, pos=middle)
    QTest.mouseMove(view, middle + QPoint(30, 0))
    QTest.mouseRelease(view, Qt.MouseButton.LeftButton, pos=middle + QPoint(30, 0))
    QTest.keyClick(view, Qt.Key.Key_Return)
    settle(adjust, lambda: part._desk.works())
    assert {work.code for work in part._desk.works()} == {G1, G2}
    settle(adjust, lambda: part._desk.findings == [])
    before, now = part._desk.base, part._desk.now
    assert before is not None and now is not None
    gained = now[G1].shape.area - before[G1].shape.area
    assert gained == pytest.approx(before[G2].shape.area - now[G2].shape.area) and abs(gained) > 0
    assert north > lat


def test_faults_are_listed_and_shown_and_nothing_is_put_in_force(
    adjust: Console, part: PlanPart, view: MapView
) -> None:
    split_second(adjust, part, view)
    name = part._toolbox._name
    name.setText("")
    name.editingFinished.emit()
    settle(adjust, lambda: part._desk.findings)
    model = part._findings.findChild(QTableView).model()
    assert model.index(0, 0).data() == "网格缺少名称"
    assert not part._force.isEnabled()
    view.facet.center_on(117.0, 34.0, 12)
    part._findings.select_key(part._findings.shown[0] and model.key(part._findings.shown[0]))
    part._findings.findChild(QTableView).activated.emit(model.index(0, 0))
    west, south, east, north = view.facet.bounds()
    lon, lat = PLACES[G2]
    assert west < lon < east and south < lat < north


def test_a_draft_is_shared_checked_and_put_in_force(
    adjust: Console, part: PlanPart, view: MapView, backend: MemoryBackend
) -> None:
    split_second(adjust, part, view)
    backend.answer("PUT", "/grids/plans/.*", PLAN)
    backend.answer("POST", "/grids/check", CheckAnswer(findings=[], moves={"staff": 3}))
    done = Revision(
        id="r1",
        plan=PLAN.id,
        area=PLAN.area,
        title="拆分",
        reason="",
        author="张",
        at=1.0,
        grids=[G2],
        gone={},
        moved={},
    )
    backend.answer("POST", "/grids/plans/.*/force", done)
    press(part, "共享草案")
    settle(adjust, lambda: part._sharing.sent)
    sent = next(r for r in backend.requests if r.method == "PUT")
    assert [grid["code"] for grid in sent.body["draft"]["put"]] == [G2, "320302001001004"]
    press(part, "生效…")
    settle(adjust, lambda: part._form._ready)
    assert "变更网格的人员" in texts_of(part._form) and not part._form._do.isEnabled()
    part._form.findChild(QPlainTextEdit).setPlainText("商圈人口增长")
    press(part._form, "确认生效")
    settle(adjust, lambda: part._desk.is_empty)
    forced = next(r for r in reversed(backend.requests) if r.path.endswith("/force"))
    assert forced.body == {"version": 7, "reason": "商圈人口增长"}


def texts_of(widget: Any) -> list[str]:
    return [label.text() for label in widget.findChildren(QLabel)]


def test_a_plan_is_kept_while_cut_off_and_sent_when_the_backend_is_back(
    adjust: Console, part: PlanPart, view: MapView, backend: MemoryBackend, panel: Panel
) -> None:
    split_second(adjust, part, view)
    backend.answer("PUT", "/grids/plans/.*", PLAN)
    backend.set_connected(False)
    press(part, "共享草案")
    settle(adjust, lambda: part._sharing._wanted)
    assert not part._sharing.sent
    backend.set_connected(True)
    settle(adjust, lambda: part._sharing.sent)
    adjust.host.deactivate("onemap.grids")
    adjust.host.activate("onemap.grids")
    adjust.clock.advance(0.2)
    widget = panel(PANEL)
    again = plan_part(widget)
    press(again, "开始调整网格")
    settle(adjust, lambda: len(changes(again)) == 2)


def test_only_the_district_centre_puts_in_force(
    adjust: Console, part: PlanPart, view: MapView, backend: MemoryBackend
) -> None:
    backend.user = User(id="u3", username="s", name="街道", role=Role.DISPATCHER, areas=("320302001",))
    split_second(adjust, part, view)
    assert not part._force.isEnabled() and "区中心" in part._force.toolTip()
    assert part._share.isEnabled()


def test_a_shared_draft_is_opened_on_the_desk(
    adjust: Console, part: PlanPart, view: MapView, backend: MemoryBackend
) -> None:
    split_second(adjust, part, view)
    draft: Draft = part._desk.draft()
    part._desk.discard()
    assert changes(part) == []
    adjust.put("grid_plan", PLAN)
    assert [plan.id for plan in part._sharing.drafts()] == [PLAN.id]
    backend.answer("GET", f"/grids/plans/{PLAN.id}", {"plan": asdict(PLAN), "draft": asdict(draft)})
    part._desk.ctx.tasks.start(part._sharing.open(PLAN.id))
    settle(adjust, lambda: len(changes(part)) == 2)
    assert part._desk.plan.version == 7 and part._sharing.sent


def test_what_is_drawn_while_grids_are_read_again_stays(
    adjust: Console, part: PlanPart, view: MapView, backend: MemoryBackend
) -> None:
    split_second(adjust, part, view)
    asked: list[str] = []

    def retired(request: Any) -> list[str]:
        asked.append(request.path)
        part._desk.choose(G1)
        part._desk.rename("河东网格")
        return []

    backend.answer("GET", "/grids/retired", retired)
    part._desk._files = []  # as if the layer were another
    part._desk._load_soon()
    settle(adjust, lambda: asked and not part._desk._loading)
    assert ("河东网格", "名称") in [(name, what) for name, what, _ in changes(part)]
    assert len(changes(part)) == 3


def test_a_plan_that_was_left_is_not_sent_in_place_of_another(
    adjust: Console, part: PlanPart, view: MapView, backend: MemoryBackend
) -> None:
    split_second(adjust, part, view)
    backend.answer("PUT", "/grids/plans/.*", PLAN)
    backend.set_connected(False)
    press(part, "共享草案")
    settle(adjust, lambda: part._sharing._wanted)
    part._desk.discard()
    split_second(adjust, part, view)
    asked = len(backend.requests)
    backend.set_connected(True)
    adjust.clock.advance(0.5)
    assert [r for r in backend.requests[asked:] if r.method == "PUT"] == []


def test_an_answer_that_comes_late_leaves_the_plan_opened_meanwhile(
    adjust: Console, part: PlanPart, view: MapView, backend: MemoryBackend
) -> None:
    split_second(adjust, part, view)
    draft: Draft = part._desk.draft()
    other = type(part._desk.plan)(id="plan-0002", title="另一方案", version=3)

    def answer(_request: Any) -> GridPlan:
        part._desk.open(other, draft)
        return PLAN

    backend.answer("PUT", "/grids/plans/.*", answer)
    press(part, "共享草案")
    settle(adjust, lambda: part._desk.plan.id == other.id)
    adjust.clock.advance(0.5)
    assert part._desk.plan == other


def test_a_draft_whose_answer_was_lost_is_sent_again_under_the_same_key(
    adjust: Console, part: PlanPart, view: MapView, backend: MemoryBackend
) -> None:
    split_second(adjust, part, view)
    backend.answer("PUT", "/grids/plans/.*", PLAN)
    backend.set_connected(False)
    press(part, "共享草案")
    settle(adjust, lambda: part._sharing._wanted)
    backend.set_connected(True)
    settle(adjust, lambda: part._sharing.sent)
    first, again = [r.key for r in backend.requests if r.method == "PUT"]
    assert first == again and 0 < len(first) <= 64
