"""Endpoints of command: groups, ready texts, rules for silence, attachments."""

from __future__ import annotations

import base64
from typing import Any

from fastapi import APIRouter, Depends, Response
from fastapi.responses import FileResponse

from console.sdk.records import Attachment, EscalationRule, Order, OrderGroup, OrderTemplate
from console.sdk.server import (
    Caller,
    Device,
    IdempotencyKey,
    ServerContext,
    Session,
    for_whole_district,
    json_answer,
    write_once,
)
from plugins.dispatch.server.bodies import AttachBody, Hash, Id
from plugins.dispatch.server.command.attachments import Attachments, attached
from plugins.dispatch.server.command.bodies import (
    EscalationBody,
    GroupBody,
    GroupStepBody,
    Selection,
    TemplateBody,
    UploadBody,
)
from plugins.dispatch.server.command.groups import Groups
from plugins.dispatch.server.command.settings import RULE, TEMPLATE, CommandSettings
from plugins.dispatch.server.orders import OrderBook, to_record


def add_groups(router: APIRouter, server: ServerContext, groups: Groups) -> None:
    """Sending to many."""
    sender = Depends(server.auth.require("orders.write"))

    @router.post("/groups/preview")
    def preview(body: Selection, caller: Caller = sender) -> Response:
        """Who would get the order: ``{"staff": [ids]}``."""
        with server.session(write=False) as session:
            return json_answer({"staff": [member.id for member in groups.members(session, body, caller)]})

    @router.post("/groups", response_model=OrderGroup)
    def send(body: GroupBody, key: IdempotencyKey = None, caller: Caller = sender) -> Response:
        """One group record and one order a person, all or none."""
        return write_once(server, caller, key, lambda session: groups.send(session, body, caller))

    @router.post("/groups/{group_id}/actions", response_model=OrderGroup)
    def act(
        group_id: Id, _body: GroupStepBody, key: IdempotencyKey = None, caller: Caller = sender
    ) -> Response:
        """Take back those orders of the group that are open."""
        return write_once(server, caller, key, lambda session: groups.cancel(session, group_id, caller))


def add_settings(router: APIRouter, server: ServerContext, settings: CommandSettings) -> None:
    """Ready texts and rules; all consoles get them on the feed."""
    writers = {
        TEMPLATE: Depends(server.auth.require("order_texts.write")),
        RULE: Depends(server.auth.require("order_rules.write")),
    }

    @router.put("/templates/{template_id}", response_model=OrderTemplate)
    def put_template(
        template_id: Id, body: TemplateBody, key: IdempotencyKey = None, caller: Caller = writers[TEMPLATE]
    ) -> Response:
        """Store or replace a ready text; all stations have the same."""
        for_whole_district(caller)

        def work(session: Session) -> OrderTemplate:
            server.audit(session, caller, "order_texts.put", f"template/{template_id}", reason=body.zh)
            return settings.put_template(session, template_id, body, caller.name)

        return write_once(server, caller, key, work)

    @router.put("/escalations/{rule_id}", response_model=EscalationRule)
    def put_rule(
        rule_id: Id, body: EscalationBody, key: IdempotencyKey = None, caller: Caller = writers[RULE]
    ) -> Response:
        """Store or replace a rule of all stations; 409 when its class and level have one already."""
        for_whole_district(caller)

        def work(session: Session) -> EscalationRule:
            server.audit(session, caller, "order_rules.put", f"rule/{rule_id}", reason=body.model_dump_json())
            return settings.put_rule(session, rule_id, body)

        return write_once(server, caller, key, work)

    for path, record_type, word in (
        ("/templates/{item_id}", TEMPLATE, "order_texts"),
        ("/escalations/{item_id}", RULE, "order_rules"),
    ):
        _add_drop(router, server, settings, path, record_type, word)


def _add_drop(
    router: APIRouter,
    server: ServerContext,
    settings: CommandSettings,
    path: str,
    record_type: str,
    word: str,
) -> None:
    writer = Depends(server.auth.require(f"{word}.write"))

    @router.delete(path, operation_id=f"drop_{record_type}")
    def drop(item_id: Id, key: IdempotencyKey = None, caller: Caller = writer) -> Response:
        """Take a ready text or rule away from all stations."""
        for_whole_district(caller)

        def work(session: Session) -> dict[str, Any]:
            settings.drop(session, record_type, item_id)
            server.audit(session, caller, f"{word}.drop", f"{record_type}/{item_id}")
            return {"id": item_id}

        return write_once(server, caller, key, work)


def add_attachments(
    router: APIRouter, server: ServerContext, attachments: Attachments, orders: OrderBook
) -> None:
    """Giving files for orders, and reading those of one's own orders."""
    sender = Depends(server.auth.require("orders.write"))
    reader = Depends(server.auth.require("order.read"))
    known = Depends(server.auth.device())

    @router.post("/attachments", response_model=Attachment)
    def upload(body: UploadBody, key: IdempotencyKey = None, caller: Caller = sender) -> Response:
        """Keep a file; orders then name it by the SHA-256 of its bytes."""

        def work(session: Session) -> Attachment:
            kept = attachments.keep(session, body, caller)
            server.audit(session, caller, "attachments.upload", f"attachment/{kept.id}", reason=kept.name)
            return kept

        return write_once(server, caller, key, work)

    @router.post("/orders/{order_id}/attachments", response_model=Order)
    def add(order_id: Id, body: AttachBody, key: IdempotencyKey = None, caller: Caller = sender) -> Response:
        """Add uploaded files to an open order; its device is told at once."""

        def work(session: Session) -> Order:
            row = orders.row(session, order_id, caller.areas)
            files = attached(session, body.attachments, caller)
            names = ", ".join(each["name"] for each in files)
            server.audit(
                session, caller, "orders.attach", f"order/{order_id}", reason=names[:500], area=row.area
            )
            return orders.attach(session, row, files, caller.name)

        return write_once(server, caller, key, work)

    @router.get("/orders/{order_id}/attachments/{attachment_id}")
    def download(order_id: Id, attachment_id: Hash, caller: Caller = reader) -> Response:
        """``{"name", "media_type", "data": base64}``; audited."""
        with server.session(write=True) as session:
            order = to_record(orders.row(session, order_id, caller.areas))
            path, attachment = attachments.path(order.attachments, attachment_id)
            subject = f"attachment/{attachment_id}"
            server.audit(session, caller, "attachments.read", subject, reason=order_id, area=order.area)
        data = base64.b64encode(path.read_bytes()).decode()
        return json_answer({"name": attachment.name, "media_type": attachment.media_type, "data": data})

    @router.get("/device/orders/{order_id}/attachments/{attachment_id}")
    def download_to_device(order_id: Id, attachment_id: Hash, device: Device = known) -> Response:
        """The bytes of an attachment of the device's own order; audited."""
        with server.session(write=True) as session:
            order = to_record(orders.row_of_staff(session, order_id, device.subject))
            path, attachment = attachments.path(order.attachments, attachment_id)
            subject = f"attachment/{attachment_id}"
            server.audit(session, device, "attachments.read", subject, reason=order_id, area=order.area)
        # As a download: what was uploaded is never shown as a page of this site.
        return FileResponse(path, media_type=attachment.media_type, filename=attachment.name)
