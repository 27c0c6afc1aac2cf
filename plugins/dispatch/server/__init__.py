"""Server half of dispatch: the right person by road, orders, routes, closures."""

from __future__ import annotations

import os
from collections.abc import Iterable

from fastapi import APIRouter

from console.sdk.records import (
    Closure,
    EscalationRule,
    FieldText,
    HelpRequest,
    Loan,
    Order,
    OrderGroup,
    OrderTemplate,
    Role,
)
from console.sdk.server import Caller, Router, ServerContext, Session
from plugins.dispatch.server.areas import follow_areas
from plugins.dispatch.server.chooser import Chooser
from plugins.dispatch.server.closures import ClosureBook
from plugins.dispatch.server.command.attachments import Attachments
from plugins.dispatch.server.command.escalation import Pursuer
from plugins.dispatch.server.command.groups import Groups
from plugins.dispatch.server.command.routes import add_attachments, add_groups, add_settings
from plugins.dispatch.server.command.routes_stations import add_stations
from plugins.dispatch.server.command.settings import CommandSettings
from plugins.dispatch.server.command.stations import Stations
from plugins.dispatch.server.dispatcher import Dispatcher
from plugins.dispatch.server.field_texts import RECORD as FIELD_TEXT
from plugins.dispatch.server.field_texts import FieldTexts
from plugins.dispatch.server.follower import Follower
from plugins.dispatch.server.orders import OrderBook
from plugins.dispatch.server.phone import add_phone
from plugins.dispatch.server.results.facts import RoadFacts
from plugins.dispatch.server.results.routes import add_places, add_reach, add_steps
from plugins.dispatch.server.routes_choosing import add_choosing, add_rules
from plugins.dispatch.server.routes_closures import add_closures
from plugins.dispatch.server.routes_coverage import add_coverage
from plugins.dispatch.server.routes_device import add_device
from plugins.dispatch.server.routes_orders import add_reading, add_roads, add_sending
from plugins.dispatch.server.routes_teams import add_teams
from plugins.dispatch.server.routing.chosen import ChosenRouter
from plugins.dispatch.server.routing.roads import Roads
from plugins.dispatch.server.routing.valhalla import ValhallaRouter
from plugins.dispatch.server.rules import RulesBook
from plugins.dispatch.server.surveys import Surveys
from plugins.dispatch.server.teams import Teams
from plugins.dispatch.server.waiters import Waiters


def register(server: ServerContext) -> None:
    """Mount the endpoints, feed and services; follow orders while the server runs."""
    _declare_rights(server)
    embedded, waiters = Roads(server), Waiters()
    roads = _chosen(server, embedded)
    facts = RoadFacts(server, embedded, roads)
    orders, closures = OrderBook(server), ClosureBook(server)
    rules = RulesBook(server)
    chooser = Chooser(server, roads, closures, rules)
    dispatcher = Dispatcher(server, roads, orders, chooser)
    settings, groups = CommandSettings(server), Groups(server, orders)
    pursuer = Pursuer(server, dispatcher, chooser, orders, settings)
    stations, texts = Stations(server), FieldTexts(server, orders)
    follower = Follower(server, roads, orders, closures, pursuer, stations)

    router = APIRouter(tags=["dispatch"])
    add_choosing(router, server, chooser)
    add_rules(router, server, rules)
    add_teams(router, server, Teams(server, chooser, orders))
    add_coverage(router, server, Surveys(server, roads, chooser))
    add_reading(router, server, orders)
    add_sending(router, server, dispatcher, orders)
    add_roads(router, server, roads, closures)
    add_steps(router, server, facts, roads, orders, closures)
    add_reach(router, server, facts, chooser, closures)
    add_places(router, server, facts)
    add_closures(router, server, closures, follower.wake)
    add_groups(router, server, groups)
    add_settings(router, server, settings)
    add_stations(router, server, stations)
    add_attachments(router, server, Attachments(server), orders)
    add_device(router, server, orders, waiters)
    add_phone(router)
    server.routes(router)

    _provide_feed(server, orders, closures)
    _provide_command(server, groups, settings)
    _provide_stations(server, stations)
    _provide_texts(server, texts)
    server.provide("router:embedded", embedded)
    server.provide("router", roads)
    server.provide("roads.match", facts.match)
    server.provide("roads.where", facts.where)
    follow_areas(server)
    server.layers.on_change(embedded.layer_changed)
    server.layers.on_change(facts.layer_changed)
    server.positions.on_batch(lambda _fixes: follower.wake())
    server.positions.on_text(texts.take)
    server.on_start(embedded.warm_up)
    server.on_start(follower.start)
    server.feed.on_put("order", lambda order: waiters.notify(order["staff"]))
    server.on_closing(waiters.close)
    server.on_stop(follower.stop)


def _chosen(server: ServerContext, embedded: Roads) -> Router:
    """The embedded router, behind the Valhalla service that the deployment names, if it names one."""
    url = os.environ.get("ONEMAP_VALHALLA_URL", "")
    if not url:
        return embedded
    valhalla = ValhallaRouter(url)
    server.provide("router:valhalla", valhalla)
    return ChosenRouter(valhalla, embedded, server.log)


def _declare_rights(server: ServerContext) -> None:
    working = (Role.OPERATOR, Role.DISPATCHER, Role.ADMINISTRATOR)
    server.auth.declare("order.read", *Role)
    server.auth.declare("orders.write", *working)
    for action in (
        "order_group.read",
        "order_template.read",
        "order_rule.read",
        "help_request.read",
        "loan.read",
        "field_text.read",
    ):
        server.auth.declare(action, *Role)
    for action in ("order_texts.write", "order_rules.write", "help.grant"):
        server.auth.declare(action, Role.DISPATCHER, Role.ADMINISTRATOR)
    server.auth.declare("closure.read", *Role)
    server.auth.declare("closures.write", *working)
    server.auth.declare("rules.write", Role.DISPATCHER, Role.ADMINISTRATOR)


def _provide_feed(server: ServerContext, orders: OrderBook, closures: ClosureBook) -> None:
    def order_snapshot(session: Session, caller: Caller) -> Iterable[Order]:
        return orders.current(session, caller.areas)

    def closure_snapshot(session: Session, caller: Caller) -> Iterable[Closure]:
        return closures.all(session, caller.areas)

    server.feed.provide("order", order_snapshot, action="order.read")
    server.feed.provide("closure", closure_snapshot, action="closure.read")


def _provide_command(server: ServerContext, groups: Groups, settings: CommandSettings) -> None:
    def group_snapshot(session: Session, caller: Caller) -> Iterable[OrderGroup]:
        return groups.current(session, caller.areas)

    def template_snapshot(session: Session, _caller: Caller) -> Iterable[OrderTemplate]:
        return settings.templates(session)

    def rule_snapshot(session: Session, _caller: Caller) -> Iterable[EscalationRule]:
        return settings.rules(session)

    server.feed.provide("order_group", group_snapshot, action="order_group.read")
    server.feed.provide("order_template", template_snapshot, action="order_template.read")
    server.feed.provide("order_rule", rule_snapshot, action="order_rule.read")


def _provide_stations(server: ServerContext, stations: Stations) -> None:
    def request_snapshot(session: Session, caller: Caller) -> Iterable[HelpRequest]:
        return stations.requests(session, caller.areas)

    def loan_snapshot(session: Session, caller: Caller) -> Iterable[Loan]:
        return stations.loans(session, caller.areas)

    server.feed.provide("help_request", request_snapshot, action="help_request.read")
    server.feed.provide("loan", loan_snapshot, action="loan.read")


def _provide_texts(server: ServerContext, texts: FieldTexts) -> None:
    def snapshot(session: Session, caller: Caller) -> Iterable[FieldText]:
        return texts.current(session, caller.areas)

    server.feed.provide(FIELD_TEXT, snapshot, action="field_text.read")
