"""Comments as protoc attaches them to declarations.

What stands between the end of one declaration (``;``, ``{`` or ``}``) and the first token of the
next is shared out: a comment that begins on the line of the former, or follows it without an empty
line and is followed by one, trails it; the last comment with no empty line before the latter leads
it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

_NEXT = re.compile(r"[ \t\r\v\f]*(?:(//[^\n]*\n?)|(/\*.*?\*/)|(\n))?", re.DOTALL)
_REST_OF_LINE = re.compile(r"[ \t\r\v\f]*\n?")
_CLOSING = frozenset({"", "}", "]", ")"})

nothing_trails = re.compile(
    r"[ \t\r\v\f]*+(?:[^/\s]|\n[ \t\r\v\f]*+"
    r"(?:\n|[^/\s]|(?://[^\n]*\n[ \t\r\v\f]*+)++[^/\s}\])]))"
).match
"""Tells quickly of most places behind a token that no comment trails it: an empty line comes first,
or a token, or lines of a comment that touch the next declaration.
"""


@dataclass(slots=True)
class Comments:
    """Of one gap: what trails the token before it, and what leads the token behind it."""

    trailing: str = ""
    leading: str = ""
    detached: list[str] = field(default_factory=list)


@dataclass(slots=True)
class _Collector:
    """The comment that is being read, until it is known whose it is."""

    found: Comments = field(default_factory=Comments)
    buffer: list[str] = field(default_factory=list)
    lines: bool = False  # the buffer holds // lines, which join
    attachable: bool = True
    count: int = 0
    trails: bool = False

    def line(self, text: str) -> None:
        if self.buffer and not self.lines:
            self.flush()
        self.lines = True
        self.buffer.append(text)

    def block(self, text: str) -> None:
        self.flush()
        self.lines = False
        self.buffer.append(text)

    def flush(self) -> None:
        if not self.buffer:
            return
        if self.attachable:
            self.found.trailing += "".join(self.buffer)
            self.trails, self.attachable = True, False
        else:
            self.found.detached.append("".join(self.buffer))
        self.count += 1
        self.buffer.clear()

    def end(self) -> Comments:
        self.found.leading = "".join(self.buffer)
        return self.found


def split(gap: str, following: str, first: bool = False) -> Comments:
    """Share out the comments of a gap before the token ``following``; ``first``: of the file."""
    if "/" not in gap:
        return Comments()
    collector = _Collector(attachable=not first)
    position = 0 if first else _same_line(gap, collector)
    if position < 0:
        return collector.end()
    while (match := _NEXT.match(gap, position)) is not None:
        position = match.end()
        line, block, blank = match.groups()
        if line:
            collector.line(line[2:])
        elif block:
            collector.block(_block_text(block))
            position = _rest_of_line(gap, position)
        elif blank:
            collector.flush()
            collector.attachable = False
        else:
            break
    if following in _CLOSING:
        collector.flush()
    return collector.end()


def _same_line(gap: str, collector: _Collector) -> int:
    """Read what is on the line of the token before; return where the next line starts, or -1."""
    match = _NEXT.match(gap)
    if match is None:
        return -1
    line, block, blank = match.groups()
    if line:
        collector.line(line[2:])
        collector.flush()
        return match.end()
    if block:
        position = _rest_of_line(gap, match.end())
        if gap[position - 1 : position] != "\n" or position == match.end():
            return -1  # the next token is on the line as well: nobody's comment
        collector.block(_block_text(block))
        collector.flush()
        return position
    return match.end() if blank else -1


def _rest_of_line(gap: str, position: int) -> int:
    match = _REST_OF_LINE.match(gap, position)
    return match.end() if match else position


def _block_text(block: str) -> str:
    """The text of ``/* … */``, the asterisks that begin its lines left out."""
    first, *rest = block[2:-2].split("\n")
    lines = [first]
    for index, line in enumerate(rest):
        bare = line.lstrip(" \t\r\v\f")
        last = index == len(rest) - 1
        if bare[:1] == "*":
            bare = bare[1:]
        elif last and not bare:
            lines.append("")
            continue
        lines.append(bare)
    return "\n".join(lines)


def leading_lines(gap: str, first: bool = False) -> str:
    """The leading comment as :func:`documentation`, of a gap without block comments."""
    start, end = gap.rfind("\n\n") + 1, gap.rfind("\n")
    lines = gap[start:end].split(gap[end:] + "//")
    if not lines[0] and gap.count("\n", start, end) == len(lines) - 1:  # indented as the token is
        if len(lines) == 2:
            return lines[1].rstrip().removeprefix(" ")
        lines = [line.rstrip().removeprefix(" ") for line in lines]
        return "\n".join(lines).strip("\n")
    lines = [line.strip() for line in gap.split("\n")]
    lowest = 0 if first else 1
    at = last = len(lines) - 1  # the line of the token
    while at > lowest and lines[at - 1][:2] == "//":
        at -= 1
    return "\n".join([line[2:].removeprefix(" ") for line in lines[at:last]]).strip("\n")


def documentation(comment: str) -> str:
    """A comment as documentation: without the space after ``//`` and empty lines around it."""
    lines = comment.rstrip().split("\n")
    stripped = [line[1:] if line[:1] == " " else line for line in lines]
    return "\n".join([line.rstrip() for line in stripped]).strip("\n")
