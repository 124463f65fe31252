"""Bytes of the generated codec against the protobuf library on descriptors made by protoc."""

from __future__ import annotations

import functools
import importlib
from types import ModuleType
from typing import Any

import pytest
from google.protobuf import descriptor_pb2

from tests import projects
from tests.model_values import Values
from tests.protoc import OfficialClasses

EXAMPLES = ("calculator", "users", "chat", "kitchen-sink")


def module(example: str, name: str) -> ModuleType:
    return importlib.import_module(f"{projects.package(example).__name__}._gen.{name}")


@functools.cache
def official(example: str) -> OfficialClasses:
    return OfficialClasses(projects.generated(example) / "schemas")


def messages(example: str) -> list[Any]:
    """The codec and the Python type of each request and response."""
    found = {}
    for method in module(example, "grpc").METHODS:
        operation = method.operation
        found[method.request.name] = (method.request, operation.request)
        found[method.response.name] = (method.response, operation.response)
    return list(found.values())


@pytest.mark.parametrize("example", EXAMPLES)
def test_descriptors_are_those_of_protoc(example: str) -> None:
    """What reflection shows is what the .proto says, but for options, comments and reservations."""
    file = next((projects.generated(example) / "schemas").glob("*.proto")).name

    compiled = stripped(official(example).pool, file)
    ours = stripped(module(example, "protobuf").SCHEMA.pool, file)

    assert str(compiled) == str(ours)


def stripped(pool: Any, name: str) -> descriptor_pb2.FileDescriptorProto:
    file = descriptor_pb2.FileDescriptorProto()
    pool.FindFileByName(name).CopyToProto(file)
    for message in file.message_type:
        _strip(message, *message.field)
    for enum in file.enum_type:
        _strip(enum, *enum.value)
    for service in file.service:
        _strip(service, *service.method)
    return file


def _strip(*protos: Any) -> None:
    for proto in protos:
        for name in ("options", "reserved_range", "reserved_name"):
            if name in proto.DESCRIPTOR.fields_by_name:
                proto.ClearField(name)


@pytest.mark.parametrize("example", EXAMPLES)
@pytest.mark.parametrize("seed", range(20))
def test_values_survive_both_ways(example: str, seed: int) -> None:
    """Ours is read by the library, which loses and adds nothing; its bytes are read by ours."""
    values = Values(seed)
    for codec, kind in messages(example):
        value = values.make(kind)
        data = codec.encode(value)
        parsed = official(example)(codec.name).FromString(data)
        again = parsed.SerializeToString(deterministic=True)

        assert len(data) == len(again), codec.name
        assert value == codec.decode(data), codec.name
        assert value == codec.decode(again), codec.name
