"""The form of a plan: its words, its steps, what it draws; everything can be undone until it is saved."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QLabel, QLineEdit, QPlainTextEdit

from console.sdk.records import Plan
from console.sdk.ui import Page, Tabs, button, row
from console.sdk.ui.choices import Choice
from plugins.plans.desktop.desk import PlansDesk
from plugins.plans.desktop.draft import Draft
from plugins.plans.desktop.items import Items
from plugins.plans.desktop.layer import PlanLayer
from plugins.plans.desktop.steps import Steps
from plugins.plans.desktop.words import CLASSES
from plugins.plans.model import NOTE_LIMIT, TITLE_LIMIT


class Note(QPlainTextEdit):
    """Text of several lines; tells when the user leaves it."""

    def __init__(self, on_left: Callable[[], Any]) -> None:
        super().__init__(tabChangesFocus=True)
        self._on_left = on_left

    def focusOutEvent(self, event: Any) -> None:
        super().focusOutEvent(event)
        self._on_left()


class PlanEditor(Page):
    """Ctrl+S saves, Ctrl+Z and Ctrl+Y undo and redo, Esc asks and leaves; *on_done* is called then."""

    def __init__(self, desk: PlansDesk, layer: PlanLayer, on_done: Callable[[], Any]) -> None:
        super().__init__()
        self._desk, self._on_done = desk, on_done
        self._draft: Draft | None = None
        self._asked = self._conflict = False
        tr = desk.ctx.tr
        self._warning = QLabel(wordWrap=True)
        self._warning.setObjectName("banner")
        self._title = QLineEdit(placeholderText=tr("Title of the plan"), maxLength=TITLE_LIMIT)
        self._title.setAccessibleName(tr("Title of the plan"))
        self._title.editingFinished.connect(lambda: self._set(title=self._title.text().strip()))
        self._class = Choice(tr("Class of events"), lambda value: self._set(event_class=value))
        self._class.offer([(value, tr(title)) for value, title in CLASSES.items()])
        self._area = Choice(tr("Unit"), lambda value: self._set(area=value))
        self._note = Note(lambda: self._set(note=self._note.toPlainText()[:NOTE_LIMIT]))
        self._note.setPlaceholderText(tr("When it is used, what to mind"))
        self._note.setAccessibleName(tr("Remarks"))
        self._steps, self._items = Steps(tr, self._part_changed), Items(desk, layer, self._part_changed)
        self._tabs = Tabs(
            [
                (tr("Drawn"), lambda: self._items),
                (tr("Steps"), lambda: self._steps),
                (tr("Remarks"), lambda: self._note),
            ]
        )
        self._undo = button("", self.undo, "undo", tooltip=tr("Undo (Ctrl+Z)"))
        self._redo = button("", self.redo, "redo", tooltip=tr("Redo (Ctrl+Y)"))
        self._leave = button(tr("Back"), self.leave, "close", tooltip=tr("Esc"))
        self._save = button(tr("Save"), self.save, "check", primary=True, tooltip=tr("Ctrl+S"))
        self.add(self._warning)
        self.add(self._title)
        self.add(row(self._class, self._area))
        self.add(self._tabs.chips)
        self.add(self._tabs, 1)
        self.add(row(self._leave, self._undo, self._redo, None, self._save))
        self.setFocusProxy(self._title)
        desk.item_chosen.connect(self._choose_item)
        desk.item_unwanted.connect(self._take_out)
        self._add_keys()

    def _add_keys(self) -> None:
        keys: dict[str, Callable[[], None]] = {
            "Ctrl+S": self.save,
            "Ctrl+Z": self.undo,
            "Ctrl+Y": self.redo,
            "Ctrl+Shift+Z": self.redo,
            "Esc": self.leave,
        }
        for key, act in keys.items():
            shortcut = QShortcut(QKeySequence(key), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(act)

    @property
    def unsaved(self) -> bool:
        """Whether something is lost when it is closed: changes, or a plan that is nowhere else."""
        self._put_down()
        draft = self._draft
        return draft is not None and (draft.changed or self._conflict or _is_new(draft.plan))

    def open_plan(self, plan: Plan, conflict: bool) -> None:
        """Begin with a plan; *conflict*: it could not be saved on top of somebody else's edition."""
        self._draft = Draft(plan)
        self._asked = False
        tr = self._desk.ctx.tr
        text = tr(
            "Somebody else has saved this plan meanwhile. Saving replaces it; theirs stays under Editions."
        )
        self._warning.setText(text if conflict else "")
        self._conflict = conflict
        self._show()
        self._title.setFocus()

    def save(self) -> None:
        """Send the plan, once it has a title."""
        self._put_down()
        draft, tr = self._draft, self._desk.ctx.tr
        if draft is None:
            return
        if not draft.plan.title or not draft.plan.area:
            self._warning.setText(
                tr("A plan needs a title") if draft.plan.area else tr("A plan needs a unit")
            )
            self._warning.show()
            self._title.setFocus()
            return
        self._close()
        self._desk.save(draft.plan)
        self._desk.choose(draft.plan.id)

    def leave(self) -> None:
        """Back to the list; changes are given up only when asked twice."""
        if self.unsaved and not self._asked:
            self._asked = True
            self._warning.setText(self._desk.ctx.tr("It is not saved. Once more: give up the changes."))
            self._warning.show()
            return
        self._close()

    def undo(self) -> None:
        """Take back the last change."""
        if self._draft is not None:
            self._put_down()
            self._draft.undo()
            self._changed()

    def redo(self) -> None:
        """Do again what was taken back."""
        if self._draft is not None:
            self._draft.redo()
            self._changed()

    def _choose_item(self, index: int) -> None:
        """It was clicked on the map."""
        self._tabs.turn(0)
        self._items.choose(index)

    def _take_out(self, index: int) -> None:
        self._choose_item(index)
        self._items.remove()

    def _close(self) -> None:
        self._draft = None
        self._desk.set_draft(None)
        self._on_done()

    def _put_down(self) -> None:
        """What is being written counts, though its field or cell was not left."""
        self._items.put_down()
        self._read()

    def _read(self) -> None:
        self._set(title=self._title.text().strip())
        self._set(note=self._note.toPlainText()[:NOTE_LIMIT])

    def _set(self, **fields: Any) -> None:
        if self._draft is not None and self._draft.change(**fields):
            self._changed()

    def _part_changed(self) -> None:
        """Steps or things drawn are others; what is just being written above them is kept."""
        self._read()
        self._changed()

    def _changed(self) -> None:
        self._asked = False
        self._show()

    def _show(self) -> None:
        """All fields as the draft has them."""
        if self._draft is None:
            return
        plan, desk = self._draft.plan, self._desk
        self._desk.set_draft(plan)
        self._warning.setVisible(bool(self._warning.text()) and (self._conflict or self._asked))
        self._title.setText(plan.title)
        areas = desk.own_areas()
        here = [] if plan.area in dict(areas) else [(plan.area, desk.area_name(plan.area))]
        self._area.offer([*here, *areas])
        self._area.show_value(plan.area)
        self._class.show_value(plan.event_class)
        if self._note.toPlainText() != plan.note:
            self._note.setPlainText(plan.note)
        self._steps.show_draft(self._draft)
        self._items.show_draft(self._draft)
        tr = desk.ctx.tr
        self._tabs.set_title(0, f"{tr('Drawn')} {len(plan.items)}")
        self._tabs.set_title(1, f"{tr('Steps')} {len(plan.steps)}")
        self._undo.setEnabled(self._draft.can_undo)
        self._redo.setEnabled(self._draft.can_redo)


def _is_new(plan: Plan) -> bool:
    """Whether there is something in it that was never saved: a copy, or what was read from a file."""
    return plan.version == 0 and bool(plan.steps or plan.items or plan.note)
