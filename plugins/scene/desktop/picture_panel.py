"""The panel 三维出图: the 3D view as a picture or a PDF, up to 8K."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QProgressBar,
    QSpinBox,
    QWidget,
)

from console.sdk import Context
from console.sdk.scene_picture import LEAST, MOST
from console.sdk.ui import Chips, Page, Section, ask_save, button, row, scrolling
from console.sdk.ui.choices import Choice
from plugins.scene.desktop.picture_caption import MOST_NOTE, MOST_TITLE
from plugins.scene.desktop.picture_desk import PictureDesk, open_file
from plugins.scene.desktop.picture_recipe import FORMS, OWN, PAPERS, SIZES

WINDOW = "onemap.scene.window"
LOOK = 0.5
"""Seconds after which one looks again how large the view is."""


class PicturePanel(Page):
    """Enter in a field saves; Escape gives up."""

    def __init__(self, ctx: Context, desk: PictureDesk) -> None:
        super().__init__()
        self._ctx, self._desk = ctx, desk
        self._offered = ""
        self.add(self._make_closed())
        self.add(scrolling(self._make_form()), 1)
        self._bar = QProgressBar(maximum=1000, textVisible=False)
        self._bar.setAccessibleName(ctx.tr("Saving the 3D view"))
        self._cancel = button(ctx.tr("Give up"), desk.cancel, "close", tooltip="Esc")
        self._told = QLabel(wordWrap=True)
        self._told.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.add(row(self._bar, self._cancel))
        self.add(self._told)
        self.add(self._make_buttons())
        self._escape = QShortcut(QKeySequence(Qt.Key.Key_Escape), self)
        self._escape.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        self._escape.activated.connect(desk.cancel)
        desk.changed.connect(self._show)
        self.destroyed.connect(ctx.tasks.every(LOOK, self._look))
        self._show()

    def _make_closed(self) -> QWidget:
        """What is said while there is nothing to be saved."""
        tr = self._ctx.tr
        self._closed = QWidget()
        layout = row(
            QLabel(tr("No 3D view is open")),
            None,
            button(tr("Open the 3D view"), lambda: self._ctx.panels.show(WINDOW), "cube"),
        )
        layout.setContentsMargins(0, 0, 0, 0)
        self._closed.setLayout(layout)
        return self._closed

    def _make_form(self) -> QWidget:
        tr, page = self._ctx.tr, QWidget()
        form = QFormLayout(page)
        form.setContentsMargins(0, 0, 0, 0)
        form.addRow(Section(tr("Picture")))
        form.addRow(tr("Size"), self._make_size())
        form.addRow("", self._make_sides())
        form.addRow("", self._like_screen)
        form.addRow(tr("Format"), self._make_format())
        form.addRow(Section(tr("Words")))
        self._add_words(form)
        form.addRow(Section(tr("File")))
        self._path = QLineEdit()
        self._path.setAccessibleName(tr("File"))
        self._path.returnPressed.connect(self._save)
        form.addRow(tr("File"), row(self._path, button(tr("Choose …"), self._choose)))
        return page

    def _make_format(self) -> QHBoxLayout:
        tr = self._ctx.tr
        self._forms = Chips(
            [(form, {"jpg": "JPEG"}.get(form, form.upper())) for form in FORMS], self._take_form
        )
        self._forms.setAccessibleName(tr("Format"))
        self._paper = Choice(tr("Page"), lambda paper: self._desk.change(paper=paper))
        papers = [(key, key.upper() if key != "picture" else tr("As the picture")) for key in PAPERS]
        self._paper.offer(papers)
        self._paper.setToolTip(tr("Page of the PDF, landscape"))
        return row(self._forms, self._paper, None)

    def _add_words(self, form: QFormLayout) -> None:
        tr = self._ctx.tr
        self._title, self._note = QLineEdit(maxLength=MOST_TITLE), QLineEdit(maxLength=MOST_NOTE)
        for field, name in ((self._title, tr("Title")), (self._note, tr("Note"))):
            field.setAccessibleName(name)
            field.textChanged.connect(self._take_words)
            field.returnPressed.connect(self._save)
            form.addRow(name, field)
        self._captioned = QCheckBox(tr("Words below the picture"))
        self._captioned.setToolTip(
            tr("Title, note, time, place, who saved it and the sources of the data; added to the height")
        )
        self._captioned.clicked.connect(lambda on: self._desk.change(captioned=on))
        form.addRow("", self._captioned)

    def _make_size(self) -> Choice:
        self._size = Choice(self._ctx.tr("Size"), lambda size: self._desk.change(size=size))
        return self._size

    def _make_sides(self) -> QHBoxLayout:
        tr, change = self._ctx.tr, self._desk.change
        self._width = QSpinBox(minimum=LEAST, maximum=MOST, singleStep=10)
        self._height = QSpinBox(minimum=LEAST, maximum=MOST, singleStep=10)
        for box in (self._width, self._height):
            box.setKeyboardTracking(False)
        self._width.setAccessibleName(tr("Width in pixels"))
        self._height.setAccessibleName(tr("Height in pixels"))
        self._width.valueChanged.connect(lambda value: change(width=value))
        self._height.valueChanged.connect(lambda value: change(height=value))
        self._like_screen = QCheckBox(tr("Sides in proportion as on the screen"))
        self._like_screen.setToolTip(
            tr("Otherwise as much is seen from top to bottom as on the screen, at the sides more or less")
        )
        self._like_screen.clicked.connect(lambda on: change(like_screen=on))
        return row(self._width, QLabel("×"), self._height, QLabel(tr("pixels")), None)

    def _make_buttons(self) -> QWidget:
        tr = self._ctx.tr
        self._begin = button(tr("Save"), self._save, "export", primary=True)
        self._copy = button(tr("Copy"), self._desk.copy, "copy")
        self._copy.setToolTip(tr("The picture onto the clipboard, at most 3840 × 2160"))
        self._open = button(tr("Open"), lambda: self._open_saved(folder=False))
        self._folder = button(tr("Open folder"), lambda: self._open_saved(folder=True))
        holder = QWidget()
        layout = row(self._begin, self._copy, self._open, self._folder, None)
        layout.setContentsMargins(0, 0, 0, 0)
        holder.setLayout(layout)
        return holder

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._show()

    def _look(self) -> None:
        """The view may have come, gone, or another size."""
        if self.isVisible():
            self._show_size()

    def _show(self) -> None:
        desk, recipe = self._desk, self._desk.recipe
        busy = desk.done is not None
        for part in (self._bar, self._cancel):
            part.setVisible(busy)
        self._escape.setEnabled(busy)
        self._bar.setValue(round((desk.done or 0.0) * 1000))
        for part in (self._open, self._folder):
            part.setVisible(desk.saved is not None and not busy)
        self._told.setText(desk.told)
        self._told.setVisible(bool(desk.told))
        for field, text in ((self._title, desk.title), (self._note, desk.note)):
            if field.text() != text:
                field.setText(text)
        self._forms.select(recipe.form)
        self._paper.show_value(recipe.paper)
        self._paper.setVisible(recipe.form == "pdf")
        self._captioned.setChecked(recipe.captioned or recipe.form == "pdf")
        self._captioned.setEnabled(recipe.form != "pdf")
        self._like_screen.setChecked(recipe.like_screen)
        self._like_screen.setEnabled(recipe.size != "screen")
        self._show_size()
        self._offer()

    def _show_size(self) -> None:
        """The sides, which change with the view's."""
        desk, own = self._desk, self._desk.recipe.size == OWN
        screen = desk.screen
        there = screen != (0, 0)
        self._closed.setHidden(there)
        for part in (self._begin, self._copy):
            part.setEnabled(there and desk.done is None)
        self._size.offer(self._sizes())
        self._size.show_value(desk.recipe.size)
        for box, pixels in zip((self._width, self._height), desk.pixels, strict=True):
            if box.value() != pixels:  # else what is being typed would be written over
                box.blockSignals(True)
                box.setValue(pixels)
                box.blockSignals(False)
        self._width.setEnabled(own)
        self._height.setEnabled(own and not (desk.recipe.like_screen and there))

    def _sizes(self) -> list[tuple[str, str]]:
        tr = self._ctx.tr
        shown = [("screen", tr("As on the screen"))]
        shown += [(key, f"{key.upper()}  {w} × {h}") for key, (w, h) in SIZES.items() if w]
        return [*shown, (OWN, tr("Own size"))]

    def _offer(self) -> None:
        """A name after the title, unless the user has given one."""
        if self._path.text() == self._offered:
            self._offered = str(self._desk.suggested())
            self._path.setText(self._offered)

    def _take_words(self) -> None:
        self._desk.title, self._desk.note = self._title.text(), self._note.text()
        self._offer()

    def _take_form(self, form: str) -> None:
        if self._path.text() != self._offered:
            self._path.setText(str(Path(self._path.text().strip()).with_suffix(f".{form}")))
        self._desk.change(form=form)

    def _choose(self) -> None:
        filters = [" ".join(f"*.{form}" for form in FORMS)]
        path = self._path.text().strip() or str(self._desk.suggested())
        ask_save(self, self._ctx.tr("Save the 3D view"), filters, self._take_path, path=path)

    def _take_path(self, path: str) -> None:
        self._path.setText(path)
        form = Path(path).suffix.lower().removeprefix(".").replace("jpeg", "jpg")
        if form in FORMS:
            self._desk.change(form=form)

    def _save(self) -> None:
        path = self._path.text().strip()
        if path == self._offered:
            path = self._offered = str(self._desk.suggested())
            self._path.setText(path)
        self._desk.save(Path(path).expanduser() if path else None)

    def _open_saved(self, *, folder: bool) -> None:
        path = self._desk.saved
        if path is not None:
            open_file(path.parent if folder else path)
