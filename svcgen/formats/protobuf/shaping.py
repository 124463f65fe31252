"""A definition as protobuf has it: messages, enums and services with names, numbers and presence.

What protobuf cannot say directly gets a message of its own around the value, named
``<Parent><Field>``: a list or map that may be absent or null, a value that may be absent *and*
null, a list inside a list, a null inside a list or map, the entries of a map whose keys protobuf
forbids.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import assert_never

from svcgen.formats.protobuf.mentions import hiding, imports_of, proto_package
from svcgen.formats.protobuf.shape import (
    EMPTY_MESSAGE,
    ENCODINGS,
    EXCHANGED,
    KEY_TYPES,
    WELL_KNOWN,
    Absent,
    Container,
    Element,
    EnumElement,
    Holds,
    Label,
    Mention,
    MessageElement,
    ProtoEnum,
    ProtoEnumValue,
    ProtoField,
    ProtoFile,
    ProtoMessage,
    ProtoMethod,
    ProtoService,
    ScalarElement,
    bound,
    is_message,
    scalar_type,
    value_name,
)
from svcgen.frozen import replace
from svcgen.model.messages import Exchange, Message, exchanges, resolve
from svcgen.model.naming import Name
from svcgen.model.numbers import NONE, Numbers
from svcgen.model.rpc import ascii_name, rpc_method, rpc_package, rpc_service
from svcgen.model.service import Api, Error, Service
from svcgen.model.types import (
    Alias,
    Enum,
    Field,
    ListOf,
    MapOf,
    Meta,
    NamedRef,
    NullableOf,
    Scalar,
    ScalarRef,
    SetOf,
    Struct,
    TypeDef,
    TypeRef,
    Union,
)

_ONEOF = "value"
"""The oneof of a union; protobuf's libraries take no member that JSON calls so."""


class Shaper:
    """Names everything first, then declares it; messages around values follow their parents."""

    def __init__(self, api: Api, elsewhere: Mapping[str, Mention], *, in_tree: bool) -> None:
        self._api = api
        self._in_tree = in_tree
        self._elsewhere = elsewhere
        self._imports: dict[str, str] = {}  # files, by the names of what they declare
        self._exchanges: dict[str, list[Exchange]] = {s.name.wire: [] for s in api.services}
        for exchange in exchanges(api):
            self._exchanges[exchange.service.name.wire].append(exchange)
        self._taken = {_folded(rpc_service(api, service)) for service in api.services}
        self._value_names: dict[str, set[str]] = {}  # by the messages around their enums
        self._messages: list[ProtoMessage] = []
        self._exchanges_known = all(bound(api.meta, key) == said for key, said in EXCHANGED.items())
        self._names: dict[str, str] = {}  # of messages and enums, by the definition's
        declared: dict[str, TypeDef | Error] = {**api.types, **api.errors}
        named = {n: bound(d.meta, "name") for n, d in declared.items() if not isinstance(d, Alias)}
        self._outer: set[str] = set()  # messages that others can be inside of
        for name in sorted(
            named, key=lambda n: (n in elsewhere, n in api.origins, named[n].count("."))
        ):
            if name in elsewhere:
                self._names[name] = self._foreign(name)
                continue
            spelled = self._names[name] = self._name(name, named[name])
            if isinstance(declared[name], Struct):
                self._outer.add(spelled)

    def file(self) -> ProtoFile:
        own = {n: d for n, d in self._api.types.items() if n not in self._elsewhere}
        enums = tuple(self._enum(name, d) for name, d in own.items() if isinstance(d, Enum))
        for name, definition in own.items():
            if isinstance(definition, Struct):
                self._struct(self._names[name], definition, f"types/{name}")
            elif isinstance(definition, Union):
                self._union(self._names[name], definition, f"types/{name}")
        for name, error in self._api.errors.items():
            if name not in self._elsewhere:
                struct = Struct(error.name, error.fields, error.meta)
                self._struct(self._names[name], struct, f"errors/{name}", error)
        services = tuple(self._service(service) for service in self._api.services)
        package = rpc_package(self._api)
        path = f"{package or 'service'}.proto"
        messages = tuple(self._messages)
        imports = imports_of(messages, services, self._imports)
        heads = hiding(package, [proto_package(o.package) for o in self._api.origins.values()])
        return ProtoFile(path, package, imports, enums, messages, services, heads)

    def _name(self, wire: str, given: str = "") -> str:
        """A Pascal name that no other message, enum or service has, whatever its case.

        One that is inside of a message which is not there stands beside the others.
        """
        outer, dot, _ = given.rpartition(".")
        if dot and outer not in self._outer:
            given = ""
        return _unique(given or ascii_name(wire).pascal, self._taken)

    def _foreign(self, name: str) -> str:
        """What the file calls a type that another one declares."""
        mention = self._elsewhere[name]
        spelled = mention.name
        package, _, last = mention.name.rpartition(".")
        if package == rpc_package(self._api):
            spelled = last
            self._taken.add(_folded(spelled))
        self._imports[spelled] = mention.path
        return spelled

    def _enum(self, name: str, enum: Enum) -> ProtoEnum:
        """An enum; its values are siblings of it: their names are unique around it."""
        scope = self._names[name].rpartition(".")[0]
        moved = not scope and "." in bound(enum.meta, "name")
        siblings, taken = self._value_names.setdefault(scope, set()), set[str]()
        values = []
        for value, named in ((v, each) for v in enum.values for each in v.called):
            given = "" if moved else bound(named.meta, "name")
            wanted = given or value_name(name, named.name.wire)
            wire = named.name.wire if named is value else ""
            spelled = _unique(_unique(wanted, taken), siblings)
            values.append(ProtoEnumValue(spelled, value.number or 0, wire, named.meta))
        if all(value.number != 0 for value in values):
            zero = _unique(_unique(value_name(name, "UNSPECIFIED"), taken), siblings)
            values.append(ProtoEnumValue(zero, 0, "", Meta(enum.meta.span)))
        values.sort(key=lambda value: value.number != 0)
        return ProtoEnum(self._names[name], tuple(values), enum)

    def _service(self, service: Service) -> ProtoService:
        around = ascii_name(service.name.wire).pascal if self._in_tree else ""
        methods = tuple(
            ProtoMethod(
                rpc_method(service, exchange.operation),
                self._exchanged(exchange.request, around),
                self._exchanged(exchange.response, around),
                exchange,
            )
            for exchange in self._exchanges[service.name.wire]
        )
        return ProtoService(
            rpc_service(self._api, service), methods, service.meta, service.name.wire
        )

    def _exchanged(self, message: Message, around: str) -> str:
        """The name of a request or response: the definition's, or one of here with ``around``."""
        struct = message.struct
        if message.type is not None and not message.wrapped:
            return self._names[struct.name.wire]
        if self._exchanges_known and (known := self._known(message)):
            return known
        wanted = ascii_name(struct.name.wire).pascal
        name = self._name(wanted if wanted.startswith(around) else around + wanted)
        meta = Meta(struct.meta.span)  # the method has the documentation
        if message.params:
            self._struct(name, replace(struct, meta=meta))
        elif message.type is None:
            self._messages.append(ProtoMessage(name, Holds.NOTHING, (), meta))
        else:
            self._value(name, message.type, struct.fields[0])
        return name

    def _known(self, message: Message) -> str:
        """The message of protobuf's own that stands for a value, or for none; empty if none does."""
        if message.type is None:
            return "" if message.params else EMPTY_MESSAGE
        head = resolve(message.type, self._api.types)
        return WELL_KNOWN.get(head.scalar, "") if isinstance(head, ScalarRef) else ""

    def _struct(self, name: str, struct: Struct, key: str = "", error: Error | None = None) -> None:
        place = len(self._messages)
        fields = self._fields(name, struct.fields, struct.reserved.numbers)
        source = error or struct
        message = ProtoMessage(
            name, Holds.STRUCT, fields, struct.meta, source, struct.reserved, key=key
        )
        self._messages.insert(place, message)

    def _value(self, name: str, ref: TypeRef, field: Field | None = None) -> None:
        """Declare a message around one value, in the field ``value`` unless another is given."""
        place = len(self._messages)
        meta = Meta(ref.span)
        field = field or Field(Name.parse("value"), ref, meta, number=1)
        fields = self._fields(name, (field,))
        self._messages.insert(place, ProtoMessage(name, Holds.VALUE, fields, meta, ref))

    def _union(self, name: str, union: Union, key: str) -> None:
        place = len(self._messages)
        named = _named(union.members, {_ONEOF}, union.reserved.numbers)
        fields = (
            replace(
                self._plain(name, each, spelled), number=number, label=Label.ONEOF, oneof=_ONEOF
            )
            for each, spelled, number in named
        )
        members = tuple(replace(f, json_name="") if f.json_name == _ONEOF else f for f in fields)
        message = ProtoMessage(
            name, Holds.UNION, members, union.meta, union, union.reserved, _ONEOF, key
        )
        self._messages.insert(place, message)

    def _plain(self, parent: str, field: Field, name: str) -> ProtoField:
        """A field of one element, whatever its type."""
        element = self._element(parent + field.name.pascal, field.type)
        absent = Absent.ERROR if is_message(element) else Absent.ZERO
        return _proto_field(name, field, element, absent)

    def _fields(
        self, parent: str, fields: Sequence[Field], reserved: Numbers = NONE
    ) -> tuple[ProtoField, ...]:
        named = _named(fields, set(), reserved)
        return tuple(
            _as_bound(replace(self._field(parent, field, name), number=number))
            for field, name, number in named
        )

    def _field(self, parent: str, field: Field, name: str) -> ProtoField:
        """A field with its presence: always there, there or not, or there, null or not."""
        head = resolve(field.type, self._api.types)
        nullable = isinstance(head, NullableOf)
        inner = resolve(head.item, self._api.types) if isinstance(head, NullableOf) else head
        optional = not field.required
        around = parent + field.name.pascal
        if isinstance(inner, ScalarRef) and inner.scalar is Scalar.ANY:
            element = self._element(around, inner)  # which carries a null by itself
            absent = Absent.UNSET if nullable and optional else Absent.NONE
            return _proto_field(name, field, element, absent)
        if nullable and (optional or field.default):
            element = MessageElement(self._around(around, head))
            return _proto_field(name, field, element, Absent.UNSET)
        if isinstance(inner, ListOf | SetOf | MapOf):
            if nullable or optional or (field.default and field.default.value):
                element = MessageElement(self._around(around, inner))
                return _proto_field(name, field, element, Absent.NONE)
            return self._items(around, field, inner, name)
        if nullable or optional or field.default:
            return _proto_field(name, field, self._element(around, inner), Absent.NONE)
        return self._plain(parent, field, name)

    def _items(
        self, around: str, field: Field, ref: ListOf | SetOf | MapOf, name: str
    ) -> ProtoField:
        """A field of any number of elements."""
        match ref:
            case ListOf(item) | SetOf(item):
                container = Container.LIST if isinstance(ref, ListOf) else Container.SET
                element = self._element(around, item)
                return _repeated(name, field, element, container)
            case MapOf(key_ref, value_ref):
                key = self._element(around, key_ref)
                if isinstance(key, ScalarElement) and key.proto in KEY_TYPES:
                    element = self._element(around, value_ref)
                    return _repeated(name, field, element, Container.MAP, key)
                entry = MessageElement(self._entry(around + "Entry", key_ref, value_ref))
                return _repeated(name, field, entry, Container.ENTRIES)
        assert_never(ref)

    def _entry(self, wanted: str, key: TypeRef, value: TypeRef) -> str:
        name = self._name(wanted)
        place = len(self._messages)
        meta = Meta(key.span)
        fields = (
            Field(Name.parse("key"), key, meta, number=1),
            Field(Name.parse("value"), value, meta, number=2),
        )
        entry = ProtoMessage(name, Holds.ENTRY, self._fields(name, fields), meta)
        self._messages.insert(place, entry)
        return name

    def _element(self, around: str, ref: TypeRef) -> Element:
        """One value of a type; ``around`` names the message that it needs around it, if any."""
        head = resolve(ref, self._api.types)
        match head:
            case ScalarRef(scalar):
                return ScalarElement(scalar, scalar_type(scalar))
            case NamedRef(name):
                if isinstance(self._api.types[name], Enum):
                    return EnumElement(name, self._names[name])
                return MessageElement(self._names[name])
            case NullableOf(item) if _is_any(resolve(item, self._api.types)):
                return self._element(around, item)
            case NullableOf() | ListOf() | SetOf() | MapOf():
                return MessageElement(self._around(around, head))
        assert_never(head)

    def _around(self, wanted: str, ref: TypeRef) -> str:
        name = self._name(wanted)
        self._value(name, ref)
        return name


def _as_bound(field: ProtoField) -> ProtoField:
    """The field with what its definition says by hand: its encoding, its oneof, its presence."""
    source = field.source
    element, key = _encoded(field.element, source, "type"), field.key
    if key is not None:
        key = _encoded(key, source, "key")
    field = replace(field, element=element, key=key)
    if source.oneof:
        return replace(field, label=Label.ONEOF, oneof=source.oneof)
    if bound(source.meta, "required") and field.absent is Absent.ZERO:
        return replace(field, label=Label.OPTIONAL, absent=Absent.ERROR)
    return field


def _encoded(element: Element, field: Field, word: str) -> Element:
    given = bound(field.meta, word)
    fits = isinstance(element, ScalarElement) and element.scalar.is_integer
    return replace(element, proto=given) if fits and given in ENCODINGS else element


def _is_any(ref: TypeRef) -> bool:
    return isinstance(ref, ScalarRef) and ref.scalar is Scalar.ANY


def _proto_field(name: str, field: Field, element: Element, absent: Absent) -> ProtoField:
    """A field of one element; its number is filled in by the caller."""
    if field.default is not None:
        absent = Absent.DEFAULT
    plain = absent in (Absent.ZERO, Absent.ERROR) or is_message(element)
    label = Label.PLAIN if plain else Label.OPTIONAL
    return ProtoField(name, 0, element, label, absent, field, json_name=_json_name(name, field))


def _repeated(
    name: str, field: Field, element: Element, container: Container, key: Element | None = None
) -> ProtoField:
    label = Label.MAP if container is Container.MAP else Label.REPEATED
    json_name = _json_name(name, field)
    return ProtoField(name, 0, element, label, Absent.EMPTY, field, container, key, json_name)


def _named(
    fields: Sequence[Field], taken: set[str], reserved: Numbers
) -> list[tuple[Field, str, int]]:
    """Each field with a name of its own, and its number: the next free one if it has none."""
    used = {f.number for f in fields if f.number is not None}
    free = (n for n in reserved.free(used) if not 19000 <= n < 20000)
    spelled = {f.name.wire: bound(f.meta, "name") or ascii_name(f.name.wire).snake for f in fields}
    names: dict[str, str] = {}
    for wire in sorted(spelled, key=lambda wire: spelled[wire] != wire):
        names[wire] = _unique(_speakable(wire, spelled[wire]), taken)
    return [(f, names[f.name.wire], f.number or next(free)) for f in fields]


def _speakable(wire: str, name: str) -> str:
    """``name``, unless ``wire`` as its JSON name would be the name of its implicit oneof."""
    return f"x_{name}" if wire == f"_{name}" else name


def _json_name(name: str, field: Field) -> str:
    """The definition's name, where it is not what protobuf derives (and protobuf can say it)."""
    first, *rest = name.split("_")
    derived = first + "".join(part[:1].upper() + part[1:] for part in rest)
    wire = field.name.wire
    sayable = "\0" not in wire and not (wire.startswith("[") and wire.endswith("]"))
    return wire if wire != derived and sayable else ""


def _unique(wanted: str, taken: set[str]) -> str:
    """``wanted``, or with a number behind it: no other name may equal it but for case and ``_``."""
    name, number = wanted, 1
    while _folded(name) in taken:
        number += 1
        name = f"{wanted}{number}"
    taken.add(_folded(name))
    return name


def _folded(name: str) -> str:
    return name.replace("_", "").lower()
