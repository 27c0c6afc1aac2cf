"""The panel of ready texts and of the rules that pursue unanswered orders."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtWidgets import QComboBox, QFormLayout, QLineEdit, QSpinBox, QWidget

from console.sdk.records import EscalationRule, OrderTemplate
from console.sdk.ui import Column, EmptyState, Page, RecordTable, Tabs
from plugins.dispatch.desktop.desk import DispatchDesk
from plugins.dispatch.desktop.editing import Editor
from plugins.dispatch.desktop.words import KINDS, LEVELS, THEN, Tr, span_text

PANEL = "onemap.dispatch.order_settings"


class TextForm:
    """A ready text in both languages."""

    def __init__(self, tr: Tr) -> None:
        self._tr = tr
        self._kind = _choice(tr("Class"), {"": tr("All classes")} | _titles(KINDS, tr))
        self._zh = _line(tr("Chinese text"), tr("{address} and {title} stand for those of the event"))
        self._en = _line(tr("English text"), tr("May stay empty: the Chinese text is used"))
        self.widget = _form(
            {tr("Class"): self._kind, tr("Chinese text"): self._zh, tr("English text"): self._en}
        )
        self.widget.setFocusProxy(self._zh)

    def show_record(self, record: OrderTemplate | None) -> None:
        """See ``Form``."""
        shown = record or OrderTemplate(id="", zh="")
        self._kind.setCurrentIndex(self._kind.findData(shown.kind))
        self._zh.setText(shown.zh)
        self._en.setText(shown.en)

    def body(self) -> dict[str, Any] | None:
        """See ``Form``."""
        if not self._zh.text().strip():
            self._zh.setFocus()
            return None
        zh, en = self._zh.text().strip(), self._en.text().strip()
        return {"kind": self._kind.currentData(), "zh": zh, "en": en}

    def body_of(self, record: OrderTemplate) -> dict[str, Any]:
        """See ``Form``."""
        return {"kind": record.kind, "zh": record.zh, "en": record.en}

    def name_of(self, body: dict[str, Any]) -> str:
        """See ``Form``."""
        kind = self._tr(KINDS[body["kind"]]) if body["kind"] in KINDS else self._tr("All classes")
        return f"{kind} · {body['zh']}"


class RuleForm:
    """When an unanswered order is reminded and escalated, and what happens then."""

    def __init__(self, tr: Tr) -> None:
        self._tr = tr
        self._kind = _choice(tr("Class"), {"": tr("All classes")} | _titles(KINDS, tr))
        self._urgency = _choice(tr("Level"), {"": tr("All levels")} | _titles(LEVELS, tr))
        self._remind = _seconds(tr("Remind after"), tr)
        self._escalate = _seconds(tr("Escalate after"), tr)
        self._then = _choice(tr("Then"), _titles(THEN, tr))
        self._remind.valueChanged.connect(lambda value: self._escalate.setMinimum(value + 1))
        parts = (self._kind, self._urgency, self._remind, self._escalate, self._then)
        self.widget = _form({part.accessibleName(): part for part in parts})
        self.widget.setFocusProxy(self._kind)
        self.show_record(None)

    def show_record(self, record: EscalationRule | None) -> None:
        """See ``Form``."""
        shown = record or EscalationRule(id="")
        self._kind.setCurrentIndex(self._kind.findData(shown.kind))
        self._urgency.setCurrentIndex(self._urgency.findData(shown.urgency))
        self._remind.setValue(round(shown.remind_after))
        self._escalate.setValue(round(shown.escalate_after))
        self._then.setCurrentIndex(self._then.findData(shown.then.value))

    def body(self) -> dict[str, Any] | None:
        """See ``Form``."""
        return {
            "kind": self._kind.currentData(),
            "urgency": self._urgency.currentData(),
            "remind_after": self._remind.value(),
            "escalate_after": self._escalate.value(),
            "then": self._then.currentData(),
        }

    def body_of(self, record: EscalationRule) -> dict[str, Any]:
        """See ``Form``."""
        return {
            "kind": record.kind,
            "urgency": record.urgency,
            "remind_after": record.remind_after,
            "escalate_after": record.escalate_after,
            "then": record.then.value,
        }

    def name_of(self, body: dict[str, Any]) -> str:
        """See ``Form``."""
        tr = self._tr
        kind = tr(KINDS[body["kind"]]) if body["kind"] in KINDS else tr("All classes")
        level = tr(LEVELS[body["urgency"]]) if body["urgency"] in LEVELS else tr("All levels")
        return f"{kind} · {level}"


class OrderSettings(Page):
    """Ready texts and rules for silence, one beside the other as tabs."""

    def __init__(self, desk: DispatchDesk) -> None:
        super().__init__()
        tr = desk.ctx.tr
        tabs = Tabs(
            [
                (tr("Ready texts"), lambda: _texts_editor(desk)),
                (tr("Unanswered orders"), lambda: _rules_editor(desk)),
            ]
        )
        self.add(tabs.chips)
        self.add(tabs, 1)


def _texts_editor(desk: DispatchDesk) -> Editor:
    tr, path = desk.ctx.tr, "/dispatch/templates"
    right = "order_texts.write"
    return Editor(desk, _text_table(tr), TextForm(tr), records=desk.templates, path=path, right=right)


def _rules_editor(desk: DispatchDesk) -> Editor:
    tr, path = desk.ctx.tr, "/dispatch/escalations"
    right = "order_rules.write"
    return Editor(desk, _rule_table(tr), RuleForm(tr), records=desk.rules, path=path, right=right)


def _text_table(tr: Tr) -> RecordTable:
    return RecordTable(
        [
            Column(tr("Class"), lambda each: tr(KINDS[each.kind]) if each.kind else tr("All classes"), 72),
            Column(tr("Text"), lambda each: each.zh),
        ],
        key=lambda each: each.id,
        empty=EmptyState(tr("No ready texts"), tr("Write one below and save it."), icon="message"),
        name="onemap.dispatch.ready_texts",
    )


def _rule_table(tr: Tr) -> RecordTable:
    return RecordTable(
        [
            Column(tr("Class"), lambda each: tr(KINDS[each.kind]) if each.kind else tr("All classes"), 72),
            Column(
                tr("Level"), lambda each: tr(LEVELS[each.urgency]) if each.urgency else tr("All levels"), 80
            ),
            Column(tr("Remind after"), lambda each: span_text(each.remind_after, tr), 80, "right"),
            Column(tr("Escalate after"), lambda each: span_text(each.escalate_after, tr), 80, "right"),
            Column(tr("Then"), lambda each: tr(THEN[each.then])),
        ],
        key=lambda each: each.id,
        empty=EmptyState(tr("Nobody is reminded"), tr("Set a rule below and save it."), icon="clock"),
        name="onemap.dispatch.silence_rules",
    )


def _titles(words: Mapping[str, str], tr: Tr) -> dict[str, str]:
    return {str(key): tr(title) for key, title in words.items()}


def _form(parts: Mapping[str, QWidget]) -> QWidget:
    widget = QWidget()
    layout = QFormLayout(widget)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)
    for title, part in parts.items():
        layout.addRow(title, part)
    return widget


def _choice(name: str, options: Mapping[str, str]) -> QComboBox:
    box = QComboBox()
    box.setAccessibleName(name)
    for value, title in options.items():
        box.addItem(title, value)
    return box


def _line(name: str, hint: str) -> QLineEdit:
    line = QLineEdit(placeholderText=hint, maxLength=500)
    line.setAccessibleName(name)
    return line


def _seconds(name: str, tr: Tr) -> QSpinBox:
    box = QSpinBox(minimum=1, maximum=86_400, singleStep=10)
    box.setAccessibleName(name)
    box.setSuffix(tr(" s"))
    return box
