"""Desktop half of the datum ledger: what is known, with two panels around it."""

from __future__ import annotations

from console.sdk import Context
from plugins.datums.desktop.desk import LedgerDesk
from plugins.datums.desktop.entered import EnteredDatums
from plugins.datums.desktop.local import LocalPanel
from plugins.datums.desktop.panel import PANEL, LedgerPanel


def bind(ctx: Context) -> None:
    """Build the desk and bind commands and panels."""
    desk = LedgerDesk(ctx)
    ctx.services.provide("local_datums", EnteredDatums(desk))
    ctx.panels.bind(PANEL, lambda: LedgerPanel(desk))
    ctx.panels.bind("onemap.datums.local", lambda: LocalPanel(desk))
    ctx.commands.bind("onemap.datums.measure_all", lambda: _measure_all(desk))


def _measure_all(desk: LedgerDesk) -> None:
    desk.ctx.panels.show(PANEL)
    desk.measure_all()
