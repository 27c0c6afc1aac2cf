"""The theme: tokens from TOML, one style sheet made of them, live change."""

from __future__ import annotations

import hashlib
import os
import re
import tomllib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtGui import QColor, QFont, QPalette
from PySide6.QtWidgets import QApplication

from console.model.text import Text
from console.plugin_host.listeners import Listeners
from console.sdk.map import Undo
from console.sdk.ui.theming import ICONS, TOKENS_PROPERTY

THEMES = Path(__file__).parents[2] / "resources" / "themes"
OWN = {"dark": Text("深色", "Dark"), "light": Text("浅色", "Light")}
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
    """Tokens of a theme file over those of *base*; raises OSError, and ValueError for what is no colour."""
    table = tomllib.loads(path.read_text("utf-8"))
    table.pop("title", None)  # for who reads the file
    for name, value in table.items():
        if not isinstance(value, str) or not re.fullmatch(r"#[0-9a-fA-F]{6}", value):
            raise ValueError(f"{path.name}: {name} is not #rrggbb")
    return {**(base or {}), **table}


@dataclass(frozen=True, slots=True)
class Offer:
    """A theme to choose: all its tokens, and which of our own (*base*) it is like."""

    id: str
    title: Text
    tokens: dict[str, str]
    base: str


class ThemeService:
    """The facet ``theme``: colours by token, told to all when they change."""

    def __init__(self, app: QApplication, icons: Path) -> None:
        """*icons*: folder for tinted icons, which the style sheet can only name as files."""
        self._app = app
        self._changed: Listeners[[]] = Listeners()
        self._icons = icons
        self._own = {name: Offer(name, title, {}, name) for name, title in OWN.items()}
        self._offers = dict(self._own)
        self._template = (THEMES / "console.qss").read_text("utf-8")
        self._tokens: dict[str, str] = {}
        self.name = ""
        self.base = ""
        """``dark`` or ``light``: which of the map's styles and of our own themes goes with it."""
        app.setStyle("Fusion")
        font = QFont(FONT_FAMILY)
        font.setPixelSize(_FONT_PIXELS)
        app.setFont(font)

    def offer(self, themes: Sequence[Offer]) -> None:
        """Offer these beside our own, in place of those offered before; ``set`` makes it felt."""
        self._offers = self._own | {theme.id: theme for theme in themes}

    def offers(self) -> list[Offer]:
        """Themes to choose from, our own first."""
        return list(self._offers.values())

    @staticmethod
    def own_tokens(name: str) -> dict[str, str]:
        """Tokens of ``dark`` or ``light``."""
        return load_tokens(THEMES / f"{name}.toml")

    def set(self, name: str) -> None:
        """Change the look of everything at once; unknown names fall back to ``dark``."""
        theme = self._offers.get(name, self._own["dark"])
        tokens = theme.tokens or self.own_tokens(theme.id)
        if (theme.id, tokens) == (self.name, self._tokens):
            return
        self.name, self.base, self._tokens = theme.id, theme.base, tokens
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
        """A tinted copy, named by what it shows: consoles share it, and it stays right for ever."""
        svg = (ICONS / f"{icon}.svg").read_text("utf-8").replace("currentColor", self._tokens[tint])
        tinted = self._icons / f"{icon}-{hashlib.sha256(svg.encode()).hexdigest()[:16]}.svg"
        if not tinted.exists():
            self._icons.mkdir(parents=True, exist_ok=True)
            draft = tinted.with_suffix(f".{os.getpid()}")
            draft.write_text(svg, "utf-8")
            draft.replace(tinted)  # another console may be writing the same
        return tinted.as_posix()
