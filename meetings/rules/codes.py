"""The code of a meeting: its month, and its number among the special meetings of that month where it is one."""

import re
from datetime import date

_CODE = re.compile(r"(\d{4})-(\d{2})(?:-S([1-9]\d{0,3}))?", re.ASCII)


def code_of(month: date, special: int) -> str:
    """The code in addresses and documents: "2026-11", of a special meeting "2026-11-S1"."""
    return f"{month:%Y-%m}-S{special}" if special else f"{month:%Y-%m}"


def parse_code(code: str) -> tuple[date, int] | None:
    """The month and the number that a code names; None for what is no code."""
    found = _CODE.fullmatch(code)
    if found is None:
        return None
    try:
        return date(int(found[1]), int(found[2]), 1), int(found[3] or 0)
    except ValueError:
        return None
