"""The plan that is being drawn: grids as they are and as they shall be, steps, findings, what is chosen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from PySide6.QtCore import QObject, Signal

from console.sdk import Context, Language, LayerFiles, OneMapError, Severity
from console.sdk.layer_data import PackageError
from plugins.grids.cover.check import Finding, check, moved_codes
from plugins.grids.cover.codes import name_for, next_code
from plugins.grids.cover.cover import UNIT, Cover, Grid
from plugins.grids.cover.draft import BadDraft, Draft, applied, draft_of, stale
from plugins.grids.cover.refusal import CannotDo
from plugins.grids.cover.words import REFUSALS
from plugins.grids.desktop.adjust.ground import read_cover
from plugins.grids.desktop.adjust.steps import Steps
from plugins.grids.desktop.area_tree import AreaTree
from plugins.grids.desktop.directory import Directory
from plugins.grids.desktop.outline import RECORD


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Which plan of the backend is on the desk; an empty id: none yet."""

    id: str = ""
    title: str = ""
    version: int = 0
    restores: str = ""


@dataclass(frozen=True, slots=True)
class Work:
    """What the plan does to one grid."""

    code: str
    before: Grid | None
    after: Grid | None
    heir: str = ""


class AdjustDesk(QObject):
    """``changed`` after everything that panel and map show."""

    changed = Signal()
    edited = Signal()
    """The plan itself is another: it must be kept."""
    acted = Signal()
    """The user did something on the map: keys go to the panel again."""

    def __init__(self, ctx: Context, directory: Directory) -> None:
        super().__init__()
        self.ctx, self.directory = ctx, directory
        self.active = False
        self.base: Cover | None = None
        self.steps: Steps | None = None
        self.plan = Plan()
        self.findings: list[Finding] = []
        self.chosen = ""
        self.fault = ""
        self.retired: frozenset[str] = frozenset()
        self._marks: Mapping[str, str] = {}
        """Of grids as they were when the plan was drawn, if it was drawn over others."""
        self._asked: set[str] = set()
        """Codes proposed within one step."""
        self._pending: Draft | None = None
        """To be put on the desk when the grids are there."""
        self._files: list[LayerFiles] = []
        self._tree: AreaTree | None = None
        self._loading = False
        ctx.map.on_click(self._click)
        ctx.map.layers.on_change(self._on_layers)
        ctx.selection.on_change(self._on_selection)
        directory.changed.connect(self._on_layers)
        self._enable()

    # ---- what is there ----

    @property
    def now(self) -> Cover | None:
        """The grids as they shall be."""
        return self.steps.now if self.steps is not None else None

    @property
    def is_empty(self) -> bool:
        """Whether the plan changes nothing."""
        return not self.works()

    def works(self) -> list[Work]:
        """What the plan does, by code; not to whom a border belongs that only gets a vertex."""
        base, now = self.base, self.now
        if base is None or now is None or base is now:
            return []
        return [
            Work(code, base.grids.get(code), now.grids.get(code), now.heirs.get(code, ""))
            for code in moved_codes(base, now)
        ]

    def draft(self) -> Draft:
        """The plan as it travels."""
        assert self.base is not None and self.now is not None
        draft = draft_of(self.base, self.now)
        marks = {code: self._marks.get(code, mark) for code, mark in draft.base.items()}
        return replace(draft, base=marks)

    def name(self, code: str) -> str:
        """Name of a grid as it shall be, or as it was."""
        for cover in (self.now, self.base):
            if cover is not None and code in cover:
                grid = cover[code]
                return (grid.name_en if self.ctx.language == Language.EN else "") or grid.name
        return self.directory.name(code)

    def is_mine(self, code: str) -> bool:
        """Whether the user may change a grid: one of theirs, or one that this plan makes."""
        base = self.base
        return code in self.directory.tree.nodes or (base is not None and code not in base)

    # ---- beginning and ending ----

    def begin(self) -> None:
        """Enter the mode."""
        self.active = True
        self._load_soon()
        self._tell()

    def leave(self) -> None:
        """Leave the mode; the plan stays."""
        self.active = False
        self._tell()

    def discard(self) -> None:
        """Begin anew from the grids as they are."""
        self.plan, self._marks, self.chosen = Plan(), {}, ""
        if self.base is not None:
            self.steps = Steps([self.base])
        self._edited()

    def recall(self, plan: Plan, draft: Draft) -> None:
        """A plan of an earlier session: it is there when the mode is entered."""
        self.plan, self._marks, self._pending = plan, draft.base, draft

    def open(self, plan: Plan, draft: Draft) -> None:
        """Put a plan on the desk in place of what is there."""
        self.recall(plan, draft)
        self.active = True
        if self.base is not None:
            self._put(draft)
        else:
            self._load_soon()
        self._tell()

    def set_plan(self, plan: Plan) -> None:
        """The same plan, as the backend has it now."""
        self.plan = plan
        self._tell()

    def _put(self, draft: Draft) -> None:
        """Draw the draft over the grids as they are."""
        self._pending = None
        assert self.base is not None
        try:
            cover = applied(self.base, draft)
        except BadDraft as error:
            self.ctx.notify(self.ctx.tr("The plan cannot be read: {reason}", reason=error), Severity.WARNING)
            return
        self.steps = Steps([cover])
        self._edited()

    # ---- changing ----

    def do(self, title: str, cover: Cover, chosen: str = "") -> None:
        """One step of the plan."""
        if self.steps is not None:
            self.steps.do(title, cover)
            self.chosen = chosen or self.chosen
            self._edited()
            self.acted.emit()

    def refuse(self, refused: CannotDo) -> None:
        """Say why something cannot be done."""
        text = REFUSALS[refused.why].get(self.ctx.language)
        self.ctx.notify(text, Severity.WARNING, key="onemap.grids.adjust")

    def undo(self) -> None:
        if self.steps is not None and self.steps.can_undo:
            self._said("Undone: {what}", self.steps.undo())

    def redo(self) -> None:
        if self.steps is not None and self.steps.can_redo:
            self._said("Done again: {what}", self.steps.redo())

    def _said(self, text: str, what: str) -> None:
        self.ctx.notify(self.ctx.tr(text, what=what), key="onemap.grids.adjust")
        self._edited()

    def rename(self, name: str) -> None:
        """Another name for the chosen grid."""
        now = self.now
        if now is not None and self.chosen in now and name.strip() != now[self.chosen].name:
            grid = replace(now[self.chosen], name=name.strip(), name_en="")  # that of the former name
            self.do(self.ctx.tr("Rename"), now.changed([grid]))

    def new_grid(self, grid: Grid) -> tuple[str, str]:
        """Code and name of a grid that comes out of *grid*. Raises ValueError when no code is left."""
        taken = set(self.retired) | self._asked
        for cover in (self.base, self.now):
            taken |= {*cover.grids, *cover.heirs} if cover is not None else set()
        code = next_code(grid.code[:12], taken)
        self._asked.add(code)
        return code, name_for(code, grid.name)

    def choose(self, code: str) -> None:
        """Choose a grid; empty: none."""
        if code != self.chosen:
            self.chosen = code
            self._tell()

    # ---- the ground ----

    def _load_soon(self) -> None:
        if not self._loading:
            self._loading = True
            self.ctx.tasks.start(self._load())

    async def _load(self) -> None:
        try:
            while self.active and self._is_new_ground():
                await self._read(self._grid_files())
        finally:
            self._loading = False
        self._tell()

    async def _read(self, files: list[LayerFiles]) -> None:
        tr = self.ctx.tr
        self._files, self._tree = files, self.directory.tree
        self.fault = "" if files else tr("The map has no grids yet.")
        if not files:
            return
        packages = [path for file in files for path in file.packages]
        areas = {code: node.area for code, node in self.directory.tree.nodes.items()}
        try:
            base = await self.ctx.tasks.run(read_cover, packages, areas)
        except (OSError, PackageError) as error:
            self.fault = tr("The grids cannot be read: {reason}", reason=error)
            return
        await self._fetch_retired()
        self._begin_on(base)

    def _begin_on(self, base: Cover) -> None:
        """Draw the plan over *base*. Nothing is awaited here: what is drawn meanwhile would be lost."""
        draft = self._pending or (self.draft() if self.steps is not None else None)
        if draft is not None:
            self._marks = draft.base
        self.base, self.steps = base, Steps([base])
        if draft is not None and (draft.put or draft.gone):
            self._put(draft)
        else:
            self._edited()

    async def _fetch_retired(self) -> None:
        try:
            self.retired = frozenset(await self.ctx.backend.get("/grids/retired"))
        except OneMapError as error:
            self.ctx.log.info("no retired codes: %s", error)  # the backend refuses what was given before

    def _grid_files(self) -> list[LayerFiles]:
        layers = self.ctx.map.layers
        found = [layers.files(entry.id) for entry in layers.entries() if entry.kind == "grid"]
        return [file for file in found if file is not None] if self.directory.tree.nodes else []

    def _on_layers(self) -> None:
        if self.active and self._is_new_ground():
            self._load_soon()

    def _is_new_ground(self) -> bool:
        """Whether grids or their names are others than those that were read."""
        return self._tree is not self.directory.tree or self._grid_files() != self._files

    def _on_selection(self, current: tuple[str, str] | None) -> None:
        if self.active and current is not None and current[0] == RECORD and self.now is not None:
            self.choose(current[1] if current[1] in self.now else self.chosen)

    def _click(self, lon: float, lat: float) -> None:
        if self.active and self.now is not None:
            grid = self.now.at((round(lon * UNIT), round(lat * UNIT)))
            self.choose(grid.code if grid is not None else "")
            self.acted.emit()

    # ---- telling ----

    def _edited(self) -> None:
        self._asked.clear()
        if self.now is not None and self.chosen not in self.now:
            self.chosen = ""
        self.edited.emit()
        self._tell()
        self.ctx.tasks.start(self._check())

    async def _check(self) -> None:
        base, now = self.base, self.now
        if base is None or now is None:
            return
        late = stale(base, self.draft())
        found = late or await self.ctx.tasks.run(check, base, now, self._not_given())
        if now is self.now:
            self.findings = found
            self._tell()

    def _not_given(self) -> frozenset[str]:
        return frozenset() if self.plan.restores else self.retired

    def _tell(self) -> None:
        self._enable()
        self.changed.emit()

    def _enable(self) -> None:
        steps = self.steps if self.active else None
        self.ctx.commands.set_enabled("onemap.grids.undo", steps is not None and steps.can_undo)
        self.ctx.commands.set_enabled("onemap.grids.redo", steps is not None and steps.can_redo)
