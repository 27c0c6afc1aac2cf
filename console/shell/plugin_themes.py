"""Themes of plugins, offered beside our own; the plugin manager says which are hard to read."""

from __future__ import annotations

import logging
from pathlib import Path

from console.model.manifest import Choice, Theme
from console.model.text import Text
from console.plugin_host import PluginHost
from console.shell.contrast import faint_pairs
from console.shell.own_settings import PAGE, SETTINGS, with_themes
from console.shell.theme import Offer, ThemeService, load_tokens

log = logging.getLogger(__name__)
_NAMED = 3
"""Pairs of colours that a remark names; the log has them all."""


class PluginThemes:
    """Keeps the choice of themes in step with the plugins that run or are ready."""

    def __init__(self, host: PluginHost, theme: ThemeService, forced: str = "") -> None:
        """*forced*: the theme of this start, which goes before the setting."""
        self._host, self._theme, self._forced = host, theme, forced
        self._rows: list[tuple[str, Path, Theme]] = []
        self._undo = host.on_change(lambda _plugin_id: self.sync())
        self.sync()

    def sync(self) -> None:
        """Offer what manifests declare now; a chosen theme that went gives way to the default."""
        rows = [(info.id, info.folder, theme) for info, theme in self._host.contributions("themes")]
        if rows == self._rows:
            return
        self._rows = rows
        remarks: dict[str, list[Text]] = {plugin_id: [] for plugin_id, _, _ in rows}
        offers = [self._offer(folder, row, remarks[plugin_id]) for plugin_id, folder, row in rows]
        self._theme.offer([offer for offer in offers if offer is not None])
        choices = tuple(Choice(value=offer.id, title=offer.title) for offer in self._theme.offers())
        self._host.settings.declare("shell", PAGE, with_themes(SETTINGS, choices))
        self._theme.set(self._forced or self._host.settings.get("shell", "theme"))
        for plugin_id, texts in remarks.items():
            self._host.remark(plugin_id, "themes", tuple(texts))

    def close(self) -> None:
        """Follow the plugins no more."""
        self._undo()

    def _offer(self, folder: Path, row: Theme, remarks: list[Text]) -> Offer | None:
        """The theme, or None when its file cannot be used; *remarks* gets what is wrong with it."""
        path = (folder / row.file).resolve()
        try:
            if not path.is_relative_to(folder.resolve()):
                raise ValueError(f"{row.file} is not in the plugin's folder")
            tokens = load_tokens(path, self._theme.own_tokens(row.base))
        except (OSError, ValueError) as error:
            remarks.append(_unusable(row, getattr(error, "strerror", None) or str(error)))
            return None
        if faint := faint_pairs(tokens):
            log.warning("theme %s: %s", row.id, faint)
            pairs = ", ".join(f"{f.token} / {f.surface} {f.ratio:.1f} < {f.least:g}" for f in faint[:_NAMED])
            remarks.append(_hard_to_read(row, len(faint), pairs))
        return Offer(row.id, row.title, tokens, row.base)


def _unusable(row: Theme, reason: str) -> Text:
    return Text(
        f"主题“{row.title.zh_CN}”无法使用（{row.file}）：{reason}",
        f'The theme "{row.title.en}" cannot be used ({row.file}): {reason}',
    )


def _hard_to_read(row: Theme, count: int, pairs: str) -> Text:
    return Text(
        f"主题“{row.title.zh_CN}”有 {count} 组颜色的对比度低于 WCAG AA：{pairs}",
        f'{count} pairs of colours of the theme "{row.title.en}" have less contrast than WCAG AA: {pairs}',
    )
