"""Values of options in braces: ``{ name: "x" parts { size: 3 } }``, the text format of messages."""

from __future__ import annotations

from svcgen.formats.protobuf.cursor import MAX_UINT64, Cursor
from svcgen.formats.protobuf.lexer import FLOAT, INTEGER
from svcgen.formats.protobuf.statements import field_of_block
from svcgen.formats.protobuf.symbols import Symbols
from svcgen.formats.protobuf.tree import Enum, Field, File, Message, Setting, Settings, Value
from svcgen.formats.protobuf.values import WrongValueError, scalar_value

_TRUE, _FALSE = ("true", "True", "t"), ("false", "False", "f")
_CLOSING = {"{": "}", "<": ">"}
_DEEPEST = 100


class BlockReader(Cursor):
    """Reads one block. Raises :class:`WrongValueError` or :class:`SyntaxProblem`."""

    def __init__(self, file: File, symbols: Symbols, at: int) -> None:
        super().__init__(file.tokens, at)
        self._file = file
        self._symbols = symbols
        self._depth = 0

    def message(self, message: Message) -> Settings:
        """The fields of a message between the brackets that come next."""
        self._depth += 1
        if self._depth > _DEEPEST:
            raise WrongValueError("is nested too deeply")
        if self.text not in _CLOSING:
            raise WrongValueError(f"has {self.shown()} where a message should begin")
        closing = _CLOSING[self.text]
        self.end(self.text)
        found: Settings = {}
        while True:
            if not self._usual_field(message, found):
                self.look()
                if self.accept(closing):
                    break
                self._field(message, found)
                if self.text in (",", ";"):
                    self.step()
        self._depth -= 1
        return found

    def _usual_field(self, message: Message, found: Settings) -> bool:
        """Take a name or a string that a pattern finds for a field, if the field may hold one."""
        match = field_of_block(self.whole, self.ended)
        field = message.fields_by_name.get(match[1]) if match is not None else None
        if match is None or field is None or _holds_message(field):
            return False
        self.ended, word = match.end(), match[2]
        if word is not None:
            value = _word(field, word, match.start(2))
        else:
            value = Value("string", match[3].encode(), match.start(3) - 1)
        _enter(found, field, field.name, scalar_value(field, value))
        return True

    def _field(self, message: Message, found: Settings) -> None:
        if self.accept("["):
            field, key = self._bracketed(message, found)
            if field is None:
                return
        else:
            key = self.text
            field = self._named(message)
            key = field.name if field.group is not None else key
        colon = self.accept(":")
        if colon and self.text == "[":
            self._list(field, key, found)
            return
        if not colon and not _holds_message(field):
            raise WrongValueError(f"has no ':' after {key!r}")
        _enter(found, field, key, self._value(field))

    def _named(self, message: Message) -> Field:
        name = self.text
        if not name.isidentifier():
            raise WrongValueError(f"has {self.shown()} where the name of a field should be")
        self.step()
        found = message.fields_by_name.get(name)
        if found is None:  # groups go by the names of their messages
            grouped = (f for f in message.fields if f.group is not None and f.group.name == name)
            found = next(grouped, None)
        if found is not None:
            return found
        raise WrongValueError(f"has a field {name!r}, and {message.full_name!r} has none")

    def _bracketed(self, message: Message, found: Settings) -> tuple[Field | None, str]:
        """``[full.name]``: an extension, or with a domain before it the content of an Any."""
        name = self.full_name("the name of an extension")
        while self.text in ("/", "-"):
            self.step()
            name += "/" + self.full_name("a type")
        self.expect("]")
        if "/" in name:
            self._any(name, found)
            return None, ""
        symbol = self._symbols.lookup(name, message.full_name, self._file, types_only=False)
        if not isinstance(symbol, Field) or symbol.extended is not message:
            raise WrongValueError(f"has an extension {name!r}, and {message.full_name!r} has none")
        return symbol, f"({symbol.full_name})"

    def _any(self, url: str, found: Settings) -> None:
        self.accept(":")
        symbol = self._symbols.find(url.rpartition("/")[2], self._file)
        if not isinstance(symbol, Message):
            raise WrongValueError(f"has a message {url!r}, which is not defined")
        found[f"[{url}]"] = self.message(symbol)

    def _list(self, field: Field, key: str, found: Settings) -> None:
        self.expect("[")
        if field.label != "repeated" and not field.is_map:
            raise WrongValueError(f"has a list for {key!r}, which is not repeated")
        while not self.accept("]"):
            _enter(found, field, key, self._value(field))
            if not self.accept(",") and self.text != "]":
                raise WrongValueError(f"has {self.shown()} in the list of {key!r}")
        if key not in found:
            found[key] = []

    def _value(self, field: Field) -> Setting:
        if field.is_map:
            return self._entry(field)
        if isinstance(field.target, Message):
            return self.message(field.target)
        return scalar_value(field, self._scalar(field))

    def _entry(self, field: Field) -> Setting:
        """An entry of a map, which is a message of key and value."""
        key, value, entry = Field("key", 0, 0), Field("value", 0, 0), Message("", 0, 0)
        key.type, value.type, value.target = field.key, field.type, field.target
        entry.fields = [key, value]
        return self.message(entry)

    def _scalar(self, field: Field) -> Value:
        at, negative = self.i, self.accept("-")
        text = self.text
        if text[:1] in ('"', "'") and text and not negative:
            return Value("string", self.string("a string"), at)
        if INTEGER.fullmatch(text):
            number = self.integer("a number", MAX_UINT64)
            return _number(field, -number if negative else number, at)
        self.step()
        if FLOAT.fullmatch(text):
            return Value("float", float(("-" if negative else "") + text), at)
        if negative:
            return Value("float", float(f"-{text}") if text in ("inf", "nan") else 0.0, at)
        return _word(field, text, at)


def _word(field: Field, text: str, at: int) -> Value:
    if field.type == "bool" and text in (*_TRUE, *_FALSE):
        return Value("name", "true" if text in _TRUE else "false", at)
    return Value("name", text, at)


def _number(field: Field, number: int, at: int) -> Value:
    """A number where the text format lets it stand for a flag or a value of an enum."""
    if field.type == "bool" and number in (0, 1):
        return Value("name", "true" if number else "false", at)
    if isinstance(field.target, Enum):
        for value in field.target.values:
            if value.number == number:
                return Value("name", value.name, at)
    return Value("int", number, at)


def _holds_message(field: Field) -> bool:
    return field.is_map or isinstance(field.target, Message)


def _enter(found: Settings, field: Field, key: str, value: Setting) -> None:
    if field.label == "repeated" or field.is_map:
        items = found.setdefault(key, [])
        assert isinstance(items, list)
        items.append(value)
    elif key in found:
        raise WrongValueError(f"sets {key!r} twice")
    else:
        found[key] = value
