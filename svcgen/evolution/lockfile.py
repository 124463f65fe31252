"""The text of ``svcgen.lock``: one entry a line, sorted, so that git merges it line by line.

    field AddRequest.a = 1
    method Calculator.add = 1
    retired field AddRequest.old = 3
    value Operation.ADD = 1

A retired entry is a member that the definition no longer has; its number is never given again.
"""

from __future__ import annotations

import re

from svcgen.diagnostics import Report, Rule, Span
from svcgen.frozen import frozen

BAD_LOCK = Rule(
    code="lock-syntax",
    message="{line!r} is no entry of a lock file",
    fix="restore {lock} from version control; svcgen alone writes it",
    why=(
        "svcgen.lock keeps the number of every field, enum value and method. A line that cannot"
        " be read would lose a number, and a lost number breaks whoever still sends the old "
        "one."
    ),
    example="",
)
LOCK_CONFLICT = Rule(
    code="lock-conflict",
    message="the lock file has an unresolved merge conflict",
    fix="keep the lines of both sides, delete the markers, and run svcgen again",
    why=(
        "Both branches added entries, and git could not put them together. The entries of both "
        "are needed; where both gave one number to two members, the member that is not yet "
        "released has to give way."
    ),
    example="",
)
LOCK_DUPLICATE = Rule(
    code="lock-duplicate",
    message="{entry!r} and {other!r} contradict each other",
    fix=(
        "delete the line of the member that is not yet released, and run svcgen again to number"
        " it anew"
    ),
    why=(
        "Two branches that each add a member give both the next number. After the merge one of "
        "the two has to take another, and only you know which of them is already in use "
        "somewhere."
    ),
    example="",
)

HEADER = """\
# Written by svcgen: the numbers of fields, enum values and methods on the wire.
# Commit this file. After a merge keep the lines of both sides; order does not matter.
"""

_NAME = r"[^\s.\ufffd]{1,1000}"
_ENTRY = (
    rf"(retired )?(field|value|method|event) ({_NAME}(?:\.{_NAME})?)\.({_NAME}) = (-?\d{{1,10}})"
)
_MARKERS = ("<<<<<<<", "=======", ">>>>>>>", "|||||||")
_LARGEST = 2**31 - 1


@frozen
class Entry:
    """``kind`` is field, value, method or event; ``owner`` the type, error or service (or its
    method).
    """

    kind: str
    owner: str
    name: str
    number: int
    retired: bool = False

    def __str__(self) -> str:
        retired = "retired " if self.retired else ""
        return f"{retired}{self.kind} {self.owner}.{self.name} = {self.number}"

    @property
    def scope(self) -> tuple[str, str]:
        """Within which numbers are unique: methods and events of a service share theirs."""
        return ("method" if self.kind == "event" else self.kind, self.owner)


def read(text: str, lock: str, report: Report) -> list[Entry]:
    """The entries of a lock file; everything wrong with it is reported at its line."""
    found: dict[Entry, int] = {}
    for position, line in enumerate(text.replace("\r\n", "\n").split("\n"), start=1):
        if not line.strip() or line.startswith("#"):
            continue
        entry = _entry(line)
        if entry is not None:
            found.setdefault(entry, position)
        elif line.startswith(_MARKERS):
            report.add(LOCK_CONFLICT, Span.at(lock, position, 1, len(line)))
        else:
            report.add(BAD_LOCK, Span.at(lock, position, 1, len(line)), line=line, lock=lock)
    _check_unique(found, lock, report)
    return list(found)


def write(entries: list[Entry]) -> str:
    return HEADER + "".join(f"{line}\n" for line in sorted(map(str, entries)))


def _entry(line: str) -> Entry | None:
    if (match := re.fullmatch(_ENTRY, line)) is None:
        return None
    retired, kind, owner, name, number = match.groups()
    if not (-_LARGEST - 1 <= int(number) <= _LARGEST):
        return None
    return Entry(kind, owner, name, int(number), bool(retired))


def _check_unique(found: dict[Entry, int], lock: str, report: Report) -> None:
    """A number has one holder in its scope, and a name that is not retired one number."""
    seen: dict[tuple[object, ...], Entry] = {}
    for entry, position in found.items():
        keys: list[tuple[object, ...]] = [("number", *entry.scope, entry.number)]
        if not entry.retired:
            keys.append(("name", entry.kind, entry.owner, entry.name))
        for key in keys:
            other = seen.setdefault(key, entry)
            if other is not entry:
                span = Span.at(lock, position, 1, len(str(entry)))
                report.add(LOCK_DUPLICATE, span, entry=str(entry), other=str(other))
