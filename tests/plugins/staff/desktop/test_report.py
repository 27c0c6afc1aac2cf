"""Reports on paper."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtGui import QFont
from PySide6.QtPdf import QPdfDocument

from plugins.staff.desktop.report import report_html, write_pdf


@pytest.fixture
def screen_font(qapp: Any) -> Any:
    """The console's font is measured in pixels."""
    normal, screen = qapp.font(), QFont()
    screen.setPixelSize(13)
    qapp.setFont(screen)
    yield
    qapp.setFont(normal)


def test_words_and_tables_of_a_report_can_be_read_on_paper(tmp_path: Path, screen_font: None) -> None:
    path = tmp_path / "report.pdf"
    write_pdf(path, report_html("Patrol", ["Heavy rain"], ["Round"], [["morning"]]))
    document = QPdfDocument()
    assert document.load(str(path)) is QPdfDocument.Error.None_
    words = document.getAllText(0).text()
    for word, height in (("Patrol", 8), ("Heavy", 5), ("morning", 4)):
        at = words.index(word)
        box = document.getSelectionAtIndex(0, at, len(word)).boundingRectangle()
        assert box.height() > height, f"{word}: {box.height()} pt"
