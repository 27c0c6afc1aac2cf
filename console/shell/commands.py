"""The window's own commands as a table."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from console.model.text import Text
from console.plugin_host import CommandRegistry
from console.sdk.map import Undo


@dataclass(frozen=True, slots=True)
class Own:
    """One command of the window; its handler is looked up by ``name``."""

    name: str
    title: Text
    key: str = ""
    menu: str = ""
    icon: str = ""
    when: str = ""


COMMANDS = (
    Own("reconnect", Text("立即重新连接", "Connect again now"), "", "file", "refresh"),
    Own("outbox", Text("待发送的内容", "Waiting to be sent"), "", "file", "outbox"),
    Own("settings", Text("设置", "Settings"), "Ctrl+,", "file", "settings"),
    Own("sign_in_page", Text("登录", "Sign in"), "", "file", "user", "not signed_in"),
    Own("sign_out", Text("退出登录", "Sign out"), "", "file", "sign-out", "signed_in"),
    Own("quit", Text("退出指挥台", "Quit"), "Ctrl+Q", "file", "close"),
    Own("palette", Text("命令面板", "Command palette"), "Ctrl+Shift+P", "view", "search"),
    Own("notifications", Text("通知中心", "Notifications"), "Ctrl+Alt+N", "view", "bell"),
    Own("workspaces", Text("管理工作区", "Manage workspaces"), "Ctrl+Shift+W", "view", "layers"),
    Own("workspace_reset", Text("复位当前工作区", "Reset this workspace"), "", "view", "undo"),
    Own("workspace_1", Text("切换到第一个工作区", "First workspace"), "Alt+1", "", "layers"),
    Own("workspace_2", Text("切换到第二个工作区", "Second workspace"), "Alt+2", "", "layers"),
    Own("workspace_3", Text("切换到第三个工作区", "Third workspace"), "Alt+3", "", "layers"),
    Own("workspace_4", Text("切换到第四个工作区", "Fourth workspace"), "Alt+4", "", "layers"),
    Own("workspace_5", Text("切换到第五个工作区", "Fifth workspace"), "Alt+5", "", "layers"),
    Own("toggle_theme", Text("切换深色/浅色", "Dark or light"), "Ctrl+Alt+L", "view", "moon"),
    Own("toggle_language", Text("切换语言 Language", "Change language 语言"), "", "view", "language"),
    Own("full_screen", Text("全屏", "Full screen"), "F11", "view", "fullscreen"),
    Own("next_part", Text("焦点移到下一区域", "Focus the next part"), "F6", "view", "chevron-right"),
    Own("previous_part", Text("焦点移到上一区域", "Focus the part before"), "Shift+F6", "", "chevron-right"),
    Own("plugins", Text("插件管理", "Plugins"), "Ctrl+Shift+X", "tools", "plugin"),
    Own("shortcuts", Text("快捷键", "Keyboard shortcuts"), "F1", "help", "keyboard"),
    Own("about", Text("关于与日志", "About and log"), "", "help", "info"),
    Own("language_zh_CN", Text("界面语言：中文", "Language: 中文")),
    Own("language_en", Text("界面语言：English", "Language: English")),
)


def add_commands(registry: CommandRegistry, handlers: Mapping[str, Callable[[], object]]) -> Undo:
    """Put all into the registry as ``shell.<name>``; raises KeyError for one without a handler."""
    undos = [
        registry.add(
            f"shell.{own.name}",
            own.title,
            handlers[own.name],
            key=own.key,
            menu=own.menu,
            icon=own.icon,
            when=own.when,
            order=1000 + at,
        )
        for at, own in enumerate(COMMANDS)
    ]

    def undo() -> None:
        for one in reversed(undos):
            one()

    return undo
