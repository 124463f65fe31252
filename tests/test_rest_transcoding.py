"""``google.api.http`` over REST, both ways: the tables of ``wire/transcoding``, none of them code."""

from __future__ import annotations

import asyncio
import functools
import importlib
import inspect
import itertools
import json
import re
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import msgspec
import pytest
import yaml
from yarl import URL

from svcgen import pipeline, registry
from svcgen.diagnostics import Report
from svcgen.formats import Sources
from svcgen.model.bindings import HttpBinding
from svcgen.model.http_paths import crossing, route_key
from tests import projects, proto_corpus

LIMIT = 20.0  # seconds
FOLDER = Path(__file__).parent / "wire" / "transcoding"
TABLES = {
    file.stem: yaml.safe_load(file.read_text(encoding="utf-8"))
    for file in sorted(FOLDER.glob("*.yaml"))
}


class Subject:
    """The package generated from a table's definition, and what its handlers and its port saw.

    A handler answers with what it was asked where that is of the right type, else with zeros.
    """

    def __init__(self, table: dict[str, Any]) -> None:
        root = proto_corpus.root() if "corpus" in table else FOLDER
        definition = root / table.get("corpus", table.get("definition"))
        self.package = projects.package_of(definition, "-I", str(root))
        self.rest = importlib.import_module(f"{self.package.__name__}._gen.rest")
        support = f"{self.package.__name__}._gen.support"
        self.http = importlib.import_module(f"{support}.http")
        self.address = importlib.import_module(f"{support}.endpoint").parse_url(
            "http://127.0.0.1:0"
        )[0]
        self.settings = self.package.runtime.ServerSettings()
        bases = {op.service.rpartition(".")[2] for op in self.operations().values()}
        handlers = [self._handler(getattr(self.package, name)) for name in sorted(bases)]
        self.app = self.rest.application(*handlers, settings=self.settings)
        self.asked: list[Any] = []
        self.request = ""
        self.body = b""

    def operations(self) -> dict[str, Any]:
        return {route.operation.name: route.operation for route in self.rest.ROUTES}

    def _handler(self, base: type) -> Any:
        """A handler of a service that notes what it is asked."""
        answers = {_snake(n): op.response for n, op in self.operations().items()}

        def method(name: str) -> Any:
            async def noted(_: object, request: Any) -> Any:
                self.asked.append(request)
                kind = answers[name]
                return request if isinstance(request, kind or ()) else kind and kind()

            return noted

        names = [n for n, f in vars(base).items() if inspect.iscoroutinefunction(f) and n[0] != "_"]
        return type(base.__name__, (base,), {name: method(name) for name in names})()

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        query = scope["query_string"].decode()
        self.request = f"{scope['method']} {scope['raw_path'].decode()}" + (query and f"?{query}")
        self.body = b""

        async def noted() -> Any:
            message = await receive()
            self.body += message.get("body", b"")
            return message

        await self.app(scope, noted, send)

    @asynccontextmanager
    async def served(self) -> AsyncIterator[str]:
        self.asked.clear()
        self.request = ""
        listener = self.http.AsgiListener(self.address, self, self.settings)
        bound = await listener.start()
        try:
            async with asyncio.timeout(LIMIT):
                yield str(bound)
        finally:
            await listener.stop(1.0)

    async def call(self, url: str, call: str, value: Any) -> Any:
        """Call by the generated client."""
        service = self.operations()[call].service.rpartition(".")[2]
        async with self.package.connect(url) as client:
            stub = getattr(client, service.lower(), client)
            return await getattr(stub, _snake(call))(value)

    def value(self, call: str, value: dict[str, Any]) -> Any:
        return msgspec.json.decode(json.dumps(value), type=self.operations()[call].request)


@functools.cache
def subject(table: str) -> Subject:
    return Subject(TABLES[table])


def _cases(key: str) -> list[Any]:
    return [
        pytest.param(name, case, id=f"{name}-{case['request'] if key == 'cases' else case[1]}")
        for name, table in TABLES.items()
        for case in table[key]
    ]


async def _send(url: str, request: str, body: Any) -> tuple[int, bytes]:
    method, _, target = request.partition(" ")
    headers = {"content-type": "application/json"} if body is not None else {}
    data = None if body is None else json.dumps(body)
    where = URL(url + target, encoded=True)
    async with (
        aiohttp.ClientSession() as web,
        web.request(method, where, data=data, headers=headers) as response,
    ):
        return response.status, await response.read()


@pytest.mark.parametrize(("table", "case"), _cases("cases"))
async def test_server_takes_the_request(table: str, case: dict[str, Any]) -> None:
    served = subject(table)
    alternatives = [{"request": a} if isinstance(a, str) else a for a in case.get("also", [])]
    sent = [each for each in (case, *alternatives) if each.get("body") != "any"]
    async with served.served() as url:
        for each in sent:
            status, answer = await _send(url, each["request"], each.get("body"))

            assert status in (200, 204), answer
            if "response" in case:
                assert json.loads(answer) == case["response"]

    expected = served.value(case["call"], case["value"])
    assert served.asked == [expected] * len(sent)


@pytest.mark.parametrize(("table", "case"), _cases("cases"))
async def test_client_sends_the_request(table: str, case: dict[str, Any]) -> None:
    served = subject(table)
    value = served.value(case["call"], case["value"])
    async with served.served() as url:
        await served.call(url, case["call"], value)

    assert case["request"] == served.request
    if case.get("body") != "any":
        assert case.get("body") == (json.loads(served.body) if served.body else None)
    assert served.asked == [value]


@pytest.mark.parametrize(("table", "case"), _cases("refused"))
async def test_what_is_not_served_is_refused(table: str, case: tuple[int, str]) -> None:
    status, request = case
    served = subject(table)
    async with served.served() as url:
        found, answer = await _send(url, request, None)

    assert status == found, answer
    assert json.loads(answer)["status"] == status
    assert served.asked == []


@pytest.mark.parametrize(("table", "case"), _cases("unsendable"))
async def test_client_refuses_what_no_path_can_say(table: str, case: tuple[str, Any, str]) -> None:
    call, value, message = case
    served = subject(table)
    async with served.served() as url:
        with pytest.raises(served.package.runtime.ServiceError) as raised:
            await served.call(url, call, served.value(call, value))

    assert raised.value.code is served.package.runtime.Code.INVALID_ARGUMENT
    assert message == raised.value.message
    assert served.request == ""


async def test_a_long_path_is_taken_and_a_very_long_one_refused() -> None:
    async with subject("messaging").served() as url:
        status, answer = await _send(url, "GET /v5/documents/" + "/".join("a" * 1000), None)
        assert status == 200
        assert json.loads(answer)["name"].count("/") == 1000
        status, _ = await _send(url, "GET /v5/documents/" + "a" * 200_000, None)
        assert status in (400, 414, 431)


def test_nearly_every_rule_of_real_apis_is_served() -> None:
    """Of 300 files of the corpus: 451 rules, each of them in what is bound."""
    root = proto_corpus.root()
    written, served = 0, 0
    for name in proto_corpus.sample(300):
        text = (root / name).read_text(encoding="utf-8")
        if "(google.api.http)" not in text:
            continue
        report = Report()
        api = pipeline.read(root / name, report, Sources(include=(root,)))
        assert api is not None
        bound = pipeline.bind(api, registry.protocols()["rest"], report)
        assert not report.has_errors
        written += sum(d.rule.code == "proto-http" for d in report.diagnostics)
        for each in bound.operations:
            assert isinstance(each.wire, HttpBinding)
            if "http" in each.exchange.operation.meta.bind:
                served += len(each.wire.all)

    assert served > 300
    assert written <= served * 0.01


def _snake(name: str) -> str:
    return "".join(f"_{c.lower()}" if c.isupper() else c for c in name).lstrip("_")


def bound(tmp_path: Path, paths: list[str]) -> Report:
    """What is reported of a service with a method at each path."""
    methods = "".join(
        f"      m{number}: {{params: {{a: string, b: string}}, http: 'GET {path}'}}\n"
        for number, path in enumerate(paths)
    )
    file = tmp_path / "routes.yaml"
    file.write_text(f"svcgen: 1\nservices:\n  S:\n    methods:\n{methods}", encoding="utf-8")
    report = Report()
    api = pipeline.read(file, report)
    assert api is not None
    pipeline.bind(api, registry.protocols()["rest"], report)
    return report


def test_routes_that_cross_are_found_among_all_others(tmp_path: Path) -> None:
    segments = ("x", "y", "{}")
    paths = []
    for path in map("/".join, itertools.product(("",), segments, segments, segments)):
        if path.count("{}") <= 2:
            paths.append(path.replace("{}", "{a}", 1).replace("{}", "{b}", 1))
    keys = [route_key(path) for path in paths]
    expected = {
        (second, first)
        for second, first in itertools.product(range(len(keys)), repeat=2)
        if first < second and crossing(keys[first], keys[second])
    }

    report = bound(tmp_path, paths)

    told = [re.findall(r"S\.m(\d+)", d.message) for d in report.diagnostics]
    assert len(expected) > 50
    assert {(int(one), int(other)) for one, other in told} == expected


def test_many_routes_are_compared_in_bounded_time(tmp_path: Path) -> None:
    started = time.process_time()

    report = bound(tmp_path, [f"/v1/{{a}}/things{number}/{{b}}" for number in range(4000)])

    assert not report.diagnostics
    assert time.process_time() - started < 20
