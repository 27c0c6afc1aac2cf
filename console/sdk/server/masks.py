"""Personal data as it travels: masked. The whole value only through an audited ``unmask``."""

from __future__ import annotations


def mask_name(name: str) -> str:
    """``王小明`` becomes ``王*``; only the first character is kept."""
    name = name.strip()
    return f"{name[0]}*" if name else ""


def mask_phone(phone: str) -> str:
    """``13800000000`` becomes ``138****0000``; numbers under eight characters are hidden whole."""
    phone = phone.strip()
    if len(phone) < 8:
        return "*" * len(phone)
    return f"{phone[:3]}{'*' * (len(phone) - 7)}{phone[-4:]}"
