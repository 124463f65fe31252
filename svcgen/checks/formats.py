"""The spellings of scalars that JSON has no type for: RFC 3339 times, ISO 8601 durations, base64
…
"""

from __future__ import annotations

import re
from datetime import date, datetime, time

from svcgen.model.types import Literal

_DECIMAL = r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,4})?"
_DATE = r"\d{4}-\d\d-\d\d"
_TIME = r"(\d\d:\d\d:\d\d)(\.\d{1,9})?"
_TIMESTAMP = r"(\d{4}-\d\d-\d\d)[Tt ](\d\d:\d\d:\d\d)(\.\d{1,9})?([Zz]|[+-]\d\d:\d\d)"
_DURATION = r"[+-]?P(?=.)(\d+W|(\d+D)?(T(?=\d)(\d+H)?(\d+M)?(\d+([.,]\d{1,9})?S)?)?)"
_UUID = r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"


def is_decimal(value: Literal) -> bool:
    if isinstance(value, str):
        return re.fullmatch(_DECIMAL, value, re.ASCII) is not None
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def is_base64(value: Literal) -> bool:
    import base64

    try:
        return isinstance(value, str) and base64.b64decode(value, validate=True) is not None
    except ValueError:
        return False


def is_date(value: Literal) -> bool:
    return (
        isinstance(value, str)
        and re.fullmatch(_DATE, value, re.ASCII) is not None
        and _parses(date, value)
    )


def is_time(value: Literal) -> bool:
    match = re.fullmatch(_TIME, value, re.ASCII) if isinstance(value, str) else None
    return match is not None and _parses(time, match[1])


def is_timestamp(value: Literal) -> bool:
    """An instant with its offset, RFC 3339 section 5.6."""
    match = re.fullmatch(_TIMESTAMP, value, re.ASCII) if isinstance(value, str) else None
    if match is None:
        return False
    offset = "+00:00" if match[4] in "Zz" else match[4]
    return _parses(datetime, f"{match[1]}T{match[2]}{offset}")


def is_duration(value: Literal) -> bool:
    """Weeks, or days and a time; years and months have no fixed length."""
    return isinstance(value, str) and re.fullmatch(_DURATION, value, re.ASCII) is not None


def is_uuid(value: Literal) -> bool:
    return isinstance(value, str) and re.fullmatch(_UUID, value, re.ASCII) is not None


def _parses(kind: type[date] | type[time], text: str) -> bool:
    try:
        kind.fromisoformat(text)
    except ValueError:
        return False
    return True
