"""What the ledger knows, and all that it asks of the backend."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from typing import Any

import msgspec
from PySide6.QtCore import QObject, Signal

from console.sdk import Context, OneMapError, Severity, Undo
from console.sdk.records import DatumCheck, DatumLedger, LocalDatum
from plugins.datums.desktop.entry import Entry, entries_of
from plugins.datums.desktop.words import datum_text

MEASURE, CHANGE = "layers.measure", "layers.import"
"""Rights."""
POLL = 1.0
"""Seconds between two questions after a job."""


class LedgerDesk(QObject):
    """The one state behind both panels; ``changed`` says that it is another."""

    changed = Signal()

    def __init__(self, ctx: Context) -> None:
        super().__init__()
        self.ctx = ctx
        self.entries: list[Entry] = []
        self.locals: tuple[LocalDatum, ...] = ()
        self.reference = ""
        """Id of the layer that is held to lie right."""
        self.problem = ""
        self.loaded = False
        self.done: float | None = None
        """0..1 while layers are measured."""
        self._measuring: Undo | None = None
        self._turn = 0
        """Counts measurements, so that one that was stopped doesn't end the next."""
        ctx.undo(self.deleteLater)
        ctx.live.collection("layer").on_change(lambda _change: self.load())
        ctx.backend.on_connection(lambda connected: self.load() if connected else self.changed.emit())

    @property
    def layers(self) -> Sequence[Entry]:
        """The lines of layers."""
        return [entry for entry in self.entries if entry.layer is not None]

    def may(self, right: str) -> bool:
        """Whether the user has the right and the backend is there."""
        return self.ctx.backend.connected and self.ctx.backend.allowed(right)

    def datum(self, name: str) -> str:
        """A datum's name for the user."""
        return datum_text(name, self.ctx.tr, self.locals, self.ctx.language)

    def title(self, entry: Entry) -> str:
        """Title in the user's language."""
        return entry.title_zh if self.ctx.language == "zh_CN" else entry.title_en or entry.title_zh

    def layer_title(self, layer_id: str) -> str:
        """Title of a layer, or its id when it is gone."""
        found = next((entry for entry in self.layers if entry.key == f"layer/{layer_id}"), None)
        return self.title(found) if found else layer_id

    def load(self) -> None:
        """Ask for the ledger."""
        self.ctx.tasks.start(self._load())

    async def _load(self) -> None:
        try:
            ledger = msgspec.convert(await self.ctx.backend.get("/datums"), DatumLedger)
        except OneMapError as error:
            self.problem = str(error)
        else:
            self.problem, self.loaded, self.locals = "", True, ledger.locals
            self.entries = entries_of(ledger)
            self._choose_reference()
        self.changed.emit()

    def _choose_reference(self) -> None:
        """Keep the user's choice; else roads, along which everything lies, the surest ones first."""
        here = [entry.layer for entry in self.layers if entry.layer is not None]
        if self.reference not in {layer.id for layer in here}:
            here.sort(key=lambda layer: (layer.kind != "road", layer.datum_known == "guessed", layer.id))
            self.reference = here[0].id if here else ""

    def measure_all(self) -> None:
        """Measure every layer but the reference."""
        self.ctx.tasks.start(self._measure_all())

    async def _measure_all(self) -> None:
        if not self.loaded:
            await self._load()
        self.measure([e.layer.id for e in self.layers if e.layer and e.layer.id != self.reference])

    def measure(self, layer_ids: Sequence[str]) -> None:
        """Measure these against the reference, one after another; what ran before is stopped."""
        self.stop()
        if layer_ids and self.may(MEASURE):
            self._measuring = self.ctx.tasks.start(self._measure(list(layer_ids)))

    def stop(self) -> None:
        """Ask no further; what has come stays."""
        if self._measuring is not None:
            self._measuring()
            self._measuring = None
        self._turn, self.done = self._turn + 1, None
        self.changed.emit()

    async def _measure(self, layer_ids: list[str]) -> None:
        turn = self._turn
        try:
            with self.ctx.tasks.progress(self.ctx.tr("Measuring datums")) as progress:
                for number, layer_id in enumerate(layer_ids):
                    self.done = number / len(layer_ids)
                    self.changed.emit()
                    progress.report(self.done, self.layer_title(layer_id))
                    body = {"layer": layer_id, "reference": self.reference}
                    self._take(
                        msgspec.convert(await self.ctx.backend.post("/datums/checks", body), DatumCheck)
                    )
        except OneMapError as error:
            self._tell(self.ctx.tr("The layers could not be measured"), error)
        finally:
            if turn == self._turn:
                self.done = self._measuring = None
                self.changed.emit()
        await self._load()

    def _take(self, check: DatumCheck) -> None:
        """A guess that fits has become a measured datum, so the line is asked for anew at the end."""
        key = f"layer/{check.layer}"
        self.entries = [replace(e, check=check) if e.key == key else e for e in self.entries]

    def read_as(self, layer_id: str, datum: str) -> None:
        """Have a stored layer read in another datum."""
        self.ctx.tasks.start(self._read_as(layer_id, datum))

    async def _read_as(self, layer_id: str, datum: str) -> None:
        tr, title = self.ctx.tr, self.layer_title(layer_id)
        words = {"title": title, "datum": self.datum(datum)}
        try:
            with self.ctx.tasks.progress(tr("{title} is read as {datum}", **words)) as progress:
                job = await self.ctx.backend.post(f"/layers/{layer_id}/datum", {"datum": datum})
                while job["state"] == "running":
                    progress.report(job["progress"], job["text"])
                    await self.ctx.tasks.sleep(POLL)
                    job = await self.ctx.backend.get(f"/imports/{job['id']}")
        except OneMapError as error:
            self._tell(tr("{title} stays as it was", title=title), error)
            return
        if job["state"] == "done":
            self.ctx.notify(tr("{title} was read as {datum}", **words), Severity.SUCCESS)
        else:
            why = job["error"] if self.ctx.language == "zh_CN" else job["error_en"]
            self.ctx.notify(tr("{title} stays as it was", title=title), Severity.ERROR, detail=why)
        await self._load()

    def put_local(self, name: str, definition: dict[str, Any], then: Callable[[], None]) -> None:
        """Enter a local datum; *then* is called once it is kept."""
        self.ctx.tasks.start(self._change(self.ctx.backend.put(f"/datums/local/{name}", definition), then))

    def drop_local(self, name: str, then: Callable[[], None]) -> None:
        """Take a local datum away."""
        self.ctx.tasks.start(self._change(self.ctx.backend.delete(f"/datums/local/{name}"), then))

    async def _change(self, asked: Awaitable[Any], then: Callable[[], None]) -> None:
        try:
            await asked
        except OneMapError as error:
            self._tell(self.ctx.tr("The local datum stays as it was"), error)
        else:
            then()
            await self._load()

    def _tell(self, text: str, error: OneMapError) -> None:
        self.ctx.notify(text, Severity.ERROR, detail=str(error), key="onemap.datums.failed")
