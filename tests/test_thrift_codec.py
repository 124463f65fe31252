"""Bytes of the generated codec, held against Apache's protocols in plain Python."""

from __future__ import annotations

import datetime as dt
import importlib
from decimal import Decimal
from types import ModuleType
from typing import Any

import msgspec
import pytest
from thrift.protocol.TBinaryProtocol import TBinaryProtocol
from thrift.protocol.TCompactProtocol import TCompactProtocol
from thrift.Thrift import TType
from thrift.transport.TTransport import TMemoryBuffer

from tests import projects
from tests.model_values import Values

EXAMPLES = ("calculator", "users", "chat", "kitchen-sink")
PROTOCOLS = {"binary": TBinaryProtocol, "compact": TCompactProtocol}
LIMIT = 1 << 22


def module(example: str, name: str) -> ModuleType:
    return importlib.import_module(f"{projects.package(example).__name__}._gen.{name}")


def support(name: str) -> ModuleType:
    return module("kitchen-sink", f"support.{name}")


def decode(example: str, wire: str, data: bytes, read: Any) -> Any:
    """What ``read`` makes of ``data``; it must take all of it."""
    wires = module(example, "support.thrift_wire")
    source = wires.Input(LIMIT)
    source.open(data, padded=True)
    value = read(wires.WIRES[wire], source)
    assert source.finish() == len(data)
    return value


def request_reader(codec: Any) -> Any:
    """What reads a method's request, without what is attached."""
    return lambda wire, source: codec.read_request(wire, source)[0]


def encode(example: str, wire: str, write: Any, value: Any) -> bytes:
    data: bytes = write(module(example, "support.thrift_wire").WIRES[wire], value)
    return data


READERS = {
    TType.BOOL: "readBool", TType.I08: "readByte", TType.I16: "readI16", TType.I32: "readI32",
    TType.I64: "readI64", TType.DOUBLE: "readDouble", TType.STRING: "readBinary", TType.UUID: "readUuid",
}  # fmt: skip


def read(protocol: Any, kind: int) -> Any:
    """Any value as a tree: structs are lists of (number, type, value)."""
    if kind in READERS:
        return getattr(protocol, READERS[kind])()
    if kind == TType.STRUCT:
        return read_struct(protocol)
    if kind == TType.MAP:
        key, value, size = protocol.readMapBegin()
        found = [(read(protocol, key), read(protocol, value)) for _ in range(size)]
        protocol.readMapEnd()
        return key, value, found
    begin, end = (
        (protocol.readListBegin, protocol.readListEnd)
        if kind == TType.LIST
        else (protocol.readSetBegin, protocol.readSetEnd)
    )
    item, size = begin()
    items = [read(protocol, item) for _ in range(size)]
    end()
    return item, items


def read_struct(protocol: Any) -> list[tuple[int, int, Any]]:
    fields = []
    protocol.readStructBegin()
    while True:
        _, kind, number = protocol.readFieldBegin()
        if kind == TType.STOP:
            break
        fields.append((number, kind, read(protocol, kind)))
        protocol.readFieldEnd()
    protocol.readStructEnd()
    return fields


def write(protocol: Any, kind: int, value: Any) -> None:
    """What :func:`read` read."""
    if kind in READERS:
        getattr(protocol, READERS[kind].replace("read", "write"))(value)
    elif kind == TType.STRUCT:
        write_struct(protocol, value)
    elif kind == TType.MAP:
        protocol.writeMapBegin(value[0], value[1], len(value[2]))
        for key, item in value[2]:
            write(protocol, value[0], key)
            write(protocol, value[1], item)
        protocol.writeMapEnd()
    else:
        protocol.writeListBegin(value[0], len(value[1]))
        for item in value[1]:
            write(protocol, value[0], item)
        protocol.writeListEnd()


def write_struct(protocol: Any, fields: list[tuple[int, int, Any]]) -> None:
    protocol.writeStructBegin("")
    for number, kind, value in fields:
        protocol.writeFieldBegin("", kind, number)
        write(protocol, kind, value)
        protocol.writeFieldEnd()
    protocol.writeFieldStop()
    protocol.writeStructEnd()


def retold(data: bytes, heard: str, told: str) -> bytes:
    """A struct as Apache's plain Python reads it in one protocol and writes it in another."""
    source = TMemoryBuffer(data)
    tree = read_struct(PROTOCOLS[heard](source))
    assert source.read(1) == b""
    out = TMemoryBuffer()
    write_struct(PROTOCOLS[told](out), tree)
    return out.getvalue()


@pytest.mark.parametrize("example", EXAMPLES)
@pytest.mark.parametrize("seed", range(20))
def test_values_survive_and_apache_reads_the_same(example: str, seed: int) -> None:
    """Every request and response, in both protocols."""
    values = Values(seed)
    for method in module(example, "thrift").METHODS:
        operation, codec = method.operation, method.codec
        for kind, to_bytes, from_bytes in (
            (operation.request, codec.write_request, request_reader(codec)),
            (operation.response, codec.write_result, codec.read_result),
        ):
            value = values.make(kind)
            binary = encode(example, "binary", to_bytes, value)
            compact = encode(example, "compact", to_bytes, value)

            assert value == decode(example, "binary", binary, from_bytes), method.name
            assert value == decode(example, "compact", compact, from_bytes), method.name
            assert compact == retold(binary, "binary", "compact")
            assert compact == retold(compact, "compact", "compact")


def scalars(**changed: Any) -> Any:
    models = module("kitchen-sink", "models")
    value = Values(1).make(models.Scalars)
    return msgspec.structs.replace(value, **changed)


def echoed(name: str, request: Any, wire: str = "binary") -> Any:
    codec = getattr(module("kitchen-sink", "thrift_codec"), f"KITCHEN_SINK_{name}")
    data = encode("kitchen-sink", wire, codec.write_request, request)
    return decode("kitchen-sink", wire, data, request_reader(codec))


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("a_uint64", 2**64 - 1),
        ("a_uint64", 2**63),
        ("a_uint8", 255),
        ("an_int8", -128),
        ("a_decimal", Decimal("0.10000000000000000000000000000001")),
        ("a_timestamp", dt.datetime(1, 1, 1, tzinfo=dt.UTC)),
        ("a_timestamp", dt.datetime(2024, 2, 29, 12, 0, 0, 1, dt.timezone(dt.timedelta(hours=5)))),
        ("a_duration", dt.timedelta(days=-1, microseconds=1)),
        ("anything", None),
        ("anything", {"a": [1, 2.5, "x", None, True]}),
        ("a_float64", float("inf")),
        ("a_string", ""),
        ("some_bytes", bytes(range(256))),
    ],
)
@pytest.mark.parametrize("wire", PROTOCOLS)
def test_values_at_the_edge(wire: str, field: str, value: Any) -> None:
    assert value == getattr(echoed("ECHO_SCALARS", scalars(**{field: value}), wire), field)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("a_uint64", -1),
        ("a_uint64", 2**64),
        ("a_uint8", 256),
        ("an_int8", 128),
        ("an_int64", 2**63),
        ("a_timestamp", dt.datetime(2024, 1, 1)),
        ("anything", float("nan")),
        ("a_string", 5),
        ("a_uuid", "no uuid"),
    ],
)
def test_values_that_do_not_fit_are_refused(field: str, value: Any) -> None:
    with pytest.raises(support("thrift_values").Wrong):
        echoed("ECHO_SCALARS", scalars(**{field: value}))


@pytest.mark.parametrize("wire", PROTOCOLS)
def test_presence(wire: str) -> None:
    """Absent, null and zero are three things."""
    presence = module("kitchen-sink", "models").Presence
    for both in (msgspec.UNSET, None, 0):
        for nullable in (None, 0):
            value = presence(required=0, nullable=nullable, both=both, nullable_list=None,
                             nullable_struct=None)  # fmt: skip
            assert value == echoed("ECHO_PRESENCE", value, wire)


@pytest.mark.parametrize("wire", PROTOCOLS)
def test_enum_numbers_that_are_not_known_here(wire: str) -> None:
    """An open enum keeps them, a closed one refuses."""
    package, codec = projects.package("kitchen-sink"), module("kitchen-sink", "thrift_codec")
    request = package.EchoColorRequest(
        color=package.Color("UNRECOGNIZED_77"), switch=package.Switch.ON
    )
    assert request == echoed("ECHO_COLOR", request, wire)

    echo = codec.KITCHEN_SINK_ECHO_COLOR
    out = TMemoryBuffer()
    write_struct(PROTOCOLS[wire](out), [(1, TType.I32, 1), (2, TType.I32, 9)])
    with pytest.raises(support("thrift_values").Wrong) as caught:
        decode("kitchen-sink", wire, out.getvalue(), request_reader(echo))
    assert caught.value.field == "switch"


@pytest.mark.parametrize("wire", PROTOCOLS)
def test_fields_that_are_not_known_are_skipped(wire: str) -> None:
    """Of every type, among those that are."""
    kinds = [(TType.BOOL, True), (TType.I08, 1), (TType.I16, 1), (TType.I32, 1), (TType.I64, 1),
             (TType.DOUBLE, 1.0), (TType.STRING, b"x"), (TType.STRUCT, [(1, TType.BOOL, False)]),
             (TType.LIST, (TType.STRING, [b"a"])), (TType.MAP, (TType.I32, TType.BOOL, [(1, True)]))]  # fmt: skip
    unknown = [(number, kind, value) for number, (kind, value) in enumerate(kinds, 100)]
    wrong_type = [(1, TType.STRING, b"not a number")]
    out = TMemoryBuffer()
    write_struct(
        PROTOCOLS[wire](out),
        [*wrong_type, *unknown, (1, TType.I32, 5), (2, TType.I32, 3), (30000, TType.BOOL, True)],
    )

    request = decode(
        "calculator",
        wire,
        out.getvalue(),
        request_reader(module("calculator", "thrift_codec").SUBTRACT),
    )

    assert (request.a, request.b) == (5, 3)


@pytest.mark.parametrize("wire", PROTOCOLS)
def test_a_missing_field_is_named(wire: str) -> None:
    with pytest.raises(support("thrift_values").Wrong) as caught:
        decode(
            "kitchen-sink",
            wire,
            b"\x00",
            request_reader(module("kitchen-sink", "thrift_codec").KITCHEN_SINK_FAIL),
        )

    assert (caught.value.field, str(caught.value)) == ("how", "is required")


def test_nesting_has_a_limit() -> None:
    """Of 64 structs, for reading as for writing."""
    tree = module("kitchen-sink", "models").Tree
    deep = tree(value="leaf", children=[])
    for _ in range(62):
        deep = tree(value="x", children=[deep])
    assert deep == echoed("ECHO_TREE", deep)

    for _ in range(3):
        deep = tree(value="x", children=[deep])
    with pytest.raises(support("thrift_values").Wrong, match="recursion depth"):
        echoed("ECHO_TREE", deep)


@pytest.mark.parametrize("wire", PROTOCOLS)
def test_every_prefix_of_a_message_is_incomplete(wire: str) -> None:
    """And never a value, a crash, or a read past the end that is believed."""
    wires = support("thrift_wire")
    codec = module("kitchen-sink", "thrift_codec").KITCHEN_SINK_ECHO_SCALARS
    data = encode("kitchen-sink", wire, codec.write_request, scalars())
    for end in range(len(data)):
        source = wires.Input(LIMIT)
        source.open(data[:end], padded=True)
        with pytest.raises(wires.Incomplete):
            codec.read_request(wires.WIRES[wire], source)
