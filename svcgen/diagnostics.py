"""What svcgen tells the user: positions, rules, diagnostics and the report that collects them.

A mistake in a definition is a value (:class:`Diagnostic`), never an exception. A :class:`Rule` is a
constant beside the check that uses it; creating one registers it, so that ``svcgen explain`` and
the tests find them all.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from itertools import islice
from pathlib import Path

from svcgen.frozen import attributes, frozen

LONGEST_FACT = 400
"""Characters of a user's word that a message repeats; the rest is cut."""

MOST_COMPARED = 1000
"""Known words that a near-miss search looks at, so that no definition can make it slow."""

SHORT = 100
"""Findings of a report that anybody reads to the end."""


class Severity(StrEnum):
    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


@frozen
class Span:
    """A place in a source text. Lines and columns count characters from 1; the end is exclusive."""

    file: str
    line: int
    column: int
    end_line: int
    end_column: int

    @classmethod
    def at(cls, file: str, line: int = 1, column: int = 1, length: int = 1) -> Span:
        """The span of ``length`` characters on one line."""
        return cls(file, line, column, line, column + length)

    def __lt__(self, other: Span) -> bool:
        """By file and place."""
        return tuple(attributes(self).values()) < tuple(attributes(other).values())

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


RULES: dict[str, Rule] = {}
"""Every rule by its code; filled as the modules that own them are imported."""


@frozen
class Rule:
    """A kind of finding: a stable code, its wording, how to mend it, and why it matters.

    ``message`` and ``fix`` are ``str.format`` patterns over the facts that a check reports.
    ``why`` and ``example`` (a definition that triggers it) are what ``svcgen explain`` prints.
    """

    code: str
    message: str
    fix: str
    why: str
    example: str
    severity: Severity = Severity.ERROR
    language: str = "yaml"  # of the example: how the name of its file ends
    loses: bool = False  # what it speaks of is not read, or not as it stands

    def __post_init__(self) -> None:
        if RULES.setdefault(self.code, self) != self:
            raise ValueError(f"two rules have the code {self.code!r}")


@frozen
class Diagnostic:
    """One finding at one place, its wording complete."""

    rule: Rule
    span: Span
    message: str
    fix: str

    @property
    def severity(self) -> Severity:
        return self.rule.severity


class Report:
    """Collects the findings of a run; a stage reports and goes on."""

    def __init__(self) -> None:
        self.inputs: list[Path] = []
        """Every file that was read or looked for: what the result depends on."""
        self.roots: list[Path] = []
        """Folders from which files name each other: a copy keeps their paths below these."""
        self._found: dict[tuple[str, Span, str], Diagnostic] = {}

    def add(self, rule: Rule, span: Span, **facts: object) -> None:
        """Report ``rule`` at ``span``; ``facts`` fill its message and fix. The same finding counts
        once.
        """
        cut = {name: _cut(fact) for name, fact in facts.items()}
        diagnostic = Diagnostic(rule, span, rule.message.format(**cut), rule.fix.format(**cut))
        self._found.setdefault((rule.code, span, diagnostic.message), diagnostic)

    def include(self, other: Report) -> None:
        """Take over what another report has collected."""
        self.inputs += other.inputs
        self._found |= {key: each for key, each in other._found.items() if key not in self._found}

    @property
    def diagnostics(self) -> list[Diagnostic]:
        """All findings, sorted by file, line, column and code."""
        return sorted(self._found.values(), key=lambda d: (d.span, d.rule.code, d.message))

    @property
    def is_empty(self) -> bool:
        return not self._found

    @property
    def is_short(self) -> bool:
        """Whether somebody may still read every finding, so that near misses are worth a search."""
        return len(self._found) < SHORT

    @property
    def has_errors(self) -> bool:
        return any(d.severity is Severity.ERROR for d in self._found.values())


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """``", did you mean 'int32'?"`` if a known word is near, else the empty string."""
    import difflib

    like = [
        k for k in islice(known, MOST_COMPARED) if abs(len(k) - len(word)) <= max(3, len(word) // 2)
    ]
    near = difflib.get_close_matches(word[:100], like, n=1, cutoff=0.6)
    return f", did you mean {str(near[0])!r}?" if near else ""


def _cut(fact: object) -> object:
    if isinstance(fact, str) and len(fact) > LONGEST_FACT:
        return fact[: LONGEST_FACT - 1] + "…"
    return fact
