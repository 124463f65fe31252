"""Options as they are written: ``option (my.opt).field = value;`` and ``[name = value, …]``."""

from __future__ import annotations

from svcgen.formats.protobuf.cursor import MAX_UINT64, Cursor
from svcgen.formats.protobuf.lexer import FLOAT, INTEGER
from svcgen.formats.protobuf.tree import Option, Part, Value


class OptionParser(Cursor):
    """Reads options; what their names and values mean is for the interpreter."""

    def end(self, text: str) -> int:
        """Step over what ends a declaration's head, and return where it was."""
        return self.expect(text)

    def option_statement(self) -> Option:
        self.i += 1
        option = self.option()
        self.end(";")
        return option

    def option_list(self) -> list[Option]:
        self.expect("[")
        found = [self.option()]
        while self.accept(","):
            found.append(self.option())
        self.expect("]")
        return found

    def option(self) -> Option:
        at = self.i
        parts = [self._part()]
        while self.texts[self.i] == ".":
            self.i += 1
            parts.append(self._part())
        self.expect("=")
        return Option(tuple(parts), self._value(), at)

    def _part(self) -> Part:
        at = self.i
        if self.texts[at] == "(":
            self.i += 1
            name = self.type_name()
            self.expect(")")
            return Part(name, True, at)
        return Part(self.name("the name of an option"), False, at)

    def _value(self) -> Value:
        at = self.i
        text = self.texts[at]
        if text[:1] == '"':
            return Value("string", self.string("a string"), at)
        negative = self.accept("-")
        number = self.texts[self.i]
        if text == "{":
            self._skip_block()
            return Value("block", self.i, at)
        if number.isidentifier():
            return self._word(negative, at)
        if INTEGER.fullmatch(number):
            return self._integer(negative, at)
        if FLOAT.fullmatch(number):
            self.i += 1
            return Value("float", float(("-" if negative else "") + number), at)
        if negative or not text[:1] or text[:1] not in "\"'":
            self.fail(f"there should be the option's value, not {self.shown()}")
        return Value("string", self.string("a string"), at)

    def _word(self, negative: bool, at: int) -> Value:
        word = self.text
        if negative and word not in ("inf", "nan"):
            self.fail(f"there is a '-' before the name {word!r}", at)
        self.i += 1
        return Value("float", float(f"-{word}"), at) if negative else Value("name", word, at)

    def _integer(self, negative: bool, at: int) -> Value:
        value = self.integer("a number", 2**63 if negative else MAX_UINT64)
        return Value("int", -value if negative else value, at)

    def _skip_block(self) -> None:
        """Step over ``{ … }``; what is inside is read when its type is known."""
        depth = 0
        while True:
            text = self.texts[self.i]
            if not text:
                self.fail("the file ends inside of the option's value: '}' is missing")
            depth += (text == "{") - (text == "}")
            self.i += 1
            if depth == 0:
                return
