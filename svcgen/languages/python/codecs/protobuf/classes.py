"""Which Python class and attributes a protobuf message has, and the imports that they need."""

from __future__ import annotations

from svcgen.formats.protobuf.shape import Holds, ProtoField, ProtoMessage
from svcgen.languages.python.codecs.protobuf import elements
from svcgen.languages.python.models import ClassNames
from svcgen.languages.python.naming import Role, spell, unique
from svcgen.languages.python.types import TypeWriter, type_name
from svcgen.model.service import Api, Error
from svcgen.model.types import Field, ScalarRef, Struct, TypeRef, Union


class Classes:
    """Answers for one file, and gathers its imports."""

    def __init__(self, api: Api) -> None:
        self._names = ClassNames.of(api)
        self._types = TypeWriter(ranged=False, prefix="models.")
        self.imports: set[str] = set()
        self.defaults: dict[str, str] = {}  # tables of defaults: the struct's class by name

    def struct(self, message: ProtoMessage) -> tuple[str, dict[str, str]]:
        """The class of a struct or an error, and its attributes by the definition's names."""
        source = message.source
        if isinstance(source, Error):
            self.imports.add("from . import errors")
            cls = f"errors.{self._names.payloads[source.name.wire]}"
            return cls, _attributes(source.fields, Role.ERROR_ATTRIBUTE)
        assert isinstance(source, Struct)
        self.imports.add("from . import models")
        return f"models.{spell(source.name, Role.TYPE)}", _attributes(source.fields, Role.ATTRIBUTE)

    def variant(self, message: ProtoMessage, field: ProtoField) -> str:
        """The class around a member of a union."""
        assert isinstance(message.source, Union)
        self.imports.add("from . import models")
        key = (message.source.name.wire, field.source.name.wire)
        return f"models.{self._names.variants[key]}"

    def enum(self, name: str) -> str:
        self.imports.add("from . import models")
        return f"models.{type_name(name)}"

    def annotation(self, message: ProtoMessage) -> str:
        """The type of the model's value of a message."""
        match message.holds:
            case Holds.STRUCT:
                return self.struct(message)[0]
            case Holds.UNION:
                assert isinstance(message.source, Union)
                self.imports.add("from . import models")
                return f"models.{type_name(message.source.name.wire)}"
            case Holds.VALUE:
                return self._annotation(message.fields[0].source.type)
            case Holds.ENTRY:
                key, value = (self._annotation(f.source.type) for f in message.fields)
                return f"tuple[{key}, {value}]"
            case Holds.SCALAR:
                assert isinstance(message.source, ScalarRef)
                return self._annotation(message.source)
            case Holds.NOTHING:
                return "None"

    def default(self, message: ProtoMessage, field: ProtoField) -> str:
        """What makes the default of a field: an entry of the table of its struct."""
        cls, attributes = self.struct(message)
        table = elements.table(message.name, "DEFAULTS")
        self.defaults[table] = cls
        return f'{table}["{attributes[field.source.name.wire]}"]'

    def _annotation(self, ref: TypeRef) -> str:
        symbol = self._types.write(ref)
        self.imports |= symbol.imports
        if "models." in symbol.text:
            self.imports.add("from . import models")
        return symbol.text


def _attributes(fields: tuple[Field, ...], role: Role) -> dict[str, str]:
    taken: set[str] = set()
    return {f.name.wire: unique(spell(f.name, role), taken) for f in fields}
