"""Messages, enums and extensions of a .proto file, and what is inside of their braces."""

from __future__ import annotations

from svcgen.formats.protobuf.cursor import MAX_INT
from svcgen.formats.protobuf.fields import Fields
from svcgen.formats.protobuf.tree import (
    Enum,
    EnumValue,
    ExtensionRange,
    Field,
    Message,
    Oneof,
    Range,
    ReservedName,
)

MAX_FIELD = 2**29 - 1
DEEPEST = 31
"""Messages inside of messages that ``protoc`` reads."""


class Bodies(Fields):
    """Reads blocks in braces; :class:`Fields` the statements that declare a field."""

    _depth = 0

    def message(self, parent: Message | None, visibility: str = "") -> Message:
        first = self.i
        self.i += 1
        message = Message(self.text, self.i, first)
        message.parent, message.visibility = parent, visibility
        self.name("the message's name")
        self.block(message)
        return message

    def block(self, message: Message) -> None:
        """The body of a message or group, from its opening to its closing brace."""
        message.end = self.end("{")
        self._depth += 1
        if self._depth > DEEPEST:
            self.fail(f"messages are nested more than {DEEPEST} deep", message.end)
        while not self.accept("}"):
            self._member(message)
        self._depth -= 1

    def _member(self, message: Message) -> None:
        match self.text:
            case ";":
                self.i += 1
            case "message":
                message.messages.append(self.message(message))
            case "enum":
                message.enums.append(self.enum(message))
            case "extensions":
                message.extension_ranges.append(self._extensions())
            case "reserved":
                self._reserved(message, MAX_FIELD, MAX_INT)
            case "extend":
                self.extend(message.extensions, message.messages, message)
            case "option":
                message.options.append(self.option_statement())
            case "oneof":
                self._oneof(message)
            case _:
                self._other_member(message)

    def _other_member(self, message: Message) -> None:
        if not self.text:
            self.fail(self.missing_brace("message", "a field"))
        if self.text in ("export", "local") and self.may_hide():
            self.hidden(message.messages, message.enums, message)
            return
        field = self.field(message.messages, message)
        field.parent = message
        message.fields.append(field)

    def may_hide(self) -> bool:
        """Is the next word a visibility, which stands before ``message`` and ``enum``?"""
        if self.texts[self.i + 1] not in ("message", "enum"):
            return False
        return self.file.is_edition and self.file.syntax >= "2024"

    def hidden(self, messages: list[Message], enums: list[Enum], parent: Message | None) -> None:
        first = self.i
        self.i += 1
        declared: Message | Enum
        if self.text == "message":
            declared = self.message(parent, self.texts[first])
            messages.append(declared)
        else:
            declared = self.enum(parent, self.texts[first])
            enums.append(declared)
        declared.first = first

    def extend(self, fields: list[Field], messages: list[Message], parent: Message | None) -> None:
        """``extend Type { … }``: its fields, and the messages of groups among them."""
        self.i += 1
        at = self.i
        extendee = self.type_name()
        self.end("{")
        while True:
            field = self.field(messages, parent)
            field.parent, field.extendee, field.extendee_at = parent, extendee, at
            if field.is_map:
                self.fail("an extension cannot be a map", field.type_at)
            fields.append(field)
            if self.accept("}"):
                return
            if not self.text:
                self.fail(self.missing_brace("extend", "a field"))

    def _oneof(self, message: Message) -> None:
        first = self.i
        self.i += 1
        oneof = Oneof(self.text, self.i, first)
        self.name("the oneof's name")
        oneof.end = self.end("{")
        message.oneofs.append(oneof)
        while True:
            if self.text == "option":
                oneof.options.append(self.option_statement())
            else:
                field = self.field(message.messages, message, oneof)
                field.parent = message
                oneof.fields.append(field)
                message.fields.append(field)
            if self.accept("}"):
                return
            if not self.text:
                self.fail(self.missing_brace("oneof", "a field"))

    def _extensions(self) -> ExtensionRange:
        first = self.i
        self.i += 1
        found = ExtensionRange("", self.i, first)
        found.ranges = self._ranges(MAX_FIELD, MAX_INT)
        if self.text == "[":
            found.options = self.option_list()
        found.end = self.end(";")
        return found

    def _ranges(self, highest: int, limit: int, signed: bool = False) -> list[Range]:
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

    def _reserved(self, owner: Message | Enum, highest: int, limit: int) -> None:
        self.i += 1
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
            owner.reserved += self._ranges(highest, limit, isinstance(owner, Enum))
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

    def enum(self, parent: Message | None, visibility: str = "") -> Enum:
        first = self.i
        self.i += 1
        enum = Enum(self.text, self.i, first)
        enum.parent, enum.visibility = parent, visibility
        self.name("the enum's name")
        enum.end = self.end("{")
        while not self.accept("}"):
            match self.text:
                case ";":
                    self.i += 1
                case "option":
                    enum.options.append(self.option_statement())
                case "reserved":
                    self._reserved(enum, MAX_INT, MAX_INT)
                case "":
                    self.fail(self.missing_brace("enum", "a value"))
                case _:
                    enum.values.append(self._enum_value())
        return enum

    def _enum_value(self) -> EnumValue:
        at = self.i
        value = EnumValue(self.name("the name of a value"), at, at)
        self.expect("=", " and the number of the value")
        value.number_at = self.i
        value.number = self.signed("the number of the value")
        if self.text == "[":
            value.options = self.option_list()
        value.end = self.end(";")
        return value
