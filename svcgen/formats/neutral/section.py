"""Reading a mapping key by key: wrong kinds, unknown and missing keys are reported, never fatal."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from collections.abc import Sequence as AbstractSequence

from svcgen.diagnostics import Report, Rule, Span, did_you_mean
from svcgen.formats.neutral import keys, scalars
from svcgen.formats.neutral.tree import Entry, Mapping, Node, Sequence, Text, is_null, kind
from svcgen.formats.neutral.yaml import CONTROL_CHARACTER
from svcgen.model.types import Literal

UNKNOWN_KEY = Rule(
    code="unknown-key",
    message="{what} has no key {key!r}{hint}",
    fix="use one of: {known}",
    why=(
        "A key that svcgen does not know would be ignored in silence, and a mistyped one with it."
        " Annotations of your own start with 'x-'."
    ),
    example="svcgen: 1\nservices:\n  Calculator:\n    metods: {}\n",
)

MISSING_KEY = Rule(
    code="missing-key",
    message="{what} needs the key {key!r}",
    fix="add {key!r}",
    why="Without it the rest has no meaning.",
    example="svcgen: 1\ntypes:\n  A: {x: {number: 1}}\n",
)

WRONG_KIND = Rule(
    code="wrong-kind",
    message="{what} must be {wanted}, not {got}",
    fix="write {wanted}",
    why=(
        "Each key takes one kind of value. Only 'true' and 'false' are booleans, numbers have no"
        " leading zeros, and what is in quotes is always text."
    ),
    example="svcgen: 1\nservices:\n  Calculator: {methods: {add: {readonly: yes}}}\n",
)

WRONG_WORD = Rule(
    code="wrong-word",
    message="{what} cannot be {word!r}{hint}",
    fix="use one of: {known}",
    why="The key takes one of a few words.",
    example="svcgen: 1\nerrors:\n  NotFound: {code: not_fund}\n",
)

INVALID_NAME = Rule(
    code="invalid-name",
    message="{name!r} cannot be the name of {what}",
    fix="use letters, digits and underscores, no digit first, at most 255 characters",
    why=(
        "Names become identifiers and file names in every language; anything but letters, digits"
        " and underscores would have to be rewritten, and no two languages would agree how."
    ),
    example="svcgen: 1\ntypes:\n  ../../etc/passwd: {x: int32}\n",
)

CONFLICTING_KEYS = Rule(
    code="conflicting-keys",
    message="{what} has both {first!r} and {second!r}",
    fix="keep one of them",
    why="The two keys say the same thing in different ways, so they could contradict each other.",
    example="svcgen: 1\nservices:\n  S: {methods: {m: {params: {a: int32}, input: string}}}\n",
)

_NAME = re.compile(r"[^\W\d]\w{0,254}")


class Section:
    """A mapping of which each key is known. ``what`` is how messages call it: ``"field 'a'"``."""

    def __init__(
        self, node: Mapping, known: AbstractSequence[str], report: Report, what: str, span: Span
    ) -> None:
        self.span = span
        self.what = what
        self.report = report
        self._entries: dict[str, Entry] = {}
        self.annotations: dict[str, Literal] = {}
        for entry in node.entries:
            key = entry.key.text
            if key.startswith("x-") and keys.ANNOTATIONS in known:
                self.annotations[key] = scalars.literal(entry.value, self.report)
            elif key in known:
                self._entries[key] = entry
            else:
                hint, listed = near_miss(report, key, known), ", ".join(known)
                facts = {"what": what, "key": key[:80], "hint": hint, "known": listed}
                report.add(UNKNOWN_KEY, entry.key.span, **facts)

    def __contains__(self, key: str) -> bool:
        return key in self._entries

    def node(self, key: str) -> Node | None:
        entry = self._entries.get(key)
        return entry.value if entry else None

    def key_span(self, key: str) -> Span:
        """The place of the key, of the section itself where it is absent."""
        entry = self._entries.get(key)
        return entry.key.span if entry else self.span

    def require(self, key: str) -> Node | None:
        node = self.node(key)
        if node is None:
            self.report.add(MISSING_KEY, self.span, what=self.what, key=key)
        return node

    def exclusive(self, first: str, second: str) -> str | None:
        """Whichever of two keys is there, the first where both are, which is reported."""
        if first in self and second in self:
            self.conflict(first, second)
        return first if first in self else second if second in self else None

    def conflict(self, first: str, second: str) -> None:
        facts = {"what": self.what, "first": first, "second": second}
        place = second if second in self else first
        self.report.add(CONFLICTING_KEYS, self.key_span(place), **facts)

    def wrong(self, key: str, wanted: str) -> None:
        """Report that the value of ``key`` is not ``wanted``."""
        node = self._entries[key].value
        wrong_kind(self.report, node, f"{key!r} of {self.what}", wanted)

    def flag(self, key: str) -> bool:
        node = self.node(key)
        value = None if node is None else scalars.boolean(node)
        if node is not None and value is None:
            self.wrong(key, "true or false")
        return bool(value)

    def integer(self, key: str, low: int | None = None) -> int | None:
        node = self.node(key)
        value = None if node is None else scalars.integer(node)
        if node is not None and (value is None or (low is not None and value < low)):
            self.wrong(key, "an integer" if low is None else f"an integer of at least {low}")
            return None
        return value

    def number(self, key: str) -> float | None:
        node = self.node(key)
        value = None if node is None else scalars.number(node)
        if node is not None and value is None:
            self.wrong(key, "a number")
        return value

    def text(self, key: str) -> str:
        """The text of a scalar, the empty string where it is absent; numbers count as text."""
        node = self.node(key)
        if node is None:
            return ""
        if not isinstance(node, Text) or is_null(node):
            self.wrong(key, "a text")
            return ""
        return checked_text(node, self.report, f"{key!r} of {self.what}")

    def word(self, key: str, known: AbstractSequence[str], default: str) -> str:
        """One of a few words."""
        node = self.node(key)
        if node is None:
            return default
        if not isinstance(node, Text):
            self.wrong(key, "one word")
        elif node.text in known:
            return node.text
        else:
            wrong_word(self.report, node, f"{key!r} of {self.what}", known)
        return default

    def texts(self, key: str) -> list[Text]:
        """The scalars of a list."""
        found: list[Text] = []
        for item in self.items(key):
            if isinstance(item, Text) and not (item.plain and item.text == ""):
                found.append(item)
            else:
                wrong_kind(self.report, item, f"an item of {key!r} of {self.what}", "a text")
        return found

    def items(self, key: str) -> tuple[Node, ...]:
        node = self.node(key)
        if node is None:
            return ()
        if isinstance(node, Sequence):
            return node.items
        self.wrong(key, "a list")
        return ()

    def entries(self, key: str) -> Iterator[Entry]:
        """The entries of a mapping with the user's own names; bad ones are reported and skipped."""
        node = self.node(key)
        if node is None or is_null(node):
            return
        if not isinstance(node, Mapping):
            self.wrong(key, "a mapping")
            return
        yield from named(node, self.report, f"an entry of {key!r}")


def open_section(
    node: Node, known: AbstractSequence[str], report: Report, what: str, span: Span
) -> Section | None:
    """The section of a node that has to be a mapping; ``None`` with a finding where it is not."""
    if isinstance(node, Mapping):
        return Section(node, known, report, what, span)
    wrong_kind(report, node, what, "a mapping")
    return None


def named(node: Mapping, report: Report, what: str) -> Iterator[Entry]:
    """The entries whose keys are names; the others are reported."""
    return (entry for entry in node.entries if is_name(entry.key, report, what))


def is_name(node: Text, report: Report, what: str) -> bool:
    """Whether the text can be a name; reported where it cannot."""
    if _NAME.fullmatch(node.text):
        return True
    shown = node.text if len(node.text) <= 80 else node.text[:77] + "..."
    report.add(INVALID_NAME, node.span, name=shown, what=what)
    return False


def near_miss(report: Report, word: str, known: Iterable[str]) -> str:
    """A suggestion for the end of a message, as long as the report is not too long to be read."""
    return did_you_mean(word, known) if report.is_short else ""


def wrong_kind(report: Report, node: Node, what: str, wanted: str) -> None:
    report.add(WRONG_KIND, node.span, what=what, wanted=wanted, got=kind(node))


def wrong_word(report: Report, node: Text, what: str, known: AbstractSequence[str]) -> None:
    facts = {"what": what, "word": node.text[:80], "known": ", ".join(known)}
    report.add(WRONG_WORD, node.span, hint=near_miss(report, node.text, known), **facts)


def checked_text(node: Text, report: Report, what: str) -> str:
    """The text of a scalar, without the control characters that escapes brought into it."""
    for character in node.text:
        if character not in "\n\t" and _is_control(character):
            facts = {"character": f"U+{ord(character):04X}", "where": what}
            report.add(CONTROL_CHARACTER, node.span, **facts)
            return ""
    return node.text


def _is_control(character: str) -> bool:
    if character in _REORDERING:
        return True
    return unicodedata.category(character) in ("Cc", "Cs", "Zl", "Zp")


_REORDERING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""What shows text in another order than it is read: embeddings, overrides and isolates."""
