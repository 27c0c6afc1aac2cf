"""What the palette finds: commands, panels, layers, workspaces, settings."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from console.model.records import Place
from console.model.text import Text
from console.sdk import OneMapError
from console.sdk.map import MapFacet
from console.sdk.search import Target
from console.sdk.view_link import LinkError, is_link, read_link
from console.shell.services import Services
from console.shell.workspaces import BUILTIN, Workspaces

_RECENT = 30
PLACES = "places"
"""Name of the service that finds places and people."""


@dataclass(frozen=True, slots=True)
class Item:
    """One line of the palette."""

    id: str
    title: str
    kind: str
    """What it is, in words."""
    run: Callable[[], Any] = field(compare=False)
    icon: str = ""
    key: str = ""
    hint: str = ""
    disabled: bool = False
    other: tuple[str, ...] = ()
    """Further texts by which it is found."""


class PaletteItems:
    """Gathers the lines when the palette opens and remembers which were used."""

    def __init__(
        self,
        services: Services,
        workspaces: Workspaces,
        map_facet: MapFacet,
        show_setting: Callable[[str, str], None],
    ) -> None:
        """*show_setting(owner, key)* opens the settings at one of them."""
        self._services = services
        self._workspaces = workspaces
        self._map = map_facet
        self._show_setting = show_setting
        self._targets: list[Target[Item]] = []

    def refresh(self) -> None:
        """Gather anew."""
        recent = {item_id: len(self._recent()) - at for at, item_id in enumerate(self._recent())}
        sources = (self._commands, self._panels, self._workspace_items, self._layer_items, self._settings)
        self._targets = [
            Target(item, (item.title, *item.other), recent.get(item.id, 0), leads=source == self._commands)
            for source in sources
            for item in source()
        ]

    def targets(self) -> list[Target[Item]]:
        """As gathered last."""
        return self._targets

    def link(self, text: str) -> Item | None:
        """The view of a link that was pasted; None for any other text."""
        if not is_link(text):
            return None
        tr = self._services.language.tr
        try:
            view = read_link(text)
        except LinkError:
            title = tr("This link cannot be read")
            return Item("", title, tr("Link to a view"), lambda: None, "warning", disabled=True)
        title = tr("Go to {place}").format(place=f"{view.lon:.5f}, {view.lat:.5f}")
        return Item("", title, tr("Link to a view"), lambda: self._map.views.go(text), "locate")

    async def places(self, text: str) -> list[Item]:
        """Streets, people, cameras, events as the service ``places`` finds them; none while cut off."""
        offered = self._services.host.services
        if not offered.has(PLACES):
            return []
        service = offered.get(PLACES)
        try:
            found = await service.find(text)
        except OneMapError:
            return []
        return [self._place_item(service, place) for place in found]

    @staticmethod
    def _place_item(service: Any, place: Place) -> Item:
        kind, icon_name = service.kind_of(place)
        return Item("", place.title, kind, partial(service.go, place), icon_name, hint=place.detail)

    def run(self, item: Item) -> None:
        """Run it and put it first next time; places have no id and are not remembered here."""
        if not item.id:
            item.run()
            return
        used = [item.id, *(old for old in self._recent() if old != item.id)]
        self._services.layout.data["recent"] = used[:_RECENT]
        item.run()

    def _recent(self) -> list[str]:
        return self._services.layout.data.get("recent", [])

    def _text(self, text: Text) -> tuple[str, tuple[str, ...]]:
        """The title shown and the one in the other language."""
        shown = text.get(self._services.language.current)
        return shown, tuple(other for other in (text.zh_CN, text.en) if other and other != shown)

    def _commands(self) -> Iterator[Item]:
        commands = self._services.host.commands
        kind = self._services.language.tr("Command")
        for entry in commands.entries():
            if not entry.palette:
                continue
            title, other = self._text(entry.title)
            yield Item(
                entry.id,
                title,
                kind,
                lambda entry=entry: commands.run(entry.id),
                entry.icon,
                commands.key_of(entry.id),
                (entry.fault or entry.help).get(self._services.language.current),
                not commands.is_enabled(entry.id),
                other,
            )

    def _panels(self) -> Iterator[Item]:
        panels = self._services.host.panels
        kind = self._services.language.tr("Panel")
        for entry in panels.entries():
            title, other = self._text(entry.title)
            show = panels.show
            key = panels.key_of(entry.id)
            yield Item(
                entry.id,
                title,
                kind,
                lambda show=show, entry=entry: show(entry.id),
                entry.icon or "layout",
                key,
                entry.fault.get(self._services.language.current) if entry.fault else "",
                other=other,
            )

    def _workspace_items(self) -> Iterator[Item]:
        kind = self._services.language.tr("Workspace")
        use = self._workspaces.use
        for builtin in BUILTIN:
            title, other = self._text(builtin.title)
            yield Item(
                f"workspace:{builtin.id}",
                title,
                kind,
                lambda b=builtin: use(b.id),
                "layers",
                "",
                "",
                False,
                other,
            )
        for name in self._workspaces.names():
            yield Item(f"workspace:{name}", name, kind, lambda name=name: use(name), "layers")

    def _layer_items(self) -> Iterator[Item]:
        layers = self._map.layers
        tr = self._services.language.tr
        for entry in layers.entries():
            title, other = self._text(entry.title)
            hint = tr("shown: hide it") if entry.visible else tr("hidden: show it")
            yield Item(
                f"layer:{entry.id}",
                title,
                tr("Layer"),
                lambda entry=entry, layers=layers: layers.set_visible(entry.id, not entry.visible),
                "eye" if entry.visible else "eye-off",
                hint=hint,
                other=other,
            )

    def _settings(self) -> Iterator[Item]:
        kind = self._services.language.tr("Setting")
        for page in self._services.host.settings.pages():
            for setting in page.settings:
                title, other = self._text(setting.title)
                yield Item(
                    f"setting:{page.owner}:{setting.key}",
                    title,
                    kind,
                    lambda page=page, setting=setting: self._show_setting(page.owner, setting.key),
                    "settings",
                    hint=page.title.get(self._services.language.current),
                    other=other,
                )
