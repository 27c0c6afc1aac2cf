"""What the parts of the window are built from; made once by the composition root."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from console.plugin_host import PluginHost
from console.plugin_host.state_file import StateFile
from console.shell.afterwards import Afterwards
from console.shell.connection import Connection
from console.shell.language import LanguageService
from console.shell.notices import NotifyService
from console.shell.selection import SelectionService
from console.shell.theme import ThemeService
from console.tasks.gui_tasks import GuiTasks
from console.tasks.progress import ProgressRegistry


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """Handed to each part of the window; parts take what they need from it."""

    host: PluginHost
    """Registries of commands, panels, settings, keys and status items are its attributes."""
    theme: ThemeService
    language: LanguageService
    notify: NotifyService
    selection: SelectionService
    connection: Connection
    tasks: GuiTasks
    progress: ProgressRegistry
    layout: StateFile
    """Docks, workspaces, what was used last."""
    afterwards: Afterwards
    log_file: Path
    backend_url: str = ""
    """Shown on the sign-in page and in diagnostics."""
    safe_mode: bool = False
