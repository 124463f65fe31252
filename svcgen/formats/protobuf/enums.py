"""Enums of a .proto file, and ranges of numbers, which messages have as well."""

from __future__ import annotations

import re
from sys import intern

from svcgen.formats.protobuf.cursor import MAX_INT
from svcgen.formats.protobuf.fields import Fields
from svcgen.formats.protobuf.statements import value_of_enum
from svcgen.formats.protobuf.tree import Enum, EnumValue, Message, Range, ReservedName


class Enums(Fields):
    """Reads enums; :class:`Fields` the statements that declare a field."""

    def enum(self, parent: Message | None, visibility: str = "") -> Enum:
        first, gap = self.i, self.ended
        self.step()
        enum = Enum(self.text, self.i, first, gap)
        enum.parent, enum.visibility = parent, visibility
        self.name("the enum's name")
        enum.end = self.end("{")
        self.values(enum)
        return enum

    def values(self, enum: Enum) -> None:
        """What is behind the opening brace of an enum, and the closing one."""
        while True:
            match = value_of_enum(self.whole, self.ended)
            if match is None:
                self._other_value(enum)
            elif match[4]:
                self.ended = match.end()
                return
            else:
                enum.values.append(self._usual_value(match))

    def _usual_value(self, match: re.Match[str]) -> EnumValue:
        at = match.start(1)
        value = EnumValue(intern(match[1]), at, at, self.ended)
        value.number, value.number_at = int(match[2]), match.start(2)
        value.end = match.start(3)
        self.ended = match.end()
        if match[3] == "[":
            self.text, self.i = match[3], value.end
            value.options = self.option_list()
            self.look()
            value.end = self.end(";")
        return value

    def _other_value(self, enum: Enum) -> None:
        self.look()
        match self.text:
            case ";":
                self.end(";")
            case "option":
                enum.options.append(self.option_statement())
            case "reserved":
                self.reserved(enum, MAX_INT, MAX_INT)
            case "":
                self.fail(self.missing_brace("enum", "a value"))
            case _:
                enum.values.append(self._value_of_enum())

    def _value_of_enum(self) -> EnumValue:
        at, gap = self.i, self.ended
        value = EnumValue(self.name("the name of a value"), at, at, gap)
        self.expect("=", " and the number of the value")
        value.number_at = self.i
        value.number = self.signed("the number of the value")
        if self.text == "[":
            value.options = self.option_list()
            self.look()
        value.end = self.end(";")
        return value

    def ranges(self, highest: int, limit: int, signed: bool = False) -> list[Range]:
        """``4, 20 to 30, 1000 to max``"""
        found = []
        while True:
            at = self.i
            read = self.signed if signed else self.integer
            first = last = read("a number or a range of numbers")
            if self.accept("to"):
                last = highest if self.accept("max") else read("the last number, or 'max'")
            found.append(Range(first, min(last, limit), at))
            if not self.accept(","):
                return found

    def reserved(self, owner: Message | Enum, highest: int, limit: int) -> None:
        self.step()
        if self.text[:1] in ("'", '"') and self.text:
            self._reserved_strings(owner)
        elif self.text.isidentifier():
            if not self.file.is_edition:
                self.fail("reserved names are strings; only editions have them bare")
            while True:
                owner.reserved_names.append(ReservedName(self.text, self.i))
                self.name("a name")
                if not self.accept(","):
                    break
        else:
            owner.reserved += self.ranges(highest, limit, isinstance(owner, Enum))
        self.end(";")

    def _reserved_strings(self, owner: Message | Enum) -> None:
        if self.file.is_edition:
            self.fail("reserved names are identifiers in editions, not strings")
        while True:
            at = self.i
            name = self.string("a name in quotes").decode("utf-8", "replace")
            owner.reserved_names.append(ReservedName(name, at))
            if not self.accept(","):
                return
