"""The theme: tokens from TOML, one style sheet made of them, live change."""

from __future__ import annotations

import re
import tempfile
import tomllib
from collections.abc import Callable
from pathlib import Path

from PySide6.QtGui import QColor, QFont, QPalette
from PySide6.QtWidgets import QApplication

from console.plugin_host.listeners import Listeners
from console.sdk.map import Undo
from console.sdk.ui.theming import ICONS, TOKENS_PROPERTY

THEMES = Path(__file__).parents[2] / "resources" / "themes"
FONT_FAMILY = "Noto Sans CJK SC"
"""Named, or Japanese glyph variants are picked."""
_FONT_PIXELS = 14
_TOKEN = re.compile(r"@icon:(?P<icon>[\w-]+)(?::(?P<tint>[\w.]+))?|@(?P<token>[a-z_]+(?:\.[a-z_]+)*)")
_ROLES = {
    QPalette.ColorRole.Window: "surface",
    QPalette.ColorRole.WindowText: "text",
    QPalette.ColorRole.Base: "surface.input",
    QPalette.ColorRole.AlternateBase: "surface.raised",
    QPalette.ColorRole.Text: "text",
    QPalette.ColorRole.Button: "surface.overlay",
    QPalette.ColorRole.ButtonText: "text",
    QPalette.ColorRole.Highlight: "accent",
    QPalette.ColorRole.HighlightedText: "accent.on",
    QPalette.ColorRole.ToolTipBase: "surface.overlay",
    QPalette.ColorRole.ToolTipText: "text",
    QPalette.ColorRole.PlaceholderText: "text.muted",
    QPalette.ColorRole.Link: "accent.text",
}


def load_tokens(path: Path, base: dict[str, str] | None = None) -> dict[str, str]:
    """Tokens of a theme file over those of *base*; raises ValueError for what is no colour."""
    table = tomllib.loads(path.read_text("utf-8"))
    table.pop("title", None)
    for name, value in table.items():
        if not isinstance(value, str) or not re.fullmatch(r"#[0-9a-fA-F]{6}", value):
            raise ValueError(f"{path.name}: {name} is not #rrggbb")
    return {**(base or {}), **table}


class ThemeService:
    """The facet ``theme``: colours by token, told to all when they change."""

    def __init__(self, app: QApplication) -> None:
        self._app = app
        self._changed: Listeners[[]] = Listeners()
        self._files = {name: (THEMES / f"{name}.toml", "") for name in ("dark", "light")}
        self._tinted = tempfile.TemporaryDirectory(prefix="onemap-icons-")
        self._template = (THEMES / "console.qss").read_text("utf-8")
        self._tokens: dict[str, str] = {}
        self.name = ""
        app.setStyle("Fusion")
        font = QFont(FONT_FAMILY)
        font.setPixelSize(_FONT_PIXELS)
        app.setFont(font)

    def add(self, name: str, path: Path, base: str) -> None:
        """Offer the theme of a plugin; tokens it lacks come from *base*."""
        self._files[name] = (path, base)

    def names(self) -> list[str]:
        """Themes to choose from."""
        return list(self._files)

    def set(self, name: str) -> None:
        """Change the look of everything at once; unknown names fall back to ``dark``."""
        name = name if name in self._files else "dark"
        if name == self.name:
            return
        path, base = self._files[name]
        self._tokens = load_tokens(path, load_tokens(self._files[base][0]) if base else None)
        self.name = name
        self._app.setProperty(TOKENS_PROPERTY, self._tokens)
        self._app.setPalette(self._palette())
        self._app.setStyleSheet(_TOKEN.sub(self._fill, self._template))
        self._changed.fire()

    def color(self, token: str) -> str:
        """``#rrggbb``; raises KeyError for an unknown token, a colour text is returned as it is."""
        return token if token.startswith("#") else self._tokens[token]

    def on_change(self, handler: Callable[[], None]) -> Undo:
        """*handler* is called after each change."""
        return self._changed.add(handler)

    def close(self) -> None:
        """Remove the tinted icons that the style sheet refers to."""
        self._tinted.cleanup()

    def _palette(self) -> QPalette:
        palette = QPalette()
        for role, token in _ROLES.items():
            palette.setColor(role, QColor(self._tokens[token]))
        disabled = QPalette.ColorGroup.Disabled
        for role in (QPalette.ColorRole.Text, QPalette.ColorRole.WindowText, QPalette.ColorRole.ButtonText):
            palette.setColor(disabled, role, QColor(self._tokens["text.disabled"]))
        return palette

    def _fill(self, match: re.Match[str]) -> str:
        if match["icon"]:
            return self._icon_file(match["icon"], match["tint"] or "icon")
        return self._tokens[match["token"]]

    def _icon_file(self, icon: str, tint: str) -> str:
        """A style sheet can only name files, so a tinted copy is written for it."""
        tinted = Path(self._tinted.name) / f"{self.name}-{icon}-{tint}.svg"
        if not tinted.exists():
            svg = (ICONS / f"{icon}.svg").read_text("utf-8")
            tinted.write_text(svg.replace("currentColor", self._tokens[tint]), "utf-8")
        return tinted.as_posix()
