"""Options as they are written: ``option (my.opt).field = value;`` and ``[name = value, …]``."""

from __future__ import annotations

import re
from collections.abc import Callable

from svcgen.formats.protobuf.cursor import MAX_UINT64, Cursor
from svcgen.formats.protobuf.lexer import FLOAT, INTEGER
from svcgen.formats.protobuf.statements import block, option_in_list, option_statement
from svcgen.formats.protobuf.tree import Option, Part, Value


class OptionParser(Cursor):
    """Reads options; what their names and values mean is for the interpreter."""

    def option_statement(self) -> Option:
        """One whose keyword comes next."""
        match = option_statement(self.whole, self.i)
        if match is not None:
            return self.usual_option(match)
        self.ended = self.i + len(self.text)
        option = self._option()
        self.look()
        self.end(";")
        return option

    def usual_option(self, match: re.Match[str]) -> Option:
        """A statement that a pattern has found."""
        option = self._usual(match)
        if option.value.kind == "block":
            self.look()
            self.end(";")
        return option

    def option_list(self, own: Callable[[], bool] = lambda: False) -> list[Option]:
        """Those in brackets, of which the opening one comes next.

        ``own`` reads something else where it can, and tells whether it has.
        """
        self.end("[")
        found: list[Option] = []
        more = True
        while more:
            match = option_in_list(self.whole, self.ended)
            if match is not None:
                found.append(self._usual(match))
                more = match[8] == "," if match[8] else self._another()
            else:
                if not own():
                    found.append(self._option())
                more = self._another()
        return found

    def _another(self) -> bool:
        """Whether a comma comes next, and no closing bracket; it is stepped over."""
        self.look()
        text = self.text
        self.end("," if text == "," else "]")
        return text == ","

    def _option(self) -> Option:
        """The one behind ``ended``, up to the end of its value, token by token."""
        self.look()
        at = self.i
        parts = [self._part()]
        while self.accept("."):
            parts.append(self._part())
        self.expect("=")
        return Option(tuple(parts), self._value(), at)

    def _usual(self, match: re.Match[str]) -> Option:
        """An option of one or two parts, set to a name, a string, a small number or a block."""
        self.ended = match.end()
        name, _, extension, inner, word, string, number = match.groups()[:7]
        part = Part(name, False, match.start(1)) if name else Part(extension, True, match.start(2))
        if word is not None:
            value = Value("name", word, match.start(5))
        elif string is not None:
            value = Value("string", string.encode(), match.start(6) - 1)
        elif number is not None:
            value = Value("int", int(number), match.start(7))
        else:
            value = self._block(self.ended)
        parts = (part, Part(inner, False, match.start(4))) if inner else (part,)
        return Option(parts, value, part.at)

    def _block(self, at: int) -> Value:
        """Step over ``{ … }``; what is inside is read when its type is known."""
        match = block(self.whole, at)
        if match is not None:
            self.ended = match.end()
        else:
            self.ended = at
            self.look()
            self._skip_block()
        return Value("block", "", at)

    def _part(self) -> Part:
        at = self.i
        if self.accept("("):
            name = self.type_name()
            self.expect(")")
            return Part(name, True, at)
        return Part(self.name("the name of an option"), False, at)

    def _value(self) -> Value:
        at = self.i
        text = self.text
        if text[:1] == '"':
            return Value("string", self.string("a string"), at)
        negative = self.accept("-")
        number = self.text
        if text == "{":
            return self._block(at)
        if number.isidentifier():
            return self._word(negative, at)
        if INTEGER.fullmatch(number):
            return self._integer(negative, at)
        if FLOAT.fullmatch(number):
            self.step()
            return Value("float", float(("-" if negative else "") + number), at)
        if negative or not text[:1] or text[:1] not in "\"'":
            self.fail(f"there should be the option's value, not {self.shown()}")
        return Value("string", self.string("a string"), at)

    def _word(self, negative: bool, at: int) -> Value:
        word = self.text
        if negative and word not in ("inf", "nan"):
            self.fail(f"there is a '-' before the name {word!r}", at)
        self.step()
        return Value("float", float(f"-{word}"), at) if negative else Value("name", word, at)

    def _integer(self, negative: bool, at: int) -> Value:
        value = self.integer("a number", 2**63 if negative else MAX_UINT64)
        return Value("int", -value if negative else value, at)

    def _skip_block(self) -> None:
        depth = 0
        while True:
            text = self.text
            if not text:
                self.fail("the file ends inside of the option's value: '}' is missing")
            depth += (text == "{") - (text == "}")
            self.step()
            if depth == 0:
                return
