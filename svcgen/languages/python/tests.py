"""View of the seeded test: every operation, called through every protocol."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from svcgen.frozen import frozen, replace
from svcgen.languages import TargetFacts
from svcgen.languages.python.calls import Call, File, ServiceCalls
from svcgen.languages.python.imports import import_block
from svcgen.languages.python.layout import Group, flat, lay_out, quote
from svcgen.languages.python.types import TypeWriter, expression, named
from svcgen.model.messages import Exchange
from svcgen.model.samples import NoSample, sample, sample_of
from svcgen.model.service import Api
from svcgen.model.types import Literal, NullableOf, TypeRef


@frozen
class TestView:
    name: str
    parametrize: str  # the decorator with the URLs of the protocols that carry the operation
    use: str  # the statement that calls the client
    checks: bool  # is there a result to look at?


@frozen
class TestsView:
    package: str
    imports: str
    client: str
    handlers: str  # instances, as arguments
    urls: str  # an assignment
    tests: tuple[TestView, ...]


def tests_view(
    api: Api, services: Sequence[ServiceCalls], targets: Sequence[TargetFacts], package: str
) -> TestsView:
    file = File(
        TypeWriter(ranged=False, origin=package),
        "import asyncio",
        "from collections.abc import AsyncIterator",
        "from collections.abc import Awaitable",
        "from collections.abc import Callable",
        "from typing import Any",
        "import pytest",
        f"from {package} import connect",
        f"from {package} import runtime",
        f"from {package} import serve",
        *(f"from {package}.handler import {s.handler}" for s in services),
    )
    several = len(services) != 1
    client = "Client" if several else services[0].client
    file.imports.add(f"from {package} import {client}")
    urls = tuple(quote(f"{t.schemes[0]}://127.0.0.1:0") for t in targets)
    carried = _carried(targets, urls)
    tests = tuple(
        replace(test, parametrize=_parametrize(carried(c), urls))
        for s in services
        for c in s.methods
        if carried(c)
        for test in _test(c, s, api, file, several)
    )
    return TestsView(
        package,
        import_block(file.imports, package),
        client,
        ", ".join(f"{s.handler}()" for s in services),
        lay_out(Group("URLS = [", urls, "]")),
        tests,
    )


def _carried(
    targets: Sequence[TargetFacts], urls: Sequence[str]
) -> Callable[[Call], tuple[str, ...]]:
    """What gives the URLs of the protocols that carry an operation."""
    keys = [
        {_key(bound.exchange) for bound in target.bound.operations if bound.is_callable}
        for target in targets
    ]

    def carried(call: Call) -> tuple[str, ...]:
        key = _key(call.exchange)
        return tuple(url for url, known in zip(urls, keys, strict=True) if key in known)

    return carried


def _key(exchange: Exchange) -> tuple[str, str]:
    return exchange.service.name.wire, exchange.operation.name.wire


def _parametrize(carried: Sequence[str], all_of_them: Sequence[str]) -> str:
    """The decorator that runs a test for every URL."""
    head = "@pytest.mark.parametrize("
    listed = Group("[", tuple(carried), "]")
    return lay_out(Group(head, ('"url"', "URLS" if carried == all_of_them else listed), ")"))


def _test(
    call: Call, service: ServiceCalls, api: Api, file: File, several: bool
) -> Iterator[TestView]:
    """One test, or none where no request can be made up or credentials are needed."""
    auth = call.exchange.operation.auth or service.service.auth
    if auth is not None and auth.schemes:
        return
    try:
        arguments = tuple(_arguments(call, api, file))
    except NoSample:
        return
    owner = f"client.{service.attribute}" if several else "client"
    request = Group(f"{owner}.{call.attribute}(", arguments, ")")
    if call.gives_stream:
        request = Group("listed(", (request,), ")")
    checks = call.result is not None and not isinstance(call.result, NullableOf)
    head = "result = " if checks else ""
    use = Group("called(", ("url", replace(request, head=f"lambda client: {request.head}")), ")")
    name = f"test_{service.attribute}_{call.attribute}" if several else f"test_{call.attribute}"
    yield TestView(name, "", lay_out(Group(f"{head}{use.head}", use.items, use.tail), 4), checks)


def _arguments(call: Call, api: Api, file: File) -> Iterator[str | Group]:
    given = call.exchange.operation.input
    if given is not None:
        value = _expression(given.type, sample_of(given.type, api), api, file)
        yield Group("stream(", (value, value), ")") if given.stream else value
        return
    for name, field in zip(call.parameters, call.exchange.operation.params, strict=True):
        if field.required and field.default is None:
            yield named(name, _expression(field.type, sample(field, api), api, file), "=")


def _expression(ref: TypeRef, value: Literal, api: Api, file: File) -> str | Group:
    found = expression(value, ref, api, prefix="models.")
    text = flat(found)
    file.imports |= {line for mark, line in _imports(file.writer.origin).items() if mark in text}
    return found


def _imports(package: str) -> dict[str, str]:
    """What an expression needs, by a mark that shows it."""
    return {
        "models.": f"from {package}._gen import models",
        "dt.": "import datetime as dt",
        "Decimal(": "from decimal import Decimal",
        "UUID(": "from uuid import UUID",
        "duration(": f"from {package}._gen.support.types import duration",
    }
