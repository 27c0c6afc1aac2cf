"""The panel of the project: open, show and hide its layers, see what is at a place."""

from __future__ import annotations

from PySide6.QtCore import QMimeData, Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication
from PySide6.QtWidgets import QLabel, QLineEdit, QSplitter, QStackedWidget

from console.sdk import QgisState
from console.sdk.ui import EmptyState, Page, Toolbar, ask_files, button, row
from plugins.qgis.desktop.desk import QgisDesk
from plugins.qgis.desktop.found_tree import FoundTree
from plugins.qgis.desktop.layer_tree import ProjectTree

INSTALL = "sudo apt-get install --no-install-recommends python3-qgis qgis-providers"


class ProjectPanel(Page):
    """Files may be dropped anywhere on it."""

    def __init__(self, desk: QgisDesk) -> None:
        super().__init__()
        self._desk, self._ctx = desk, desk.ctx
        tr = desk.ctx.tr
        self._path = QLineEdit(placeholderText=tr("Path of a project or data file; or drop it here"))
        self._path.setAccessibleName(tr("Project or data file"))
        self._path.returnPressed.connect(self._open_path)
        self._tree = ProjectTree(desk.ctx)
        self._tree.check_wanted.connect(desk.ctx.qgis.set_checked)
        self._tree.show_wanted.connect(desk.ctx.map.fit)
        self._state = QLabel(wordWrap=True)
        self._state.setObjectName("muted")
        self._empty = EmptyState(
            tr("No QGIS project is open"),
            tr("Drop a .qgz or .qgs file here, or a file with geodata."),
            (tr("Choose a file …"), self._browse),
            icon="layers",
        )
        self._absent = EmptyState(
            tr("QGIS is not installed on this machine"),
            tr("The console works without it. To have it, an administrator runs:") + f"\n{INSTALL}",
            (tr("Copy the command"), self._copy_command),
            icon="download",
        )
        self._parts = QSplitter(Qt.Orientation.Vertical)
        self._parts.addWidget(self._tree)
        self._parts.addWidget(FoundTree(desk))
        self._stack = QStackedWidget()
        for part in (self._parts, self._empty, self._absent):
            self._stack.addWidget(part)
        self.add(row(self._path, button(tr("Open"), self._open_path)))
        self.add(row(self._make_tools()))
        self.add(self._stack, 1)
        self.add(self._state)
        self.setAcceptDrops(True)
        desk.changed.connect(self._show)
        desk.ctx.qgis.start()
        self._show()

    def _make_tools(self) -> Toolbar:
        tools, tr = Toolbar(), self._ctx.tr
        tools.add("upload", tr("Choose a file …"), self._browse)
        self._for_project = [
            tools.add("identify", tr("Identify"), lambda: self._ctx.commands.run("onemap.qgis.identify")),
            tools.add("extent", tr("Show the layer whole"), self._tree.show_current),
            tools.add("close", tr("Close the project"), self._desk.close_project),
        ]
        tools.stretch()
        tools.add("settings", tr("QGIS tools"), lambda: self._ctx.commands.run("onemap.qgis.tools"))
        tools.add("refresh", tr("Restart QGIS"), self._ctx.qgis.restart)
        return tools

    def _show(self) -> None:
        qgis = self._ctx.qgis
        self._tree.show_nodes(qgis.tree)
        if qgis.project and not self._path.hasFocus():
            self._path.setText(qgis.project)
        for action in self._for_project:
            action.setEnabled(bool(qgis.tree))
        missing = qgis.state is QgisState.ABSENT and not qgis.tree
        empty = self._absent if missing else self._empty
        self._stack.setCurrentWidget(self._parts if qgis.tree else empty)
        said = dict.fromkeys(text for text in (self._desk.said, qgis.state_text) if text)
        self._state.setText(" · ".join(said))
        self._state.setVisible(not missing)

    def _open_path(self) -> None:
        path = self._path.text().strip()
        if path:
            self._desk.open(path)

    def _browse(self) -> None:
        """A dialog of its own that nothing waits for."""
        tr = self._ctx.tr
        kinds = [tr("QGIS projects") + " (*.qgz *.qgs)", tr("All files") + " (*)"]
        ask_files(self, tr("Open a QGIS project"), kinds, lambda paths: self._desk.open(paths[0]))

    def _copy_command(self) -> None:
        QGuiApplication.clipboard().setText(INSTALL)
        self._ctx.notify(self._ctx.tr("Copied"), key="onemap.qgis.copied")

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """See Qt."""
        if paths_in(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """See Qt."""
        for path in paths_in(event.mimeData()):
            self._desk.open(path)
        event.acceptProposedAction()


def paths_in(data: QMimeData) -> list[str]:
    """Files of this machine that are dragged."""
    return [url.toLocalFile() for url in data.urls() if url.isLocalFile()]
