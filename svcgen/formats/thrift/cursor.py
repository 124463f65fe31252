"""Types, constants and annotations of a .thrift file: what several declarations are made of."""

from __future__ import annotations

from svcgen.formats.thrift.lexer import Kind, double, integer, kind_of, last_doc, unquote
from svcgen.formats.thrift.tree import Annotation, Type, Value
from svcgen.formats.tokens import Tokens, Walker

DEEPEST = 100
"""Types inside of types, constants of constants and attributes of attributes, that are read."""

BASE = frozenset("bool i8 i16 i32 i64 double string binary".split())


class Cursor(Walker):
    """Keeps track of the documentation that the next declaration takes, as the compiler does."""

    def __init__(self, tokens: Tokens) -> None:
        super().__init__(tokens)
        self.kinds = {text: kind_of(text) for text in set(tokens.texts)}
        self._docs = [i for i, gap in enumerate(tokens.gaps) if "/**" in gap]
        self._next_doc = 0
        self._depth = 0

    def take_doc(self) -> str | None:
        """The last documentation comment that nothing has taken, up to the next token."""
        found = -1
        while self._next_doc < len(self._docs) and self._docs[self._next_doc] <= self.i:
            if last_doc(self.tokens.gaps[self._docs[self._next_doc]]) is not None:
                found = self._docs[self._next_doc]
            self._next_doc += 1
        return None if found < 0 else last_doc(self.tokens.gaps[found])

    def name(self, what: str) -> str:
        """A name, with dots in it perhaps."""
        text = self.texts[self.i]
        if self.kinds[text] is not Kind.NAME:
            reserved = " (it is a word of the language)" if text.isidentifier() else ""
            self.fail(f"there should be {what}, not {self.shown()}{reserved}")
        self.i += 1
        return text

    def string(self, what: str) -> str:
        text = self.texts[self.i]
        if self.kinds[text] is not Kind.STRING:
            self.fail(f"there should be {what}, not {self.shown()}")
        self.i += 1
        return unquote(text)

    def integer(self, what: str) -> int:
        text = self.texts[self.i]
        if self.kinds[text] is not Kind.INTEGER:
            self.fail(f"there should be {what}, not {self.shown()}")
        self.i += 1
        return integer(text) or 0

    def separator(self) -> None:
        """A comma or semicolon, if there is one."""
        if self.texts[self.i] in (",", ";"):
            self.i += 1

    def deeper(self) -> None:
        self._depth += 1
        if self._depth > DEEPEST:
            self.fail(f"nothing may be nested more than {DEEPEST} deep")

    def shallower(self) -> None:
        self._depth -= 1

    def annotations(self) -> tuple[Annotation, ...]:
        """``(name = "value", …)``, if it comes next."""
        if self.texts[self.i] != "(":
            return ()
        self.i += 1
        found = []
        while not self.accept(")"):
            at = self.i
            name = self.name("the name of an annotation")
            value = self.string("a string in quotes") if self.accept("=") else "1"
            found.append(Annotation(name, value, at))
            self.separator()
        return tuple(found)

    def type(self, what: str = "a type") -> Type:
        at = self.i
        text = self.texts[at]
        if self.kinds[text] is Kind.NAME:
            self.i += 1
            return Type(text, at, is_name=True)
        if text in BASE or text == "byte":
            self.i += 1
            word = "i8" if text == "byte" else text
            if self.texts[self.i] != "(":
                return Type(word, at)
            return Type(word, at, annotations=self.annotations())
        if text not in ("list", "set", "map"):
            self.fail(f"there should be {what}, not {self.shown()}")
        return self._container(text, at)

    def _container(self, word: str, at: int) -> Type:
        self.deeper()
        self.i += 1
        cpp_type = self._cpp_type() if word != "list" else ""
        self.expect("<")
        arguments = [self.type()]
        if word == "map":
            self.expect(",")
            arguments.append(self.type())
        self.expect(">")
        if word == "list":
            cpp_type = self._cpp_type()
        self.shallower()
        return Type(word, at, tuple(arguments), self.annotations(), cpp_type)

    def _cpp_type(self) -> str:
        return self.string("a type of C++ in quotes") if self.accept("cpp_type") else ""

    def value(self) -> Value:
        """A constant of any kind."""
        at = self.i
        text = self.texts[at]
        kind = self.kinds[text]
        if text in ("[", "{"):
            return self._several(text, at)
        self.i += 1
        if kind is Kind.INTEGER:
            return Value("int", integer(text) or 0, at)
        if kind is Kind.DOUBLE:
            return Value("double", double(text), at)
        if kind is Kind.STRING:
            return Value("string", unquote(text), at)
        if kind is not Kind.NAME:
            self.i = at
            self.fail(f"there should be a constant, not {self.shown()}")
        return Value("name", text, at)

    def _several(self, bracket: str, at: int) -> Value:
        self.deeper()
        self.i += 1
        items: list[Value] = []
        entries: list[tuple[Value, Value]] = []
        while not self.accept("]" if bracket == "[" else "}"):
            item = self.value()
            if bracket == "[":
                items.append(item)
            else:
                self.expect(":")
                entries.append((item, self.value()))
            self.separator()
        self.shallower()
        return Value("list", items, at) if bracket == "[" else Value("map", entries, at)
