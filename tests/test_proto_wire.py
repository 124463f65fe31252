"""A project made from a .proto speaks the same wire as programs made by protoc from that .proto."""

from __future__ import annotations

import asyncio
import datetime as dt
import importlib
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import grpc
import pytest
from google.protobuf import (
    descriptor_pool,
    duration_pb2,
    empty_pb2,
    json_format,
    message_factory,
    struct_pb2,
    timestamp_pb2,
)

from svcgen.formats.protobuf.library import BUNDLED
from tests import proto_oracle

PROTOS = Path(__file__).parent / "protos"

HANDLER = """
from ._gen import models
from ._gen.service import Library


class LibraryHandler(Library):
    async def get_book(self, input: models.GetBookRequest) -> models.Book:
        return models.Book(
            name=input.name,
            pages=[input.page_size],
            chapters={},
            state=models.State.STATE_NEW,
            shelf_mark=-7,
            marks=[-1, 2],
            notes={-3: 4},
            hard=True,
            states=[models.State.STATE_NEW],
        )

    async def add_book(self, input: models.Book) -> None:
        return None

    async def watch(self, input: models.GetBookRequest):
        yield await self.get_book(input)
"""


class Official:
    """Message classes of the protobuf library for a .proto."""

    def __init__(self, roots: list[Path], name: str) -> None:
        self.files = proto_oracle.descriptors(roots, [name])
        pool = descriptor_pool.DescriptorPool()
        for file in self.files.file:
            pool.Add(file)
        self.pool = pool

    def __call__(self, name: str) -> Any:
        return message_factory.GetMessageClass(self.pool.FindMessageTypeByName(name))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The projects of all our .proto files."""
    root = tmp_path_factory.mktemp("protos")
    shutil.copytree(PROTOS, root, dirs_exist_ok=True)
    return root


def project(folder: Path, name: str) -> Path:
    out = folder / f"{name}-project"
    if not out.exists():
        command = ["svcgen", "new", f"{name}.proto", "-o", str(out), "--protocol", "grpc,rest"]
        done = subprocess.run(
            [sys.executable, "-m", *command],
            cwd=folder, capture_output=True, text=True, check=False, timeout=120,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
    return out


def shapes(descriptor: Any, prefix: str = "") -> dict[str, dict[int, tuple[Any, ...]]]:
    """The fields of each message by number: what reaches the wire or JSON."""
    name = prefix + descriptor.name
    found = {name: {f.number: shape(f) for f in descriptor.fields}}
    for inner in descriptor.nested_types:
        if not inner.GetOptions().map_entry:
            found |= shapes(inner, name)
    return found


def shape(field: Any) -> tuple[Any, ...]:
    kind = field.type
    if field.message_type is not None and field.message_type.GetOptions().map_entry:
        kind = tuple(shape(f)[1] for f in field.message_type.fields)
    oneof = field.containing_oneof
    own = oneof.name if oneof is not None and not oneof.name.startswith("_") else ""
    enum = field.enum_type
    values = tuple(sorted(enum.values_by_number)) if enum is not None else ()
    return field.name, kind, field.is_repeated, field.json_name, field.has_presence, own, values


@pytest.mark.parametrize("name", ["modern", "edition2024"])
def test_the_schema_that_is_written_has_the_same_wire(name: str, folder: Path) -> None:
    theirs = Official([folder, BUNDLED], f"{name}.proto")
    [written] = (project(folder, name) / "schemas").glob("*.proto")
    ours = Official([written.parent, BUNDLED], written.name)
    before = theirs.pool.FindFileByName(f"{name}.proto")
    after = ours.pool.FindFileByName(written.name)

    expected = {k: v for m in before.message_types_by_name.values() for k, v in shapes(m).items()}
    actual = {k: v for m in after.message_types_by_name.values() for k, v in shapes(m).items()}

    assert {n: actual.get(n) for n in expected} == expected
    assert before.package == after.package
    for service, declared in before.services_by_name.items():
        methods = after.services_by_name[service].methods_by_name
        assert [*methods] == [m.name for m in declared.methods]
        for method in declared.methods:
            same = methods[method.name]
            assert (same.client_streaming, same.server_streaming) == (
                method.client_streaming,
                method.server_streaming,
            )


@pytest.mark.parametrize("name", ["legacy", "edition2023"])
def test_older_wires_differ_where_a_warning_says_so(name: str, folder: Path) -> None:
    """proto2's groups are ordinary messages; all else has its number, type and JSON name."""
    theirs = Official([folder, BUNDLED], f"{name}.proto")
    [written] = (project(folder, name) / "schemas").glob("*.proto")
    ours = Official([written.parent, BUNDLED], written.name)
    before = theirs.pool.FindFileByName(f"{name}.proto")
    after = ours.pool.FindFileByName(written.name)
    expected = {k: v for m in before.message_types_by_name.values() for k, v in shapes(m).items()}
    actual = {k: v for m in after.message_types_by_name.values() for k, v in shapes(m).items()}

    for message, fields in expected.items():
        for number, (name_, kind, repeated, json, _, oneof, _) in fields.items():
            message_kind = 11 if kind == 10 else kind
            assert actual[message][number][:4] == (name_, message_kind, repeated, json)
            assert actual[message][number][5] == oneof


@pytest.fixture(scope="module")
def package(folder: Path) -> Any:
    source = next((project(folder, "modern") / "python" / "src").iterdir())
    (source / "handler.py").write_text(HANDLER, encoding="utf-8")
    sys.path.insert(0, str(source.parent))
    return importlib.import_module(source.name)


def book(official: Official) -> Any:
    return json_format.ParseDict(
        {
            "name": "n", "title": "", "pages": [1, 2], "chapters": {"a": {"offset": "9"}},
            "state": "STATE_NEW", "printed": "2026-01-02T03:04:05Z", "note": "x",
            "stateOfCover": "STATE_NEW", "shelfMark": "-5", "marks": [-1, 7],
            "remarks": {"-2": 3}, "delta": -9, "states": ["STATE_NEW", "STATE_UNSPECIFIED"],
        },
        official("shop.modern.v1.Book")(),
    )  # fmt: skip


def test_the_codec_reads_and_writes_official_bytes(folder: Path, package: Any) -> None:
    official = Official([folder, BUNDLED], "modern.proto")
    codec = importlib.import_module(f"{package.__name__}._gen.protobuf").BOOK_CODEC
    message = book(official)

    value = codec.decode(message.SerializeToString())
    again = type(message).FromString(codec.encode(value))

    assert value.shelf_mark == -5
    assert value.hard is None
    assert again == message


async def test_official_stubs_call_the_generated_server(folder: Path, package: Any) -> None:
    official = Official([folder, BUNDLED], "modern.proto")
    asked, answered = (official(f"shop.modern.v1.{n}") for n in ("GetBookRequest", "Book"))
    handler = importlib.import_module(f"{package.__name__}.handler").LibraryHandler()
    server = package.serve(handler, urls=["grpc://127.0.0.1:0", "rest+http://127.0.0.1:0"])
    async with server, asyncio.timeout(30):
        target, rest = (str(url).partition("://")[2] for url in server.urls)
        async with grpc.aio.insecure_channel(target) as channel:
            call = channel.unary_unary(
                "/shop.modern.v1.Library/GetBook", asked.SerializeToString, answered.FromString
            )
            got = await call(asked(name="a", page_size=3))
        curl = await asyncio.create_subprocess_exec(
            sys.executable, "-c",
            "import sys, urllib.request; print(urllib.request.urlopen(sys.argv[1]).read().decode())",
            f"http://{rest}/v1/books/b?pageSize=4",
            stdout=asyncio.subprocess.PIPE, env={**os.environ, "NO_PROXY": "*"},
        )  # fmt: skip
        said, _ = await curl.communicate()

    assert (got.name, list(got.pages), got.shelfMark) == ("a", [3], -7)
    assert got.WhichOneof("cover") == "hard"
    assert '"shelfMark":-7' in said.decode().replace(" ", "")
    assert '"pages":[4]' in said.decode().replace(" ", "")


CLOCK = """
import datetime as dt

from ._gen.service import Clock

START = dt.datetime(2026, 1, 2, 3, 4, 5, tzinfo=dt.UTC)


class ClockHandler(Clock):
    async def now(self):
        return START

    async def twice(self, input):
        return 2 * input

    async def same(self, input):
        return input

    async def ticks(self, input):
        yield START
        yield START + input

    async def sum(self, input):
        return sum([each async for each in input], dt.timedelta())

    async def reset(self, input):
        assert input == START
"""


async def test_methods_exchange_the_messages_that_the_file_says(folder: Path) -> None:
    """Protobuf's own as they are, with nothing around them, both ways and in streams."""
    source = next((project(folder, "exchanged") / "python" / "src").iterdir())
    (source / "handler.py").write_text(CLOCK, encoding="utf-8")
    sys.path.insert(0, str(source.parent))
    package = importlib.import_module(source.name)
    handler = importlib.import_module(f"{source.name}.handler").ClockHandler()
    second, minute = duration_pb2.Duration(seconds=1), duration_pb2.Duration(seconds=60)
    value = json_format.Parse('{"a": [1, null, "x"], "b": {}}', struct_pb2.Value())

    async with package.serve(handler, urls=["grpc://127.0.0.1:0"]) as server, asyncio.timeout(30):
        url = str(server.urls[0])
        async with grpc.aio.insecure_channel(url.partition("://")[2]) as channel:

            def method(kind: str, name: str, answer: Any) -> Any:
                encode, decode = (lambda message: message.SerializeToString()), answer.FromString
                return getattr(channel, kind)(f"/shop.clock.v1.Clock/{name}", encode, decode)

            start = await method("unary_unary", "Now", timestamp_pb2.Timestamp)(empty_pb2.Empty())
            twice = await method("unary_unary", "Twice", duration_pb2.Duration)(minute)
            same = await method("unary_unary", "Same", struct_pb2.Value)(value)
            ticks = method("unary_stream", "Ticks", timestamp_pb2.Timestamp)(second)
            told = [each async for each in ticks]
            total = await method("stream_unary", "Sum", duration_pb2.Duration)(
                iter([second, minute])
            )
            await method("unary_unary", "Reset", empty_pb2.Empty)(start)
        async with package.connect(url) as client:
            again = [each async for each in client.ticks(dt.timedelta(seconds=1))]
            nothing = await client.same(None)

    assert start.ToJsonString() == "2026-01-02T03:04:05Z"
    assert twice.seconds == 120
    assert same == value
    assert [each.seconds - start.seconds for each in told] == [0, 1]
    assert total.seconds == 61
    assert [each.timestamp() for each in again] == [each.seconds for each in told]
    assert nothing is None


def test_the_schema_of_what_is_exchanged_is_the_file(folder: Path) -> None:
    theirs = Official([folder, BUNDLED], "exchanged.proto")
    [written] = (project(folder, "exchanged") / "schemas").glob("*.proto")

    ours = Official([written.parent, BUNDLED], written.name)

    [before], [after] = (o.files.file[-1].service for o in (theirs, ours))
    assert after == before
