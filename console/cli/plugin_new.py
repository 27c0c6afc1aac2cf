"""A new plugin from the template in ``resources/plugin_template``."""

from __future__ import annotations

import re
from pathlib import Path
from string import Template

TEMPLATE = Path(__file__).resolve().parents[2] / "resources" / "plugin_template"
_PACKAGE = "package"


class CannotCreate(Exception):
    """Why there is no new plugin, in plain words."""


def create_plugin(title: str, publisher: str, parent: Path) -> Path:
    """Write the plugin ``publisher.name`` into a folder of that name below *parent*; returns the folder.

    *title* may be of any form; the id is made of it. Raises CannotCreate.
    """
    name = re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")
    if not re.fullmatch(r"[a-z][a-z0-9-]*", name):
        raise CannotCreate(f'"{title}" gives no id: use a name with Latin letters')
    if not re.fullmatch(r"[a-z][a-z0-9-]*", publisher) or publisher == "onemap":
        raise CannotCreate(f'"{publisher}" cannot be a publisher: lower-case letters and digits, not onemap')
    plugin_id = f"{publisher}.{name}"
    package = re.sub(r"[.-]", "_", plugin_id)
    folder = parent / plugin_id
    if folder.exists():
        raise CannotCreate(f"{folder} is there already")
    values = {"id": plugin_id, "title": title.replace('"', "'").replace("\\", "/"), "package": package}
    for source in sorted(TEMPLATE.rglob("*")):
        if source.is_file() and "__pycache__" not in source.parts:
            _write(source, folder, values)
    return folder


def _write(source: Path, folder: Path, values: dict[str, str]) -> None:
    relative = source.relative_to(TEMPLATE)
    parts = [values["package"] if part == _PACKAGE else part for part in relative.parts]
    target = folder.joinpath(*parts)
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(Template(source.read_text(encoding="utf-8")).substitute(values), encoding="utf-8")
