"""Statements that declare a field, and what stands in its square brackets."""

from __future__ import annotations

import re
from functools import partial
from sys import intern

from svcgen.formats.protobuf.lexer import Tokens
from svcgen.formats.protobuf.settings import OptionParser
from svcgen.formats.protobuf.statements import own_option
from svcgen.formats.protobuf.tree import Field, File, Message, Oneof, Option, Value

INTEGERS = {
    "int32": (-(2**31), 2**31 - 1),
    "int64": (-(2**63), 2**63 - 1),
    "uint32": (0, 2**32 - 1),
    "uint64": (0, 2**64 - 1),
    "sint32": (-(2**31), 2**31 - 1),
    "sint64": (-(2**63), 2**63 - 1),
    "fixed32": (0, 2**32 - 1),
    "fixed64": (0, 2**64 - 1),
    "sfixed32": (-(2**31), 2**31 - 1),
    "sfixed64": (-(2**63), 2**63 - 1),
}
"""The smallest and largest value of each integer type."""

SCALARS = frozenset({*INTEGERS, "float", "double", "bool", "string", "bytes"})
LABELS = frozenset({"optional", "required", "repeated"})
_MAY_HAVE = {"proto2": LABELS, "proto3": frozenset({None, *LABELS})}
"""The labels of fields that are no maps and in no oneof, by syntax."""
_MAY_HAVE_IN_EDITIONS = frozenset({None, "repeated"})
_NO_KEYS = frozenset({"float", "double", "bytes", "group"})


class Fields(OptionParser):
    """Reads fields; :class:`OptionParser` the options."""

    def __init__(self, tokens: Tokens, file: File) -> None:
        super().__init__(tokens)
        self.file = file

    def block(self, message: Message) -> None:
        """The body of a group, which is that of a message."""
        raise NotImplementedError

    def missing_brace(self, what: str, expected: str) -> str:
        if not self.text:
            return f"the file ends inside of the {what}: '}}' is missing"
        return f"there should be {expected} in the {what}, not {self.shown()}"

    def field(
        self, messages: list[Message], parent: Message | None, oneof: Oneof | None = None
    ) -> Field:
        """One field; the message of a group goes to ``messages``."""
        field = Field("", 0, self.i, self.ended)
        if oneof is not None:
            field.oneof = oneof
        self._label(field)
        self._type(field)
        if field.type == "group" and not field.is_map:
            self._group(field, messages, parent)
            return field
        field.at = self.i
        field.name = self.name("the field's name")
        self._number(field)
        if self.text == "[":
            field.options = self._options(field)
            self.look()
        field.end = self.end(";")
        return field

    def usual_field(self, match: re.Match[str], oneof: Oneof | None = None) -> Field | None:
        """One that :func:`member_of_message` knows, if it may stand here."""
        label, entry, key, kind, name, number, ending = match.groups()[:7]
        if entry is not None:
            fine = label is None and oneof is None
        elif oneof is not None:
            fine = label is None
        else:
            fine = label in _MAY_HAVE.get(self.file.syntax, _MAY_HAVE_IN_EDITIONS)
        if not fine:
            return None
        place = match.start
        type_at = place(4)
        first = type_at if label is None and entry is None else place(1 if label else 2)
        field = Field(intern(name), place(5), first, self.ended)
        field.type, field.type_at = intern(kind), type_at
        field.number, field.number_at = int(number), place(6)
        if label is not None:
            field.label, field.label_at = intern(label), first
        if entry is not None:
            field.key, field.key_at = intern(key), place(3)
        field.oneof = oneof
        self.ended = match.end()
        field.end = self.ended - 1
        if ending == "[":
            self.text, self.i = ending, field.end
            field.options = self._options(field)
            self.look()
            field.end = self.end(";")
        return field

    def _label(self, field: Field) -> None:
        text = self.text
        if text in LABELS:
            if field.oneof is not None:
                self.fail("fields of a oneof have no label")
            if self.file.is_edition and text != "repeated":
                self.fail(f"editions have no label {text!r}; features.field_presence says it")
            field.label, field.label_at = text, self.i
            self.step()
        elif field.oneof is None and self.file.syntax == "proto2" and not self._is_map():
            self.fail("there should be 'required', 'optional' or 'repeated'")

    def _is_map(self) -> bool:
        return self.text == "map" and self.second() == "<"

    def _type(self, field: Field) -> None:
        field.type_at = self.i
        if not self._is_map():
            field.type = self._type_word()
            return
        self.step()
        self.step()
        if field.label:
            self.fail("maps have no label", field.label_at)
        if field.oneof is not None:
            self.fail("a oneof cannot hold a map", field.type_at)
        field.key_at = self.i
        field.key = self._type_word()
        if field.key in _NO_KEYS:
            self.fail(f"{field.key} cannot be the key of a map", field.key_at)
        self.expect(",")
        field.type_at = self.i
        field.type = self._type_word()
        if field.type == "group":
            self.fail("a group cannot be the value of a map", field.type_at)
        self.expect(">")

    def _type_word(self) -> str:
        text = self.text
        if text not in SCALARS and text != "group":
            return self.type_name()
        self.step()
        if self.text == "." and text == "group":
            return text + self.type_name()
        if self.text == ".":
            self.fail(f"{text} is a scalar and has nothing inside of it")
        return text

    def _number(self, field: Field) -> None:
        self.expect("=", " and the field's number")
        field.number_at = self.i
        field.number = self.integer("the field's number")

    def _group(self, field: Field, messages: list[Message], parent: Message | None) -> None:
        field.at = self.i
        name = self.name("the group's name")
        if self.file.is_edition:
            self.fail(
                "editions have no groups; use features.message_encoding = DELIMITED", field.at
            )
        if not name[:1].isupper():
            self.fail("the name of a group begins with a capital letter", field.at)
        if self.file.syntax == "proto3":
            self.fail("proto3 has no groups", field.type_at)
        field.name = name.lower()
        self._number(field)
        if self.text == "[":
            field.options = self._options(field)
            self.look()
        if self.text != "{":
            self.fail("the group's body is missing")
        group = Message(name, field.at, field.first, field.gap)
        group.parent, group.is_group = parent, True
        field.group = group
        messages.append(group)
        self.block(group)
        field.end = group.end

    def _options(self, field: Field) -> list[Option]:
        """``[deprecated = true, …]``; ``default`` and ``json_name`` are facts of the field."""
        return self.option_list(partial(self._own_option, field))

    def _own_option(self, field: Field) -> bool:
        match = own_option(self.whole, self.ended)
        if match is None:
            return False
        self.ended = match.end()
        self.look()
        if match[1] == "default":
            self._default(field)
        else:
            self._json_name(field)
        return True

    def _json_name(self, field: Field) -> None:
        if field.json_name is not None:
            self.fail("json_name is set twice")
        field.json_at = self.i
        field.json_name = self.string("a name in quotes").decode("utf-8", "replace")

    def _default(self, field: Field) -> None:
        if field.default is not None:
            self.fail("the default is set twice")
        at = self.i
        kind = field.type
        if field.is_map:
            kind = "message"
        if kind in INTEGERS:
            field.default = Value("int", self._integer_default(kind), at)
        elif kind in ("float", "double"):
            sign = -1 if self.accept("-") else 1
            field.default = Value("float", sign * self.number("a number"), at)
        elif kind == "bool":
            word = self.name("true or false")
            if word not in ("true", "false"):
                self.fail("there should be true or false", at)
            field.default = Value("name", word, at)
        elif kind in ("string", "bytes"):
            field.default = Value("string", self.string("a string"), at)
        elif kind in ("group", "message"):
            self.fail("messages have no default")
        else:
            field.default = self._named_default(at)

    def _named_default(self, at: int) -> Value:
        """The default of an enum, or of a message, which the linker refuses."""
        word = self.text
        if not word:
            self.fail("there should be the name of a value", at)
        self.step()
        return Value("name", word, at)

    def _integer_default(self, kind: str) -> int:
        smallest, largest = INTEGERS[kind]
        if self.accept("-"):
            if smallest == 0:
                self.fail(f"{kind} has no negative values")
            return -self.integer("an integer", -smallest)
        return self.integer("an integer", largest)
