"""Calls the handler through every protocol. This file is yours: svcgen wrote it once.

A method that is not implemented yet skips its test.
"""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import AsyncIterator, Awaitable, Callable
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from kitchen_sink_v1 import Client, connect, runtime, serve
from kitchen_sink_v1._gen import models
from kitchen_sink_v1._gen.support.types import duration
from kitchen_sink_v1.handler import CommonHandler, KitchenSinkHandler, TypeHandler

URLS = [
    "graphql+http://127.0.0.1:0",
    "grpc://127.0.0.1:0",
    "jsonrpc+ws://127.0.0.1:0",
    "rest+http://127.0.0.1:0",
    "thrift://127.0.0.1:0",
]


async def stream(*items: Any) -> AsyncIterator[Any]:
    """The items as a stream of requests."""
    for item in items:
        yield item


async def listed(items: AsyncIterator[Any]) -> list[Any]:
    """A stream of responses as a list."""
    return [item async for item in items]


def called(url: str, use: Callable[[Client], Awaitable[Any]]) -> Any:
    """What ``use`` gets from a client of a server that serves the handler at ``url``.

    An error that the definition declares is an answer too.
    """

    async def run() -> Any:
        server = serve(KitchenSinkHandler(), TypeHandler(), CommonHandler(), urls=[url])
        async with server, connect(*server.urls) as client:
            return await asyncio.wait_for(use(client), 10)

    try:
        return asyncio.run(run())
    except runtime.ServiceError as error:
        if error.code is runtime.Code.UNIMPLEMENTED:
            pytest.skip(str(error))
        if error.error_name:
            return error
        raise


@pytest.mark.parametrize("url", URLS)
def test_kitchen_sink_echo_scalars(url: str) -> None:
    result = called(
        url,
        lambda client: client.kitchen_sink.echo_scalars(
            models.Scalars(
                a_bool=True,
                an_int8=1,
                an_int16=1,
                an_int32=1,
                an_int64=1,
                a_uint8=1,
                a_uint16=1,
                a_uint32=1,
                a_uint64=1,
                a_float32=1.0,
                a_float64=1.0,
                a_decimal=Decimal("1.5"),
                a_string="text",
                some_bytes=b"\x00\x01\x02",
                a_timestamp=dt.datetime.fromisoformat("2024-01-02T03:04:05Z"),
                a_date=dt.date.fromisoformat("2024-01-02"),
                a_time=dt.time.fromisoformat("03:04:05"),
                a_duration=duration("PT1S"),
                a_uuid=UUID("12345678-1234-5678-1234-567812345678"),
                anything="anything",
            ),
        ),
    )

    assert result is not None


@pytest.mark.parametrize("url", URLS)
def test_kitchen_sink_echo_containers(url: str) -> None:
    result = called(
        url,
        lambda client: client.kitchen_sink.echo_containers(
            models.Containers(
                strings=[],
                numbers=set(),
                matrix=[],
                holes=[],
                by_name={},
                by_number={},
                by_flag={},
                by_color={},
                by_day={},
                shapes=[],
            ),
        ),
    )

    assert result is not None


@pytest.mark.parametrize("url", URLS)
def test_kitchen_sink_echo_presence(url: str) -> None:
    result = called(
        url,
        lambda client: client.kitchen_sink.echo_presence(
            models.Presence(
                required=1,
                nullable=None,
                nullable_list=None,
                nullable_struct=None,
            ),
        ),
    )

    assert result is not None


@pytest.mark.parametrize("url", URLS)
def test_kitchen_sink_echo_limits(url: str) -> None:
    result = called(
        url,
        lambda client: client.kitchen_sink.echo_limits(
            models.Limits(
                between=5,
                open_between=0.5,
                short="abc",
                code="ABC-1",
                few=[1, 2],
                blob=b"\x00\x01\x02",
                labels={"a": "b"},
                percent=50.0,
            ),
        ),
    )

    assert result is not None


@pytest.mark.parametrize("url", URLS)
def test_kitchen_sink_echo_hostile(url: str) -> None:
    result = called(
        url,
        lambda client: client.kitchen_sink.echo_hostile(models.Hostile()),
    )

    assert result is not None


@pytest.mark.parametrize("url", URLS)
def test_kitchen_sink_echo_texts(url: str) -> None:
    result = called(url, lambda client: client.kitchen_sink.echo_texts(models.Texts()))

    assert result is not None


@pytest.mark.parametrize("url", URLS)
def test_kitchen_sink_echo_mixed(url: str) -> None:
    result = called(
        url,
        lambda client: client.kitchen_sink.echo_mixed(models.Mixed(own="text")),
    )

    assert result is not None


@pytest.mark.parametrize("url", URLS)
def test_kitchen_sink_echo_tree(url: str) -> None:
    result = called(
        url,
        lambda client: client.kitchen_sink.echo_tree(
            models.Tree(value="text", children=[]),
        ),
    )

    assert result is not None


@pytest.mark.parametrize("url", URLS)
def test_kitchen_sink_echo_shape(url: str) -> None:
    result = called(
        url,
        lambda client: client.kitchen_sink.echo_shape(
            models.ShapeCircle(value=models.Circle(radius=1.0)),
        ),
    )

    assert result is not None


@pytest.mark.parametrize("url", URLS)
def test_kitchen_sink_echo_color(url: str) -> None:
    result = called(
        url,
        lambda client: client.kitchen_sink.echo_color(
            color=models.Color.RED,
            switch=models.Switch.OFF,
        ),
    )

    assert result is not None


@pytest.mark.parametrize("url", URLS)
def test_kitchen_sink_echo_names(url: str) -> None:
    result = called(url, lambda client: client.kitchen_sink.echo_names([]))

    assert result is not None


@pytest.mark.parametrize("url", URLS)
def test_kitchen_sink_echo_any(url: str) -> None:
    result = called(url, lambda client: client.kitchen_sink.echo_any("anything"))

    assert result is not None


@pytest.mark.parametrize("url", URLS)
def test_kitchen_sink_echo_nullable(url: str) -> None:
    called(url, lambda client: client.kitchen_sink.echo_nullable(maybe=None))


@pytest.mark.parametrize("url", URLS)
def test_kitchen_sink_search(url: str) -> None:
    result = called(url, lambda client: client.kitchen_sink.search(text="text"))

    assert result is not None


@pytest.mark.parametrize("url", URLS)
def test_kitchen_sink_place(url: str) -> None:
    result = called(
        url,
        lambda client: client.kitchen_sink.place(
            id=1,
            tree=models.Tree(value="text", children=[]),
        ),
    )

    assert result is not None


@pytest.mark.parametrize("url", URLS)
def test_kitchen_sink_page(url: str) -> None:
    result = called(url, lambda client: client.kitchen_sink.page())

    assert result is not None


@pytest.mark.parametrize("url", URLS)
def test_kitchen_sink_nothing(url: str) -> None:
    called(url, lambda client: client.kitchen_sink.nothing())


@pytest.mark.parametrize("url", URLS)
def test_kitchen_sink_ping(url: str) -> None:
    result = called(url, lambda client: client.kitchen_sink.ping())

    assert result is not None


@pytest.mark.parametrize("url", URLS)
def test_kitchen_sink_fire(url: str) -> None:
    called(url, lambda client: client.kitchen_sink.fire(line="text"))


@pytest.mark.parametrize("url", URLS)
def test_kitchen_sink_fail(url: str) -> None:
    called(url, lambda client: client.kitchen_sink.fail(how="text"))


@pytest.mark.parametrize("url", URLS)
def test_kitchen_sink_old(url: str) -> None:
    result = called(url, lambda client: client.kitchen_sink.old())

    assert result is not None


@pytest.mark.parametrize(
    "url",
    [
        "graphql+http://127.0.0.1:0",
        "grpc://127.0.0.1:0",
        "jsonrpc+ws://127.0.0.1:0",
        "rest+http://127.0.0.1:0",
    ],
)
def test_kitchen_sink_count(url: str) -> None:
    result = called(url, lambda client: listed(client.kitchen_sink.count(to=1)))

    assert result is not None


@pytest.mark.parametrize(
    "url",
    ["grpc://127.0.0.1:0", "jsonrpc+ws://127.0.0.1:0", "rest+http://127.0.0.1:0"],
)
def test_kitchen_sink_add_up(url: str) -> None:
    result = called(url, lambda client: client.kitchen_sink.add_up(stream(1, 1)))

    assert result is not None


@pytest.mark.parametrize(
    "url",
    ["grpc://127.0.0.1:0", "jsonrpc+ws://127.0.0.1:0", "rest+http://127.0.0.1:0"],
)
def test_kitchen_sink_shapes(url: str) -> None:
    result = called(
        url,
        lambda client: listed(
            client.kitchen_sink.shapes(
                stream(
                    models.ShapeCircle(value=models.Circle(radius=1.0)),
                    models.ShapeCircle(value=models.Circle(radius=1.0)),
                ),
            ),
        ),
    )

    assert result is not None


@pytest.mark.parametrize(
    "url",
    ["grpc://127.0.0.1:0", "jsonrpc+ws://127.0.0.1:0", "rest+http://127.0.0.1:0"],
)
def test_kitchen_sink_trees(url: str) -> None:
    result = called(
        url,
        lambda client: listed(
            client.kitchen_sink.trees(
                stream(
                    models.Tree(value="text", children=[]),
                    models.Tree(value="text", children=[]),
                ),
            ),
        ),
    )

    assert result is not None


@pytest.mark.parametrize("url", URLS)
def test_kitchen_sink_list_(url: str) -> None:
    result = called(url, lambda client: client.kitchen_sink.list_())

    assert result is not None


@pytest.mark.parametrize("url", URLS)
def test_kitchen_sink_class_(url: str) -> None:
    result = called(
        url,
        lambda client: client.kitchen_sink.class_(
            self_="text",
            options_="text",
            request="text",
        ),
    )

    assert result is not None


@pytest.mark.parametrize("url", URLS)
def test_kitchen_sink_close_(url: str) -> None:
    result = called(url, lambda client: client.kitchen_sink.close_())

    assert result is not None


@pytest.mark.parametrize("url", URLS)
def test_kitchen_sink_init(url: str) -> None:
    result = called(url, lambda client: client.kitchen_sink.init(none=1))

    assert result is not None


@pytest.mark.parametrize("url", URLS)
def test_kitchen_sink_x(url: str) -> None:
    called(url, lambda client: client.kitchen_sink.x())


@pytest.mark.parametrize("url", URLS)
def test_kitchen_sink_shared(url: str) -> None:
    result = called(
        url,
        lambda client: client.kitchen_sink.shared(
            models.Shared(id=UUID("12345678-1234-5678-1234-567812345678")),
        ),
    )

    assert result is not None


@pytest.mark.parametrize("url", URLS)
def test_type_version(url: str) -> None:
    result = called(url, lambda client: client.type.version())

    assert result is not None


@pytest.mark.parametrize("url", URLS)
def test_type_import_(url: str) -> None:
    result = called(url, lambda client: client.type.import_(from_="text"))

    assert result is not None


@pytest.mark.parametrize("url", URLS)
def test_common_version(url: str) -> None:
    result = called(url, lambda client: client.common.version())

    assert result is not None
