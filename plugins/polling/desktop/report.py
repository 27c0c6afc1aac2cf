"""The report of an inspection as PDF and XLSX."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMarginsF, QUrl
from PySide6.QtGui import QFont, QImage, QPageLayout, QPageSize, QPdfWriter, QTextDocument

from plugins.polling.desktop.rounds import counts
from plugins.polling.desktop.sheet import xlsx
from plugins.polling.desktop.words import FINDINGS, Tr, time_text
from plugins.polling.model import Finding, Round

WIDTHS = (6, 32, 12, 48, 20)
PICTURE = 320
"""Points of a picture's width in the PDF."""
STYLE = (
    "body{font-size:10pt} h1{font-size:16pt} th{text-align:left;background:#e8ecf2}"
    " td,th{padding:4px 8px} .bad{color:#b3261e} .dead{color:#8a6d00}"
)
TONES = {Finding.NORMAL: "", Finding.ABNORMAL: "bad", Finding.DEAD: "dead"}


@dataclass(frozen=True, slots=True)
class Report:
    """In the user's words."""

    title: str
    lines: Sequence[str]
    headings: Sequence[str]
    rows: Sequence[Sequence[str]]
    tones: Sequence[str]
    """Of the rows."""
    pictures: Sequence[tuple[str, QImage]]
    """Title and picture."""


def report_of(kept: Round, pictures: Mapping[str, QImage], tr: Tr) -> Report:
    """What is told of a round; *pictures* by camera, of those that are abnormal."""
    found = counts(kept.entries)
    tally = tr(
        "{n} cameras: {normal} normal, {abnormal} abnormal, {dead} without a picture",
        n=len(kept.entries),
        normal=found[Finding.NORMAL],
        abnormal=found[Finding.ABNORMAL],
        dead=found[Finding.DEAD],
    )
    times = tr("From {began} to {ended}", began=time_text(kept.began), ended=time_text(kept.ended))
    rows = [
        [str(number), entry.name, tr(FINDINGS[entry.finding]), entry.words, time_text(entry.at)]
        for number, entry in enumerate(kept.entries, 1)
    ]
    return Report(
        title=tr("Inspection: {title}", title=kept.title),
        lines=[tr("Inspected by {name}", name=kept.by), times, tally],
        headings=[tr("No."), tr("Camera"), tr("Finding"), tr("Remarks"), tr("Time")],
        rows=rows,
        tones=[TONES[entry.finding] for entry in kept.entries],
        pictures=[
            (f"{entry.name} · {entry.words}", pictures[entry.camera])
            for entry in kept.entries
            if entry.camera in pictures
        ],
    )


def to_xlsx(report: Report) -> bytes:
    """The table alone, so that it can be sorted and counted."""
    return xlsx(report.title, [report.headings, *report.rows], WIDTHS)


def to_pdf(report: Report) -> bytes:
    """A4 pages. Not for the GUI thread."""
    content = QByteArray()
    buffer = QBuffer(content)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    page = QPageSize(QPageSize.PageSizeId.A4)
    margins = QMarginsF(15, 15, 15, 15)
    portrait = QPageLayout.Orientation.Portrait
    writer.setPageLayout(QPageLayout(page, portrait, margins, QPageLayout.Unit.Millimeter))
    document = QTextDocument()
    font = QFont()
    font.setPointSizeF(10)  # the console's is measured in pixels of the screen, which are tiny on paper
    document.setDefaultFont(font)
    for number, (_, picture) in enumerate(report.pictures):
        document.addResource(QTextDocument.ResourceType.ImageResource, QUrl(f"picture:{number}"), picture)
    document.setHtml(_html(report))
    document.print_(writer)
    del writer  # ends the document in the buffer
    buffer.close()
    return bytes(content.data())


def _html(report: Report) -> str:
    head = "".join(f"<th>{escape(cell)}</th>" for cell in report.headings)
    body = "".join(
        f"<tr>{''.join(f'<td><span class={tone!r}>{escape(cell)}</span></td>' for cell in row)}</tr>"
        for row, tone in zip(report.rows, report.tones, strict=True)
    )
    lines = "".join(f"<p>{escape(line)}</p>" for line in report.lines)
    pictures = "".join(
        f"<p><img src='picture:{number}' width='{PICTURE}'><br><b>{escape(title)}</b></p>"
        for number, (title, _) in enumerate(report.pictures)
    )
    table = f"<table border='1' cellspacing='0' width='100%'><tr>{head}</tr>{body}</table>"
    return f"<style>{STYLE}</style><h1>{escape(report.title)}</h1>{lines}{table}{pictures}"
