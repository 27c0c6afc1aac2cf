"""The bar on top: brand, menus, workspaces, the palette's field, bell and user."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QActionGroup
from PySide6.QtWidgets import (
    QButtonGroup,
    QFrame,
    QHBoxLayout,
    QLabel,
    QMenu,
    QMenuBar,
    QPushButton,
    QToolButton,
    QWidget,
)

from console.model.text import Language
from console.plugin_host import PanelEntry
from console.sdk.ui import IconLabel, icon
from console.shell.actions import MENUS, Actions
from console.shell.services import Services
from console.shell.workspaces import BUILTIN, Workspaces


class TopBar(QFrame):
    """Built anew when the language changes; *run* runs a command by id."""

    def __init__(self, services: Services, actions: Actions, workspaces: Workspaces) -> None:
        super().__init__()
        self.setObjectName("topBar")
        self._services = services
        self._actions = actions
        self._workspaces = workspaces
        self._run: Callable[[str], None] = services.host.commands.run
        layout = QHBoxLayout(self)
        layout.setContentsMargins(14, 6, 10, 6)
        layout.setSpacing(6)
        layout.addWidget(IconLabel("logo", 24, "accent.text"))
        brand = QLabel(self._tr("OneMap Console"))
        brand.setObjectName("brand")
        layout.addWidget(brand)
        layout.addSpacing(8)
        layout.addWidget(self._menu_bar())
        layout.addSpacing(8)
        layout.addWidget(self._divider())
        layout.addSpacing(8)
        self._tabs = QHBoxLayout()
        self._tabs.setSpacing(2)
        layout.addLayout(self._tabs)
        layout.addStretch(1)
        layout.addWidget(self._palette_button())
        layout.addStretch(1)
        self._bell = self._tool("bell", "shell.notifications")
        self._user = QToolButton()
        layout.addWidget(self._bell)
        layout.addWidget(self._tool("sun", "shell.toggle_theme"))
        layout.addWidget(self._dress_user())
        self._undo = [
            workspaces.on_change(self._fill_tabs),
            services.notify.on_change(self._show_unread),
            services.connection.on_change(self._show_user),
        ]
        self._fill_tabs()
        self._show_unread()
        self._show_user()

    def close_bar(self) -> None:
        """Let go of what is listened to, before it is built anew."""
        for undo in self._undo:
            undo()

    def _tr(self, text: str) -> str:
        return self._services.language.tr(text)

    def _menu_bar(self) -> QMenuBar:
        bar = QMenuBar()
        bar.setNativeMenuBar(False)
        for name, title in MENUS:
            if not self._actions.menu(name) and name != "view":
                continue
            menu = bar.addMenu(self._tr(title))
            # Filled when opened: plugins come and go.
            menu.aboutToShow.connect(lambda menu=menu, name=name: self._fill_menu(menu, name))
        bar.setMinimumWidth(bar.sizeHint().width())
        return bar

    def _fill_menu(self, menu: QMenu, name: str) -> None:
        menu.clear()
        if name == "view":
            panels = menu.addMenu(icon("layout"), self._tr("Panels"))
            self._panel_menu(panels)
            panels.setEnabled(not panels.isEmpty())
            self._workspace_menu(menu.addMenu(icon("layers"), self._tr("Workspaces")))
            menu.addSeparator()
        self._actions.fill(menu, name)

    def _panel_menu(self, menu: QMenu) -> None:
        """By plugin, as there are dozens; those with one panel stand by themselves below."""
        host, language = self._services.host, self._services.language.current
        names = {info.id: info.name.get(language) for info in host.plugins()}
        by_plugin: dict[str, list[PanelEntry]] = {}
        for entry in host.panels.entries():
            by_plugin.setdefault(entry.plugin_id, []).append(entry)
        several = {plugin: mine for plugin, mine in by_plugin.items() if len(mine) > 1}
        for plugin, mine in several.items():
            more = menu.addMenu(icon(mine[0].icon), names.get(plugin, plugin))
            for entry in mine:
                more.addAction(self._actions.get(entry.id))
        menu.addSeparator()
        for plugin, mine in by_plugin.items():
            if plugin not in several:
                menu.addAction(self._actions.get(mine[0].id))

    def _workspace_menu(self, menu: QMenu) -> None:
        group = QActionGroup(menu)
        for name, title in self._workspace_names():
            action = menu.addAction(title, lambda name=name: self._workspaces.use(name))
            action.setCheckable(True)
            action.setChecked(name == self._workspaces.current)
            group.addAction(action)

    def _workspace_names(self) -> list[tuple[str, str]]:
        language = self._services.language.current
        mine = [(name, name) for name in self._workspaces.names()]
        return [(builtin.id, builtin.title.get(language)) for builtin in BUILTIN] + mine

    def _fill_tabs(self) -> None:
        while (item := self._tabs.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
        group = QButtonGroup(self)
        for name, title in self._workspace_names():
            tab = QToolButton()
            tab.setObjectName("workspaceTab")
            tab.setText(title)
            tab.setCheckable(True)
            tab.setChecked(name == self._workspaces.current)
            tab.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            tab.setToolTip(self._tr("Workspace {name}").format(name=title))
            tab.clicked.connect(lambda _=False, name=name: self._workspaces.use(name))
            group.addButton(tab)
            self._tabs.addWidget(tab)

    def _palette_button(self) -> QWidget:
        words = self._tr("Search commands, streets, people, events…")
        field = QPushButton(icon("search", "text.muted"), words)
        field.setObjectName("paletteButton")
        field.setMinimumWidth(440)
        field.setToolTip(self._actions.get("shell.palette").toolTip())
        field.clicked.connect(lambda: self._run("shell.palette"))
        key = QLabel(self._services.host.commands.key_of("shell.palette"))
        key.setObjectName("keycap")
        inside = QHBoxLayout(field)
        inside.setContentsMargins(0, 0, 8, 0)
        inside.addStretch(1)
        inside.addWidget(key)
        return field

    def _tool(self, icon_name: str, command_id: str) -> QToolButton:
        tool = QToolButton()
        tool.setIcon(icon(icon_name))
        tool.setIconSize(QSize(20, 20))
        tool.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        tool.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        tool.setToolTip(self._actions.get(command_id).toolTip())
        tool.setAccessibleName(self._actions.get(command_id).text())
        tool.clicked.connect(lambda: self._run(command_id))
        return tool

    def _dress_user(self) -> QToolButton:
        menu = QMenu(self._user)
        menu.aboutToShow.connect(lambda: self._fill_user_menu(menu))
        self._user.setIcon(icon("user"))
        self._user.setIconSize(QSize(20, 20))
        self._user.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self._user.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._user.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._user.setMenu(menu)
        return self._user

    def _fill_user_menu(self, menu: QMenu) -> None:
        menu.clear()
        languages = menu.addMenu(icon("language"), "语言 / Language")
        for code, title in ((Language.ZH, "中文"), (Language.EN, "English")):
            action = languages.addAction(title, lambda code=code: self._run(f"shell.language_{code}"))
            action.setCheckable(True)
            action.setChecked(self._services.language.current == code)
        menu.addAction(self._actions.get("shell.settings"))
        menu.addSeparator()
        menu.addAction(self._actions.get("shell.sign_out"))

    def _show_unread(self) -> None:
        unread = self._services.notify.unread
        self._bell.setText("" if not unread else "99+" if unread > 99 else str(unread))

    def _show_user(self) -> None:
        user = self._services.connection.user
        name = user.name or user.username if user else self._tr("Not signed in")
        self._user.setText(name)
        self._user.setAccessibleName(name)

    @staticmethod
    def _divider() -> QFrame:
        line = QFrame()
        line.setFixedSize(1, 20)
        line.setObjectName("divider")
        return line
