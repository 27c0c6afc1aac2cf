"""Widgets that give every panel the look of the console. For the GUI thread."""

from console.sdk.ui.file_dialogs import ask_files, ask_folder, ask_save
from console.sdk.ui.icon_label import IconLabel
from console.sdk.ui.table import RecordTable
from console.sdk.ui.table_model import Column
from console.sdk.ui.tabs import Tabs
from console.sdk.ui.theming import color, icon, pixmap
from console.sdk.ui.widgets import (
    Badge,
    Chips,
    EmptyState,
    KeyValues,
    Page,
    SearchField,
    Section,
    Toolbar,
    button,
    row,
    scrolling,
)

__all__ = [
    "Badge",
    "Chips",
    "Column",
    "EmptyState",
    "IconLabel",
    "KeyValues",
    "Page",
    "RecordTable",
    "SearchField",
    "Section",
    "Tabs",
    "Toolbar",
    "ask_files",
    "ask_folder",
    "ask_save",
    "button",
    "color",
    "icon",
    "pixmap",
    "row",
    "scrolling",
]
