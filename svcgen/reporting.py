"""Diagnostics as the user sees them: text with source line and caret, JSON, GitHub annotations.

In go diagnostics, out come strings; nothing is printed here. Text of a definition is hostile: what
a
terminal would obey (escapes, direction overrides) is shown as a picture of itself.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeAlias

from svcgen.diagnostics import Diagnostic, Severity, Span

Sources: TypeAlias = Callable[[str], str]
"""The text of a file by the name that spans give it; empty if there is none to show."""

WINDOW = 100
"""Columns of a source line that are shown; a longer line is cut around the caret."""

LARGEST_SOURCE = 64 * 1024 * 1024

_TAB = "    "
_STYLES = {Severity.ERROR: "31", Severity.WARNING: "33", Severity.INFO: "36"}
_GITHUB = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}


def file_source(file: str) -> str:
    """The file as far as it can be read: a finding may be that it cannot."""
    path = Path(file)
    try:
        if not path.is_file() or path.stat().st_size > LARGEST_SOURCE:
            return ""
        return path.read_text(encoding="utf-8", errors="replace")
    except (OSError, ValueError):
        return ""


def text(
    diagnostics: Sequence[Diagnostic], sources: Sources = file_source, *, color: bool = False
) -> str:
    """Every finding with its source line, a caret below the place, and how to mend it."""
    lines = _Lines(sources)
    return "".join(_block(diagnostic, lines, color) for diagnostic in diagnostics)


def as_json(diagnostics: Sequence[Diagnostic]) -> str:
    """A JSON array of the findings; columns count characters from 1 and end exclusively."""
    return json.dumps([_json_object(diagnostic) for diagnostic in diagnostics], indent=2) + "\n"


def github(diagnostics: Sequence[Diagnostic]) -> str:
    """One workflow command a finding, which GitHub shows beside the line of the change."""
    return "".join(_github_line(diagnostic) for diagnostic in diagnostics)


def summary(diagnostics: Sequence[Diagnostic]) -> str:
    """``2 errors, 1 warning``; empty without findings."""
    counts = {s: sum(d.severity is s for d in diagnostics) for s in Severity}
    nouns = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}
    return ", ".join(
        f"{count} {nouns[severity]}{'s' if count > 1 else ''}"
        for severity, count in counts.items()
        if count
    )


def harmless(string: str) -> str:
    """``string`` with every character that a terminal might obey replaced by a visible one."""
    if string.isascii() and string.isprintable():
        return string
    return "".join(map(_picture, string))


class _Lines:
    """The lines of the sources, split once a file as YAML and editors count them."""

    def __init__(self, sources: Sources) -> None:
        self._sources = sources
        self._split: dict[str, list[str]] = {}

    def at(self, span: Span) -> str:
        if span.file not in self._split:
            source = self._sources(span.file).replace("\r\n", "\n").replace("\r", "\n")
            self._split[span.file] = source.split("\n")
        lines = self._split[span.file]
        return lines[span.line - 1] if 0 < span.line <= len(lines) else ""


def _block(diagnostic: Diagnostic, lines: _Lines, color: bool) -> str:
    style = _STYLES[diagnostic.severity]
    kind = _paint(f"{diagnostic.severity}[{diagnostic.rule.code}]", f"1;{style}", color)
    where = _paint(harmless(str(diagnostic.span)), "1", color)
    shown, caret = _excerpt(lines.at(diagnostic.span), diagnostic.span)
    block = f"{where}: {kind}: {harmless(diagnostic.message)}\n"
    if shown:
        number = str(diagnostic.span.line)
        block += f"{number} | {shown}\n{' ' * len(number)} | {_paint(caret, style, color)}\n"
    if diagnostic.fix:
        block += f"{_paint('fix', '1', color)}: {harmless(diagnostic.fix)}\n"
    return block


def _excerpt(line: str, span: Span) -> tuple[str, str]:
    """The part of ``line`` around the span, and the line of carets below it; empty for a blank
    line.
    """
    first = min(max(span.column - 1, 0), len(line))
    last = span.end_column - 1 if span.end_line == span.line else len(line)
    last = min(max(last, first + 1), max(len(line), first + 1))
    start = 0 if len(line) <= WINDOW else max(0, min(first - WINDOW // 3, len(line) - WINDOW))
    stop = min(len(line), start + WINDOW)
    before = ("…" if start else "") + harmless(line[start:first])
    marked = harmless(line[first : min(last, stop)])
    after = harmless(line[min(last, stop) : stop]) + ("…" if stop < len(line) else "")
    shown = (before + marked + after).rstrip()
    return (shown, " " * _width(before) + "^" * max(1, _width(marked))) if shown else ("", "")


def _picture(char: str) -> str:
    if char == "\t":
        return _TAB
    if char < " ":
        return chr(0x2400 + ord(char))
    if char == " " or char.isprintable():
        return char
    return "\N{SYMBOL FOR DELETE}" if char == "\x7f" else "\N{REPLACEMENT CHARACTER}"


def _width(shown: str) -> int:
    """Columns of a terminal that the characters take."""
    if shown.isascii():
        return len(shown)
    return sum(_char_width(char) for char in shown)


def _char_width(char: str) -> int:
    if unicodedata.category(char) in ("Mn", "Me"):
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


def _paint(string: str, style: str, color: bool) -> str:
    return f"\x1b[{style}m{string}\x1b[0m" if color else string


def _json_object(diagnostic: Diagnostic) -> dict[str, object]:
    span = diagnostic.span
    return {
        "code": diagnostic.rule.code,
        "severity": diagnostic.severity.value,
        "message": diagnostic.message,
        "fix": diagnostic.fix,
        "file": span.file,
        "line": span.line,
        "column": span.column,
        "endLine": span.end_line,
        "endColumn": span.end_column,
    }


def _github_line(diagnostic: Diagnostic) -> str:
    span = diagnostic.span
    facts = {
        "file": span.file,
        "line": span.line,
        "col": span.column,
        "endLine": span.end_line,
        "endColumn": span.end_column,
        "title": f"svcgen {diagnostic.rule.code}",
    }
    properties = ",".join(f"{name}={_property(str(fact))}" for name, fact in facts.items())
    body = diagnostic.message + (f"\nfix: {diagnostic.fix}" if diagnostic.fix else "")
    return f"::{_GITHUB[diagnostic.severity]} {properties}::{_data(body)}\n"


def _data(string: str) -> str:
    """Escaped as the body of a GitHub workflow command."""
    escaped = string.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in escaped)


def _property(string: str) -> str:
    return _data(string).replace(":", "%3A").replace(",", "%2C")
