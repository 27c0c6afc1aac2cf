"""A report as PDF: a title, lines of text, a table."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from pathlib import Path

from PySide6.QtCore import QMarginsF, QSaveFile
from PySide6.QtGui import QFont, QPageLayout, QPageSize, QPdfWriter, QTextDocument

_STYLE = "body{font-size:10pt} h1{font-size:16pt} th{text-align:left} td,th{padding:3px 8px}"


def report_html(
    title: str, lines: Sequence[str], headings: Sequence[str], rows: Sequence[Sequence[str]]
) -> str:
    """The report as HTML that QTextDocument understands."""
    head = "".join(f"<th>{escape(cell)}</th>" for cell in headings)
    body = "".join("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in rows)
    text = "".join(f"<p>{escape(line)}</p>" for line in lines)
    table = f"<table border='1' cellspacing='0' width='100%'><tr>{head}</tr>{body}</table>"
    return f"<style>{_STYLE}</style><h1>{escape(title)}</h1>{text}{table}"


def write_pdf(path: Path, html: str) -> None:
    """Write A4 pages; a broken file never takes the place of a good one. Raises OSError."""
    file = QSaveFile(str(path))
    if not file.open(QSaveFile.OpenModeFlag.WriteOnly):
        raise OSError(file.errorString())
    writer = QPdfWriter(file)
    writer.setPageLayout(
        QPageLayout(
            QPageSize(QPageSize.PageSizeId.A4),
            QPageLayout.Orientation.Portrait,
            QMarginsF(15, 15, 15, 15),
            QPageLayout.Unit.Millimeter,
        )
    )
    document = QTextDocument()
    font = QFont()
    font.setPointSizeF(10)  # the console's is measured in pixels of the screen, which are tiny on paper
    document.setDefaultFont(font)
    document.setHtml(html)
    document.print_(writer)
    del writer  # ends the document in the file
    if not file.commit():
        raise OSError(file.errorString())
