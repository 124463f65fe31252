"""The text of a definition with its positions. All readers get their files here."""

from __future__ import annotations

import os
import stat
from bisect import bisect_right
from codecs import BOM_UTF8
from collections.abc import Iterable
from functools import cached_property
from itertools import accumulate
from pathlib import Path, PurePath

from svcgen.diagnostics import Report, Rule, Span

MAX_BYTES = 16 * 1024 * 1024

UNREADABLE_FILE = Rule(
    code="unreadable-file",
    message="{file!r} cannot be read: {reason}",
    fix="name an existing, readable text file of at most 16 MiB",
    why=(
        "A definition and everything that it imports must be ordinary files. Directories, devices"
        " and files of more than 16 MiB are refused, so that reading always ends."
    ),
    example="svcgen: 1\nimports: [no-such-file.yaml]\n",
)

NOT_UTF8 = Rule(
    code="not-utf8",
    message="the file is not UTF-8: byte 0x{byte:02x} at offset {offset}",
    fix="save the file as UTF-8",
    why="Definitions are UTF-8, with or without a byte order mark, so that they mean one thing.",
    example="svcgen: 1  # saved as Latin-1: Grüße\n",
)

NUL_CHARACTER = Rule(
    code="nul-character",
    message="the file has a NUL character at offset {offset}",
    fix="remove it, or save the file as UTF-8",
    why="A NUL is never part of a definition; it shows that the file is binary or UTF-16.",
    example='svcgen: 1\npackage: "a\\0b"  # a raw NUL byte, not the escape\n',
)


class Source:
    """A text whose lines end in a line feed. ``name`` is how messages call the file."""

    def __init__(self, name: str, text: str) -> None:
        self.name = name
        self.text = text

    @classmethod
    def of(cls, name: str, text: str) -> Source:
        return cls(name, text)

    @cached_property
    def line_starts(self) -> list[int]:
        """Offsets; found when somebody asks for a place."""
        lengths = map(len, self.text.split("\n"))
        return list(accumulate(map((1).__add__, lengths), initial=0))[:-1]

    def span_at(self, offset: int, length: int = 1) -> Span:
        """The span of ``length`` characters from ``offset``, which may lie at the very end."""
        starts = self.line_starts
        line = bisect_right(starts, offset)
        if line < len(starts) and offset + length < starts[line]:  # on one line that ends in a feed
            column = offset - starts[line - 1] + 1
            return Span(self.name, line, column, line, column + length)
        line, column = self._place(min(offset, len(self.text)))
        end_line, end_column = self._place(min(offset + length, len(self.text)))
        if (end_line, end_column) <= (line, column):
            return Span.at(self.name, line, column)
        return Span(self.name, line, column, end_line, end_column)

    def span_on_line(self, offset: int, length: int) -> Span:
        """The span of characters of which none but the last ends a line."""
        starts = self.line_starts
        line = bisect_right(starts, offset)
        column = offset - starts[line - 1] + 1
        return Span(self.name, line, column, line, column + length)

    def _place(self, offset: int) -> tuple[int, int]:
        line = bisect_right(self.line_starts, offset)
        return line, offset - self.line_starts[line - 1] + 1


def load(
    path: Path, report: Report, name: str | None = None, at: Span | None = None
) -> Source | None:
    """The text of ``path``, or ``None`` with a finding.

    ``name`` is how messages call the file, as given if absent. A file that cannot be opened is
    reported ``at`` the place that mentions it, else at its own beginning.
    """
    name = str(path) if name is None else name
    report.inputs.append(path)
    try:
        data = _read(path)
    except OSError as problem:
        reason = problem.strerror or str(problem)
        report.add(UNREADABLE_FILE, at or Span.at(name), file=name, reason=reason.lower())
        return None
    return _decode(data, name, report)


def place_of(file: str, main: str, include: Iterable[Path]) -> str:
    """A file without its suffix, as seen from an include folder, else from the main file."""
    path = PurePath(os.path.realpath(file)).with_suffix("")
    for folder in include:
        if path.is_relative_to(root := os.path.realpath(folder)):
            return path.relative_to(root).as_posix()
    relative = os.path.relpath(path, os.path.dirname(os.path.realpath(main)))  # noqa: PTH120
    return PurePath(relative).as_posix()


def _read(path: Path) -> bytes:
    try:
        status = path.stat()
    except ValueError:  # a NUL in the path
        raise OSError("no file can have this name") from None
    if stat.S_ISDIR(status.st_mode):
        raise IsADirectoryError("it is a directory")
    if not stat.S_ISREG(status.st_mode):
        raise OSError("it is not an ordinary file")
    if status.st_size > MAX_BYTES:
        raise OSError(f"it has {status.st_size} bytes, more than {MAX_BYTES}")
    return path.read_bytes()


def _decode(data: bytes, name: str, report: Report) -> Source | None:
    bare = data.removeprefix(BOM_UTF8)
    try:
        text = bare.decode()
    except UnicodeDecodeError as problem:
        before = _normal(bare[: problem.start].decode())
        span = Source.of(name, before).span_at(len(before))
        offset = len(data) - len(bare) + problem.start
        report.add(NOT_UTF8, span, byte=data[offset], offset=offset)
        return None
    source = Source.of(name, _normal(text))
    if (offset := source.text.find("\0")) >= 0:
        report.add(NUL_CHARACTER, source.span_at(offset), offset=offset)
        return None
    return source


def _normal(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text
