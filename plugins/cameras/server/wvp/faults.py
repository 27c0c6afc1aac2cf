"""What a platform's refusals mean. Its codes are its own, those of HTTP, and those of SIP."""

from __future__ import annotations

from plugins.cameras.server.devices.driver import DeviceFault, Fault

_CODES = {
    401: Fault.SIGN_IN,
    403: Fault.SIGN_IN,
    404: Fault.MISSING,
    408: Fault.UNREACHABLE,
    480: Fault.UNREACHABLE,
    487: Fault.UNREACHABLE,
    486: Fault.BUSY,
    500: Fault.BUSY,
    503: Fault.BUSY,
    -1: Fault.UNREACHABLE,
    -2: Fault.UNREACHABLE,
    -3: Fault.BUSY,
    -9: Fault.BUSY,
    -10: Fault.UNREACHABLE,
    -14: Fault.UNREACHABLE,
}
"""The negative ones are of calls: -1 no answer, -2 no picture came, -3 no port left, -10 not sent."""
_WORDS = (
    ("不存在", Fault.MISSING),
    ("未找到", Fault.MISSING),
    ("超时", Fault.UNREACHABLE),
    ("timeout", Fault.UNREACHABLE),
    ("离线", Fault.UNREACHABLE),
)
"""Code 100 is of most failures: only the text tells them apart."""


def fault_of(code: int, text: str) -> DeviceFault:
    """For an answer whose *code* is not 0. The text itself is not handed on: it may hold addresses."""
    fault = _CODES.get(code)
    if fault is None:
        lowered = text.lower()
        fault = next((fault for word, fault in _WORDS if word in lowered), Fault.UNABLE)
    return DeviceFault(fault, f"{fault.value} ({code})")
