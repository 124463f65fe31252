"""Regular expressions of a definition in the words of XML Schema (part 2, appendix F).

There a pattern always means the whole text and has no anchors; the dot and the escapes of digits,
words and spaces mean more or less than elsewhere, so they are spelled out.
"""

from __future__ import annotations

import re

_ANYTHING = r"[\s\S]*"
_DIGIT, _WORD, _SPACE = "0-9", "a-zA-Z0-9_", r" \t\n\r"
_SETS = {"d": _DIGIT, "w": _WORD, "s": _SPACE}
_TOKEN = re.compile(
    r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|\(\?:|\{\d+(?:,\d*)?\}\??|[*+?]\??|[|()^$.]|[^\\]", re.S
)
_SPECIAL = frozenset(".\\?*+{}()[]|^-")
_CONTROLS = {"t": "\\t", "n": "\\n", "r": "\\r"}


class _Unsayable(Exception):
    """XML Schema has no words for it."""


def to_xsd(pattern: str) -> str | None:
    """The same pattern for XML Schema, or ``None`` where it has none."""
    try:
        return "|".join(_branch(branch) for branch in _branches(_TOKEN.findall(pattern)))
    except _Unsayable:
        return None


def _branches(tokens: list[str]) -> list[list[str]]:
    """What is between the bars that are in no group."""
    found: list[list[str]] = [[]]
    depth = 0
    for token in tokens:
        depth += (token in ("(", "(?:")) - (token == ")")
        if token == "|" and not depth:
            found.append([])
        else:
            found[-1].append(token)
    return found


def _branch(tokens: list[str]) -> str:
    starts, ends = tokens[:1] == ["^"], tokens[-1:] == ["$"]
    inner = tokens[1 if starts else 0 : len(tokens) - ends]
    text = "".join(map(_token, inner))
    return ("" if starts else _ANYTHING) + text + ("" if ends else _ANYTHING)


def _token(token: str) -> str:
    if token.startswith("["):
        return _class(token)
    if token.startswith("\\"):
        return _escape(token[1])
    if token == "(?:":
        return "("
    if token == ".":
        return r"[^\n]"
    if token in ("^", "$", "{"):
        raise _Unsayable
    if token[-1] == "?" and len(token) > 1:
        return token[:-1]  # a lazy quantifier takes the same texts
    if token in ("}", "]"):
        return "\\" + token
    return token


def _escape(char: str) -> str:
    if char in _SETS:
        return f"[{_SETS[char]}]"
    if char.lower() in _SETS:
        return f"[^{_SETS[char.lower()]}]"
    if char in _CONTROLS:
        return _CONTROLS[char]
    if char.isalnum():
        raise _Unsayable
    return "\\" + char if char in _SPECIAL else char


def _class(token: str) -> str:
    """A class: its sets spelled out, what is special in it escaped."""
    negated = "^" if token[1] == "^" else ""
    body = token[1 + len(negated) : -1]
    parts = re.findall(r"\\.|[^\\]", body, re.S)
    found = []
    for number, part in enumerate(parts):
        if part == "-" and 0 < number < len(parts) - 1:
            found.append("-")
        else:
            found.append(_in_class(part))
    return f"[{negated}{''.join(found)}]"


def _in_class(part: str) -> str:
    char = part[-1]
    if len(part) == 1:
        return "\\" + char if char in _SPECIAL else char
    if char in _SETS:
        return _SETS[char]
    if char in _CONTROLS:
        return _CONTROLS[char]
    if char.isalnum():
        raise _Unsayable
    return "\\" + char if char in _SPECIAL else char
