"""Importing geodata: files to layer packages and areas, without a database and without Qt."""

from console.geodata.outcome import REASONS, ImportCancelled, ImportFailed
from console.server.importing.files import import_files
from console.server.importing.grids import make_grids
from console.server.importing.options import ImportOptions, ImportResult

__all__ = [
    "REASONS",
    "ImportCancelled",
    "ImportFailed",
    "ImportOptions",
    "ImportResult",
    "import_files",
    "make_grids",
]
