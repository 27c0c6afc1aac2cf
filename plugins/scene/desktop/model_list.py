"""The models that the user has opened, kept from start to start."""

from __future__ import annotations

import uuid
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from console.sdk import Context, Severity, Text
from console.sdk.json_file import JsonFile
from console.sdk.scene import ModelState, Rows, SceneModel, ScenePose
from console.sdk.ui import ask_files, ask_folder

FILTERS = ("3D Tiles (*.json *.3tz *.zip)",)
NEAR = 2.2
"""Radii from which a model is looked at."""


class ModelList:
    """Opens, shows, removes; what is wrong with a model stands at its line."""

    def __init__(self, ctx: Context) -> None:
        self._ctx = ctx
        self._file = JsonFile(ctx, "models.json")
        self._rows: list[dict[str, Any]] = []
        self._models: dict[str, SceneModel] = {}
        self._fresh: set[str] = set()
        """Opened just now: looked at as soon as they are there."""
        ctx.scene.on_models(self._on_models)
        self._file.load(self._take)

    @property
    def models(self) -> list[SceneModel]:
        """In the order in which they were opened."""
        return [self._models[row["id"]] for row in self._rows if row["id"] in self._models]

    def source(self, model: SceneModel) -> str:
        """Where it comes from."""
        return next((row["source"] for row in self._rows if row["id"] == model.layer_id), "")

    def ask_folder(self) -> None:
        """Let the user choose a folder."""
        ask_folder(None, self._ctx.tr("Open an oblique model: 3D Tiles or OSGB"), self.open)

    def ask_file(self) -> None:
        """Let the user choose a tileset.json or an archive."""
        ask_files(None, self._ctx.tr("Open 3D Tiles"), FILTERS, lambda paths: self.open(paths[0]))

    def open(self, source: str) -> None:
        """Show what is at a path or an address, and go there."""
        source = source.strip()
        if not source:
            return
        known = next((row for row in self._rows if row["source"] == source), None)
        if known is not None:
            self.go(self._models[known["id"]])
            return
        row = {"id": f"onemap.scene.model.{uuid.uuid4().hex[:12]}", "source": source, "shown": True}
        self._rows.append(row)
        self._fresh.add(row["id"])
        self._add(row)
        self._save()
        self._ctx.panels.show("onemap.scene.window")

    def show(self, model: SceneModel, shown: bool) -> None:
        """In the scene, or not for now."""
        model.set_visible(shown)
        for row in self._rows:
            if row["id"] == model.layer_id:
                row["shown"] = shown
        self._save()

    def place(self, model: SceneModel, matrix: Rows) -> None:
        """Stand there from now on."""
        model.place(matrix)
        for row in self._rows:
            if row["id"] == model.layer_id:
                row["matrix"] = [list(line) for line in matrix]
        self._save()

    def go(self, model: SceneModel) -> None:
        """Look at all of it."""
        center = model.center
        if center is not None:
            before = self._ctx.scene.pose
            self._ctx.scene.fly_to(
                ScenePose(
                    lon=center.lon,
                    lat=center.lat,
                    height=center.height,
                    heading=before.heading,
                    tilt=55.0,
                    distance=max(model.radius * NEAR, 20.0),
                )
            )

    def remove(self, model: SceneModel) -> None:
        """Take it out; the files stay."""
        at = next(index for index, row in enumerate(self._rows) if row["id"] == model.layer_id)
        row = self._rows.pop(at)
        self._models.pop(model.layer_id).remove()
        self._save()

        def back() -> None:
            self._rows.insert(min(at, len(self._rows)), row)
            self._add(row)
            self._save()

        text = self._ctx.tr("“{name}” taken out of the scene", name=_name(row["source"]))
        self._ctx.notify(text, action=(self._ctx.tr("Undo"), back), key="onemap.scene.removed")

    def end(self) -> None:
        """Nothing is waited for any more."""
        self._fresh.clear()

    def _add(self, row: dict[str, Any]) -> None:
        name = _name(row["source"])
        model = self._ctx.scene.add_model(row["id"], row["source"], title=Text(name, name))
        self._models[row["id"]] = model
        if row.get("matrix") is not None:
            try:
                model.place(row["matrix"])
            except (TypeError, ValueError):
                self._ctx.log.warning("where %s was moved to is not known any more", row["source"])
        if not row["shown"]:
            model.set_visible(False)

    def _on_models(self) -> None:
        """Look at what was opened just now, or say why it cannot be."""
        for model_id in list(self._fresh):
            model = self._models.get(model_id)
            if model is None:
                continue
            if model.state is ModelState.REFUSED:
                self._fresh.discard(model_id)
                name, reason = model.title.get(self._ctx.language), model.faults[0].message
                text = self._ctx.tr("“{name}” cannot be opened", name=name)
                detail = reason.get(self._ctx.language)
                self._ctx.notify(f"{text}: {detail}", Severity.ERROR, key=f"onemap.scene.refused.{model_id}")
            elif model.center is not None:
                self._fresh.discard(model_id)
                self.go(model)

    def _take(self, rows: list[Any]) -> None:
        """What was kept; lines that are none are left out."""
        for row in rows:
            if isinstance(row, dict) and all(isinstance(row.get(key), str) for key in ("id", "source")):
                kept = {"id": row["id"], "source": row["source"], "shown": bool(row.get("shown", True))}
                kept["matrix"] = row.get("matrix")
                if kept["id"] not in self._models:
                    self._rows.append(kept)
                    self._add(kept)

    def _save(self) -> None:
        self._file.save(list(self._rows))


def _name(source: str) -> str:
    """What people call it: the folder or file, or the host of an address."""
    if "://" in source:
        parts = urlsplit(source)
        folder = [part for part in parts.path.split("/") if part and not part.endswith(".json")]
        return folder[-1] if folder else parts.hostname or source
    path = Path(source)
    return path.parent.name if path.name == "tileset.json" else path.name
