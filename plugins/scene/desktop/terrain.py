"""The heights of the ground, as the settings say."""

from __future__ import annotations

from typing import Any

from console.sdk import Context, Severity, Text


class Terrain:
    """Hands the settings to the scene, and tells once what is wrong with the files."""

    def __init__(self, ctx: Context) -> None:
        self._ctx = ctx
        self._told: Text | None = None
        for key in ("terrain", "sea_level"):
            ctx.settings.on_change(key, self._set)
        ctx.scene.on_models(self._tell)
        self._set()

    def _set(self, _: Any = None) -> None:
        settings = self._ctx.settings
        self._ctx.scene.set_terrain(settings.get("terrain").strip(), settings.get("sea_level"))

    def _tell(self) -> None:
        fault, tr = self._ctx.scene.terrain_fault, self._ctx.tr
        if fault == self._told:
            return
        self._told = fault
        if fault is not None:
            detail = fault.get(self._ctx.language)
            self._ctx.notify(
                tr("No terrain in 3D"), Severity.WARNING, detail=detail, key="onemap.scene.terrain"
            )
