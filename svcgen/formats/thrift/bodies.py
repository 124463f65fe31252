"""Enums, structs, services and fields of a .thrift file: what has members in brackets."""

from __future__ import annotations

from svcgen.formats.thrift.cursor import Cursor
from svcgen.formats.thrift.lexer import Kind
from svcgen.formats.thrift.tree import Enum, EnumValue, Field, File, Function, Service, Struct
from svcgen.formats.tokens import Tokens

_MAX_ENUM = 2**31 - 1


class Bodies(Cursor):
    """Reads blocks, with the checks that the compiler makes while it parses them."""

    def __init__(self, tokens: Tokens, file: File) -> None:
        super().__init__(tokens)
        self.file = file
        self._implicit = -1  # the number that the next field without one gets

    def last_seen(self, closing: str) -> int:
        """The last token that the compiler reads of what may end in ``closing``."""
        return self.i - 1 if self.texts[self.i - 1] == closing else self.i

    def ended(self) -> int:
        """Step over a separator; the last token that the compiler reads until it is there."""
        before = self.i
        self.separator()
        return self.i - 1 if self.i > before else self.i

    def enum(self) -> Enum:
        self.i += 1
        at, name = self.i, self.name("the enum's name")
        self.expect("{")
        enum = Enum(name, at)
        last = -1
        while not self.accept("}"):
            value = self._enum_value(last)
            last = value.number
            enum.values.append(value)
        enum.annotations = self.annotations()
        enum.seen = self.last_seen(")")
        return enum

    def _enum_value(self, last: int) -> EnumValue:
        doc, at = self.take_doc(), self.i
        name = self.name("the name of a value or '}'")
        if self.accept("="):
            number = self.integer("the number of the value")
            if not -_MAX_ENUM - 1 <= number <= _MAX_ENUM:
                self.fail(f"{number} needs more than the 32 bits of an enum", self.i - 1)
        else:
            number = last + 1
            if number > _MAX_ENUM:
                self.fail(f"the number of {name!r} needs more than the 32 bits of an enum", at)
        annotations = self.annotations()
        return EnumValue(name, at, doc, self.ended(), annotations, self.file, number)

    def struct(self) -> Struct:
        word = self.text
        self.i += 1
        at, name = self.i, self.name(f"the {word}'s name")
        struct = Struct(name, at, word=word)
        struct.xsd_all = word != "exception" and self.accept("xsd_all")
        self.expect("{")
        struct.fields = self._fields("}")
        struct.annotations = self.annotations()
        struct.seen = self.last_seen(")")
        return struct

    def service(self) -> Service:
        self.i += 1
        at, name = self.i, self.name("the service's name")
        service = Service(name, at)
        if self.accept("extends"):
            service.extends_at = self.i
            service.extends = self.name("the name of a service")
        self.expect("{")
        while not self.accept("}"):
            service.functions.append(self._function())
        service.annotations = self.annotations()
        service.seen = self.last_seen(")")
        return service

    def _function(self) -> Function:
        doc = self.take_doc()
        oneway = self.accept("oneway") or self.accept("async")
        result = None if self.accept("void") else self.type("a function's result or '}'")
        at, name = self.i, self.name("the function's name")
        self.expect("(")
        function = Function(name, at, doc, file=self.file, result=result, oneway=oneway)
        function.arguments = self._fields(")")
        if self.accept("throws"):
            self.expect("(")
            function.throws = self._fields(")")
            function.throws_seen = self.i - 1
        function.annotations = self.annotations()
        function.seen = self.ended()
        return function

    def _fields(self, closing: str) -> list[Field]:
        self._implicit = -1
        found: list[Field] = []
        texts = self.texts
        while texts[self.i] != closing:
            found.append(self._field())
        self.i += 1
        return found

    def _field(self) -> Field:
        texts = self.texts
        doc = self.take_doc()
        number = self._number()
        requiredness = ""
        if texts[self.i] in ("required", "optional"):
            requiredness = texts[self.i]
            self.i += 1
        kind = self.type("a field")
        reference = self.accept("&")
        at, name = self.i, self.name("the field's name")
        field = Field(name, at, doc, file=self.file, type=kind, requiredness=requiredness)
        field.number, field.is_implicit = (number, False) if number else self._next_number()
        field.is_reference = reference
        if texts[self.i] == "=":
            self.i += 1
            field.default = self.value()
        if texts[self.i][:4] == "xsd_":
            self._xsd(field)
        if texts[self.i] == "(":
            field.annotations = self.annotations()
        field.seen = self.ended()
        return field

    def _number(self) -> int:
        """The number in front of a field; 0 if there is none, or none that counts."""
        if self.kinds[self.texts[self.i]] is not Kind.INTEGER:
            return 0
        number = self.integer("the field's number")
        self.expect(":", " after the field's number")
        return max(0, (number + 2**31) % 2**32 - 2**31)

    def _next_number(self) -> tuple[int, bool]:
        self._implicit -= 1
        return self._implicit + 1, True

    def _xsd(self, field: Field) -> None:
        """What says how a field looks in XML Schema, in this order."""
        words = [word for word in ("xsd_optional", "xsd_nillable") if self.accept(word)]
        field.xsd = tuple(words)
        if self.accept("xsd_attrs"):
            self.deeper()
            begin = self.expect("{") + 1
            field.attributes = self._fields("}")
            self.shallower()
            field.attributes_text = " ".join(self.texts[begin : self.i - 1])
