"""Tables of the plugins: one line of scripts each, and data of the first release come through all of it."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory

from console.sdk.records import Escalation, EventState, OrderState
from console.server.db import Database
from console.server.migrate import migrate_plugin
from plugins.cameras.server.tables import CameraRow
from plugins.dispatch.server import orders
from plugins.dispatch.server.closures import to_record as closure_record
from plugins.dispatch.server.command.tables import EscalationRow, HelpRow, LoanRow, TemplateRow
from plugins.dispatch.server.tables import ClosureRow, OrderRow, OrderStep
from plugins.events.server.tables import EventRow, EventStep
from tests.support.databases import KINDS, fresh_database

PLUGINS = Path(__file__).parents[2] / "plugins"
FOLDERS = {path.parents[1].name: path for path in PLUGINS.glob("*/server/migrations")}
OLD_EVENT = """INSERT INTO events_event VALUES ('e1', 'SJ-1', '井盖缺失', '310101001001001', 121.47, 31.23,
    'facility', 'general', 'dispatched', '南京东路 1 号', '', '李建国', '13912345678', 1.0, NULL, 3)"""
OLD_STEP = """INSERT INTO {}_history ({}_id, at, actor, action, note, state)
    VALUES ('{}', 1.0, '张调度', 'send', '请前往', 'sent')"""
OLD_ORDER = """INSERT INTO dispatch_order
    (id, event, staff, area, state, text, reason, eta, sent_at, ended_at, ranking, version)
    VALUES ('o1', 'e1', 's1', '310101001001001', 'sent', '请前往', '', NULL, 1.0, NULL, '{}', 4)"""
OLD_CLOSURE = """INSERT INTO dispatch_closure
    (id, area, shape, points, reason, means, "by", since, until, version)
    VALUES ('c1', '310101', 'point', '[[121.47, 31.23]]', '塌陷', '["car"]', '张调度', 1.0, NULL, 5)"""

OLD_CAMERA = """INSERT INTO cameras_camera (id, name, area, lon, lat, version, high, heading, owner, online)
    VALUES ('{}', '路口', '310101', 121.47, 31.23, 1, {}, {}, '公安', true)"""


@pytest.fixture(params=KINDS)
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """An empty database of either kind."""
    with fresh_database(request.param, tmp_path) as url:
        database = Database(url)
        yield database
        database.close()


@pytest.mark.parametrize("plugin", sorted(FOLDERS))
def test_scripts_are_one_line(plugin: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(PLUGINS.parent / "console/server/migrations"))
    config.set_main_option("version_locations", str(FOLDERS[plugin]))
    config.set_main_option("path_separator", "newline")
    scripts = ScriptDirectory.from_config(config)
    assert len(scripts.get_heads()) == 1
    assert len(scripts.get_bases()) == 1


def test_orders_events_and_closures_of_the_first_release_come_through(
    database: Database, tmp_path: Path
) -> None:
    for plugin in ("events", "dispatch"):
        migrate_plugin(database, f"onemap.{plugin}", _first_release(plugin, tmp_path))
    with database.write() as session:
        old = (OLD_EVENT, OLD_STEP.format("events", "event", "e1"), OLD_ORDER)
        for line in (*old, OLD_STEP.format("dispatch", "order", "o1"), OLD_CLOSURE):
            session.connection().exec_driver_sql(line)
    for plugin in ("events", "dispatch", "dispatch"):  # a second time changes nothing
        migrate_plugin(database, f"onemap.{plugin}", FOLDERS[plugin])

    with database.write() as session:
        order = orders.to_record(session.get_one(OrderRow, "o1"))
        assert (order.state, order.text, order.version) == (OrderState.SENT, "请前往", 4)
        assert (order.group, order.escalation, order.attachments) == ("", Escalation.NONE, ())
        closure = closure_record(session.get_one(ClosureRow, "c1"))
        assert (closure.points, closure.ended_at, closure.ended_by) == (((121.47, 31.23),), None, "")
        assert session.get_one(EventRow, "e1").state == EventState.DISPATCHED
        (step,) = session.query(EventStep).all()
        assert (step.note, step.received_at) == ("请前往", None)
        session.add(
            OrderStep(order_id="o1", at=time.time(), actor="s1", action="read", note="", state="read")
        )
        session.flush()
        assert [step.action for step in session.query(OrderStep).order_by(OrderStep.id)] == ["send", "read"]
        assert {row.kind for row in session.query(TemplateRow)} >= {"", "fire"}
        assert {row.urgency for row in session.query(EscalationRow)} == {"", "urgent", "critical"}
        assert session.query(HelpRow).count() == session.query(LoanRow).count() == 0


def test_cameras_of_the_first_release_get_a_kind(database: Database, tmp_path: Path) -> None:
    migrate_plugin(database, "onemap.cameras", _first_release("cameras", tmp_path))
    with database.write() as session:
        for name, high, heading in (("a", "true", "10.0"), ("b", "false", "NULL"), ("c", "false", "90.0")):
            line = OLD_CAMERA.format(name, high, heading)
            session.connection().exec_driver_sql(line)
    migrate_plugin(database, "onemap.cameras", FOLDERS["cameras"])
    with database.read() as session:
        found = [(row.kind, row.live) for row in session.query(CameraRow).order_by(CameraRow.id)]
    assert found == [("high", False), ("dome", False), ("bullet", False)]


def _first_release(plugin: str, tmp_path: Path) -> Path:
    """A folder with the first script alone, as that release had it."""
    folder = tmp_path / f"first-{plugin}"
    folder.mkdir()
    (first,) = FOLDERS[plugin].glob("v0001_*.py")
    shutil.copy(first, folder)
    return folder
