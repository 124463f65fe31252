"""Messages, enums and extensions of a .proto file, and what is inside of their braces."""

from __future__ import annotations

import re
from collections.abc import Mapping

from svcgen.formats.protobuf.cursor import MAX_INT
from svcgen.formats.protobuf.enums import Enums
from svcgen.formats.protobuf.statements import member_of_message
from svcgen.formats.protobuf.tree import (
    Declaration,
    Enum,
    ExtensionRange,
    Field,
    Message,
    Oneof,
    Service,
)

MAX_FIELD = 2**29 - 1
DEEPEST = 31
"""Messages inside of messages that ``protoc`` reads."""


class Bodies(Enums):
    """Reads blocks in braces; :class:`Enums` those of enums."""

    _depth = 0

    def message(self, parent: Message | None, visibility: str = "") -> Message:
        first, gap = self.i, self.ended
        self.step()
        message = Message(self.text, self.i, first, gap)
        message.parent, message.visibility = parent, visibility
        self.name("the message's name")
        self.block(message)
        return message

    def block(self, message: Message) -> None:
        """The body of a message or group, from its opening to its closing brace."""
        message.end = self.end("{")
        self.members(message)

    def members(self, message: Message) -> None:
        """What is behind an opening brace, and the closing one."""
        self._depth += 1
        if self._depth > DEEPEST:
            self.fail(f"messages are nested more than {DEEPEST} deep", message.end)
        while True:
            match = member_of_message(self.whole, self.ended)
            if match is not None and match[10]:
                break
            if match is None or not self._usual_member(match, message):
                self.look()
                self._member(message)
        self.ended = match.end()
        self._depth -= 1

    def _usual_member(self, match: re.Match[str], message: Message) -> bool:
        """Take a member that a pattern has found, if it may stand here."""
        if match[8]:
            self._inner(self.begun(match, 8), message)
            return True
        field = self.usual_field(match)
        if field is None:
            return False
        field.parent = message
        message.fields.append(field)
        return True

    def begun(self, match: re.Match[str], group: int) -> Declaration:
        """What a keyword, a name and a brace begin; ``group`` is that of the keyword."""
        kind = _OPENED[match[group]]
        declared = kind(match[group + 1], match.start(group + 1), match.start(group), self.ended)
        self.ended = match.end()
        declared.end = self.ended - 1
        return declared

    def _inner(self, declared: Declaration, message: Message) -> None:
        """What is behind the opening brace of a declaration inside of a message."""
        if isinstance(declared, Message):
            declared.parent = message
            self.members(declared)
            message.messages.append(declared)
        elif isinstance(declared, Enum):
            declared.parent = message
            self.values(declared)
            message.enums.append(declared)
        elif isinstance(declared, Oneof):
            message.oneofs.append(declared)
            self._fields_of(declared, message)

    def _member(self, message: Message) -> None:
        match self.text:
            case ";":
                self.end(";")
            case "message":
                message.messages.append(self.message(message))
            case "enum":
                message.enums.append(self.enum(message))
            case "extensions":
                message.extension_ranges.append(self._extensions())
            case "reserved":
                self.reserved(message, MAX_FIELD, MAX_INT)
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
        if self.second() not in ("message", "enum"):
            return False
        return self.file.is_edition and self.file.syntax >= "2024"

    def hidden(self, messages: list[Message], enums: list[Enum], parent: Message | None) -> None:
        first, gap, visibility = self.i, self.ended, self.text
        self.step()
        declared: Message | Enum
        if self.text == "message":
            declared = self.message(parent, visibility)
            messages.append(declared)
        else:
            declared = self.enum(parent, visibility)
            enums.append(declared)
        declared.first, declared.gap = first, gap

    def extend(self, fields: list[Field], messages: list[Message], parent: Message | None) -> None:
        """``extend Type { … }``: its fields, and the messages of groups among them."""
        self.step()
        at = self.i
        extendee = self.type_name()
        self.expect("{")
        while True:
            field = self.field(messages, parent)
            field.parent, field.extendee, field.extendee_at = parent, extendee, at
            if field.is_map:
                self.fail("an extension cannot be a map", field.type_at)
            fields.append(field)
            self.look()
            if self.text == "}":
                self.end("}")
                return
            if not self.text:
                self.fail(self.missing_brace("extend", "a field"))

    def _oneof(self, message: Message) -> None:
        first, gap = self.i, self.ended
        self.step()
        oneof = Oneof(self.text, self.i, first, gap)
        self.name("the oneof's name")
        oneof.end = self.end("{")
        message.oneofs.append(oneof)
        self._fields_of(oneof, message)

    def _fields_of(self, oneof: Oneof, message: Message) -> None:
        """What is behind the opening brace of a oneof, and the closing one."""
        while True:
            match = member_of_message(self.whole, self.ended)
            if match is not None and match[10] and (oneof.fields or oneof.options):
                self.ended = match.end()
                return
            field = self.usual_field(match, oneof) if match is not None and match[4] else None
            if field is None:
                self.look()
                if self.text == "option":
                    oneof.options.append(self.option_statement())
                    continue
                if not self.text:
                    self.fail(self.missing_brace("oneof", "a field"))
                field = self.field(message.messages, message, oneof)
            field.parent = message
            oneof.fields.append(field)
            message.fields.append(field)

    def _extensions(self) -> ExtensionRange:
        first, gap = self.i, self.ended
        self.step()
        found = ExtensionRange("", self.i, first, gap)
        found.ranges = self.ranges(MAX_FIELD, MAX_INT)
        if self.text == "[":
            found.options = self.option_list()
            self.look()
        found.end = self.end(";")
        return found


_OPENED: Mapping[str, type[Declaration]] = {
    "message": Message,
    "enum": Enum,
    "oneof": Oneof,
    "service": Service,
}
