"""Numbers of fields, values and extensions: in range, given once, and not reserved."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise

from svcgen.diagnostics import Report
from svcgen.formats.protobuf import rules
from svcgen.formats.protobuf.bodies import MAX_FIELD
from svcgen.formats.protobuf.cursor import MAX_INT
from svcgen.formats.protobuf.tree import Enum, Field, File, Message, Range, ReservedName

_OWN = range(19000, 20000)
_USUAL = frozenset(range(1, 1000))
"""Numbers that are in every range."""
_ALLOWED = "field numbers go from 1 to 536870911, without 19000 to 19999"


def check_numbers(file: File, report: Report) -> None:
    """Report every wrong number of a file."""
    checker = _Checker(file, report)
    for message in file.all_messages:
        checker.message(message)
    for enum in file.all_enums:
        checker.enum(enum)
    for extension in file.all_extensions:
        checker.in_range(extension, _is_message_set(extension.extended))


class _Checker:
    def __init__(self, file: File, report: Report) -> None:
        self._tokens = file.tokens
        self._report = report

    def message(self, message: Message) -> None:
        numbers = {field.number for field in message.fields}
        if len(numbers) < len(message.fields) or not numbers <= _USUAL:
            self._fields(message.fields)
        if not (message.reserved or message.reserved_names or message.extension_ranges):
            return
        given = [r for statement in message.extension_ranges for r in statement.ranges]
        highest = MAX_INT - 1 if _is_message_set(message) else MAX_FIELD
        self._ranges(message.reserved, MAX_INT - 1, lowest=1)
        self._ranges(given, highest, lowest=1)
        self._apart(given, message.reserved)
        self._names(message.reserved_names)
        barred = {reserved.name for reserved in message.reserved_names}
        for field in message.fields:
            self._field(field, message.reserved, given, barred)

    def _fields(self, fields: Sequence[Field]) -> None:
        owners: dict[int, str] = {}
        for field in fields:
            self.in_range(field)
            other = owners.setdefault(field.number, field.name)
            if other != field.name:
                what = f"field {field.name!r}"
                span = self._tokens.span(field.number_at)
                self._report.add(
                    rules.NUMBER_TWICE, span, what=what, number=field.number, other=other
                )

    def in_range(self, field: Field, message_set: bool = False) -> None:
        number = field.number
        highest = MAX_INT - 1 if message_set else MAX_FIELD
        if not 1 <= number <= highest or number in _OWN:
            what = f"field {field.name!r}"
            span = self._tokens.span(field.number_at)
            self._report.add(rules.NUMBER, span, what=what, number=number, allowed=_ALLOWED)

    def _field(
        self, field: Field, reserved: Sequence[Range], given: Sequence[Range], names: set[str]
    ) -> None:
        what, number = f"field {field.name!r}", field.number
        if (held := _holding(reserved, number)) is not None:
            problem = f"uses the number {number}, which is reserved ({_shown(held)})"
            self._add_reserved(held.at, what, problem)
        if (held := _holding(given, number)) is not None:
            problem = f"uses the number {number}, which is for extensions ({_shown(held)})"
            self._add_reserved(held.at, what, problem)
        if field.name in names:
            self._add_reserved(field.at, what, "uses a reserved name")

    def enum(self, enum: Enum) -> None:
        if not enum.reserved and not enum.reserved_names:
            return
        self._ranges(enum.reserved, MAX_INT, lowest=-(2**31))
        self._names(enum.reserved_names)
        names = {reserved.name for reserved in enum.reserved_names}
        for value in enum.values:
            what = f"value {value.name!r}"
            if (held := _holding(enum.reserved, value.number)) is not None:
                problem = f"uses the number {value.number}, which is reserved ({_shown(held)})"
                self._add_reserved(value.number_at, what, problem)
            if value.name in names:
                self._add_reserved(value.at, what, "uses a reserved name")

    def _ranges(self, ranges: Sequence[Range], highest: int, lowest: int) -> None:
        for each in ranges:
            problem = "goes downwards" if each.last < each.first else ""
            if each.first < lowest or each.last > highest:
                problem = f"has numbers that there are not; they go from {lowest} to {highest}"
            if problem:
                self._add_range(each, problem)
        ordered = sorted(ranges, key=lambda r: (r.first, r.at))
        for one, other in pairwise(ordered):
            if other.first <= one.last:
                later = max(one, other, key=lambda r: r.at)
                first = one if later is other else other
                self._add_range(later, f"meets the range {_shown(first)}")

    def _apart(self, given: Sequence[Range], reserved: Sequence[Range]) -> None:
        for each in given:
            for other in reserved:
                if each.first <= other.last and other.first <= each.last:
                    self._add_range(each, f"meets the reserved range {_shown(other)}")

    def _names(self, names: Iterable[ReservedName]) -> None:
        seen: set[str] = set()
        for reserved in names:
            if reserved.name in seen:
                self._add_reserved(reserved.at, f"name {reserved.name!r}", "is reserved twice")
            seen.add(reserved.name)

    def _add_range(self, each: Range, problem: str) -> None:
        facts = {"first": each.first, "last": each.last, "problem": problem}
        self._report.add(rules.RANGE, self._tokens.span(each.at), **facts)

    def _add_reserved(self, at: int, what: str, problem: str) -> None:
        self._report.add(rules.RESERVED, self._tokens.span(at), what=what, problem=problem)


def _holding(ranges: Sequence[Range], number: int) -> Range | None:
    return next((r for r in ranges if r.first <= number <= r.last), None)


def _shown(each: Range) -> str:
    return str(each.first) if each.first == each.last else f"{each.first} to {each.last}"


def _is_message_set(message: Message | None) -> bool:
    return message is not None and message.settings.get("message_set_wire_format") is True
