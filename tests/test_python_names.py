"""Whatever Python itself calls so may be the name of anything in a definition."""

from __future__ import annotations

import asyncio
import builtins
import datetime as dt
import importlib
import inspect
import keyword
import subprocess
import sys
from collections.abc import Awaitable, Callable, Mapping
from decimal import Decimal
from itertools import cycle
from pathlib import Path
from types import ModuleType
from typing import Any
from uuid import UUID

import pytest

from svcgen.model.naming import Name
from tests import projects

LIMIT = 120.0  # seconds

TYPES = (
    "string", "int32", "bool", "bytes", "list<string>", "map<string, int64>", "set<string>",
    "timestamp", "any", "decimal", "float64", "uuid", "date", "duration", "list<list<int32>>",
)  # fmt: skip

ALWAYS = {"list": "list<string>", "str": "string", "dict": "map<string, int32>"}
"""Parameters of every method, whose annotations mention each other."""


WORDS = (
    dict(
        zip(
            sorted(
                {name for name in dir(builtins) if name.islower() and not name.startswith("_")}
                | {name for name in keyword.kwlist if name.islower()}
                | set(
                    "annotations args client cls code decimal default dt errors field get".split()
                )
                | set(
                    "items keys models msgspec operations option options optional payload".split()
                )
                | set("request response runtime self struct unset uuid value values".split())
            ),
            cycle(TYPES),
            strict=False,
        )
    )
    | ALWAYS
)
"""Builtins, keywords, and what generated code mentions beside them; each with the type of its values."""

SERVICES = ("list", "type", "any")
"""Words that are services; all others are types."""


def definition() -> str:
    """Every word as a field, a member, a value, a parameter, a method, a type and an event."""
    fields = "".join(f"      {word}: '{kind}'\n" for word, kind in WORDS.items())
    optional = "".join(f"      {w}: {{type: '{k}', optional: true}}\n" for w, k in WORDS.items())
    defaults = "".join(f"      {w}: {{type: 'list<string>', default: [x]}}\n" for w in WORDS)
    types = {Name.parse(word).pascal: word for word in WORDS if word not in SERVICES}
    structs = "".join(f"  {name}: {{fields: {{{word}: int32}}}}\n" for name, word in types.items())
    methods = "".join(
        f"      {word}: {{params: {{{_listed(ALWAYS | {word: kind})}}}, returns: '{kind}'}}\n"
        for word, kind in WORDS.items()
    )
    events = "".join(f"      {w}_{n}: {{payload: {t}}}\n" for n, (t, w) in enumerate(types.items()))
    others = "".join(
        f"  {Name.parse(word).pascal}:\n    methods:\n"
        "      type: {input: AllFields, returns: AllFields, errors: [Broken]}\n"
        for word in SERVICES
    )
    return (
        "svcgen: 1\npackage: names\ntypes:\n"
        f"  AllFields:\n    fields:\n{fields}  AllOptional:\n    fields:\n{optional}"
        f"  AllDefaults:\n    fields:\n{defaults}  AllValues: {{enum: [{', '.join(WORDS)}]}}\n"
        f"  AllMembers:\n    union:\n{fields}{structs}"
        f"errors:\n  Broken:\n    code: not_found\n    fields:\n{fields}"
        f"services:\n  Names:\n    methods:\n{methods}    events:\n{events}{others}"
    )


def _listed(parameters: dict[str, str]) -> str:
    return ", ".join(f"{name}: '{kind}'" for name, kind in parameters.items())


VALUES: dict[str, Any] = {
    "string": "x",
    "int32": 5,
    "bool": True,
    "bytes": b"\x00\xff",
    "list<string>": ["a", "b"],
    "map<string, int64>": {"a": 2**40},
    "set<string>": {"a"},
    "timestamp": dt.datetime(2024, 2, 29, 12, 30, tzinfo=dt.UTC),
    "any": {"a": [1, None]},
    "decimal": Decimal("0.10"),
    "float64": 0.5,
    "uuid": UUID("12345678-1234-5678-1234-567812345678"),
    "date": dt.date(2024, 2, 29),
    "duration": dt.timedelta(seconds=90),
    "list<list<int32>>": [[1], []],
    "map<string, int32>": {"a": 1},
}

SCHEMES = ("http", "grpc", "jsonrpc+http", "graphql+http", "thrift")


@pytest.fixture(scope="module")
def names(tmp_path_factory: pytest.TempPathFactory) -> ModuleType:
    """The package that is made from the definition."""
    path = tmp_path_factory.mktemp("names") / "names.yaml"
    path.write_text(definition(), encoding="utf-8")
    return projects.package_of(path)


def spelled(found: object, word: str) -> str:
    """How Python spells a word where it is a method or a parameter."""
    listed = found if isinstance(found, Mapping) else vars(found)
    return next(each for each in (f"{word}_", word) if each in listed)


def answering(base: type, word: str) -> Callable[..., Awaitable[Any]]:
    """A method that gives back the parameter that is called like it."""
    parameters = inspect.signature(getattr(base, spelled(base, word))).parameters
    wanted = [*parameters].index(spelled(parameters, word)) - 1  # without self

    async def method(_self: object, *given: object) -> object:
        return given[wanted]

    return method


def handlers(package: ModuleType) -> list[object]:
    listed = []
    for name, base in vars(importlib.import_module(f"{package.__name__}.handler")).items():
        if name.endswith("Handler"):
            service = base.__mro__[1]
            if name == "NamesHandler":
                methods = {spelled(service, word): answering(service, word) for word in WORDS}
            else:
                methods = {"type": returning}
            listed.append(type(name, (base,), methods)())
    return listed


async def returning(_self: object, request: object) -> object:
    return request


@pytest.mark.slow
async def test_each_is_called_over_every_protocol(names: ModuleType) -> None:
    urls = [f"{scheme}://127.0.0.1:0" for scheme in SCHEMES]
    always = [VALUES[kind] for kind in ALWAYS.values()]
    async with asyncio.timeout(LIMIT), names.serve(*handlers(names), urls=urls) as server:
        for url in server.urls:
            async with names.connect(str(url)) as client:
                own = type(client.names)
                for word, kind in WORDS.items():
                    given = always if word in ALWAYS else [*always, VALUES[kind]]
                    call = getattr(client.names, spelled(own, word))
                    assert await call(*given) == VALUES[kind], (url, word)


@pytest.mark.slow
async def test_structs_have_them_over_every_protocol(names: ModuleType) -> None:
    urls = [f"{scheme}://127.0.0.1:0" for scheme in SCHEMES]
    fields = names.AllFields.__struct_fields__
    value = names.AllFields(**dict(zip(fields, map(VALUES.get, WORDS.values()), strict=True)))
    async with asyncio.timeout(LIMIT), names.serve(*handlers(names), urls=urls) as server:
        for url in server.urls:
            async with names.connect(str(url)) as client:
                assert await client.list_.type(value) == value, url


@pytest.mark.slow
def test_its_code_is_typed_and_linted(names: ModuleType) -> None:
    assert names.__file__ is not None
    python = Path(names.__file__).parent.parent.parent
    cache = Path(__file__).parent.parent / ".mypy_cache" / "generated"
    for command in (["mypy", "--cache-dir", str(cache)], ["ruff", "check", "--isolated", "."]):
        done = subprocess.run(
            [sys.executable, "-m", *command], cwd=python, capture_output=True, text=True,
            timeout=280, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-6000:]
