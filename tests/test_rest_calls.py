"""The generated client and server over HTTP: every mode, every error, everything that travels along."""

from __future__ import annotations

import asyncio
import datetime as dt
import math
from collections.abc import AsyncIterator
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from tests import projects

LIMIT = 20.0  # seconds

sink = projects.package("kitchen-sink")
runtime = sink.runtime


async def each(*values: Any) -> AsyncIterator[Any]:
    for value in values:
        yield value


@pytest.fixture
async def client() -> AsyncIterator[Any]:
    async with (
        asyncio.timeout(LIMIT),
        projects.serving("kitchen-sink", "http") as url,
        sink.connect(url) as connected,
    ):
        yield connected.kitchen_sink


def scalars(**changed: Any) -> Any:
    values: dict[str, Any] = {
        "a_bool": True,
        "an_int8": -128,
        "an_int16": 32767,
        "an_int32": -(2**31),
        "an_int64": 2**63 - 1,
        "a_uint8": 255,
        "a_uint16": 65535,
        "a_uint32": 2**32 - 1,
        "a_uint64": 2**64 - 1,
        "a_float32": 0.5,
        "a_float64": 1e-300,
        "a_decimal": Decimal("123456789012345678901234567890.10"),
        "a_string": 'é\u2028"\\\x00',
        "some_bytes": bytes(range(256)),
        "a_timestamp": dt.datetime(2024, 2, 29, 23, 59, 59, 999999, dt.UTC),
        "a_date": dt.date(1, 1, 1),
        "a_time": dt.time(23, 59, 59, 1),
        "a_duration": dt.timedelta(days=-1, microseconds=1),
        "a_uuid": UUID(int=2**128 - 1),
        "anything": {"a": [1, 2.5, None, "x", {"b": True}]},
    }
    return sink.Scalars(**{**values, **changed})


async def test_every_scalar_comes_back_as_it_went(client: Any) -> None:
    assert await client.echo_scalars(scalars()) == scalars()


async def test_special_numbers_are_never_null(client: Any) -> None:
    sent = scalars(a_float32=math.inf, a_float64=math.nan, anything=[-math.inf])
    echoed = await client.echo_scalars(sent)

    assert echoed.a_float32 == math.inf
    assert math.isnan(echoed.a_float64)
    assert echoed.anything == ["-Infinity"]


async def test_containers_come_back_as_they_went(client: Any) -> None:
    sent = sink.Containers(
        strings=["a", ""],
        numbers={1, -(2**63)},
        matrix=[[1.0, math.inf], []],
        holes=[None, 1],
        by_name={"": scalars()},
        by_number={-1: "a", 2**63 - 1: "b"},
        by_flag={True: "t", False: "f"},
        by_color={sink.Color.RED: 1, sink.Color("MAUVE"): 2},
        by_day={dt.date(2024, 2, 29): ["x"]},
        shapes=[
            sink.ShapeCircle(value=sink.Circle(radius=1.5)),
            sink.ShapePoints(value=[1.0, -math.inf]),
        ],
    )

    assert await client.echo_containers(sent) == sent


@pytest.mark.parametrize("nothing", [None, "left out"])
async def test_null_and_absence_stay_apart(client: Any, nothing: str | None) -> None:
    given = {"both": None} if nothing is None else {}
    sent = sink.Presence(
        required=1, nullable=None, nullable_list=None, nullable_struct=None, **given
    )

    assert await client.echo_presence(sent) == sent


async def test_hostile_names_travel(client: Any) -> None:
    sent = sink.Hostile(
        **dict.fromkeys(("class_", "import_", "from_", "lambda_", "kind", "x"), "x")
    )

    assert await client.echo_hostile(sent) == sent


async def test_parts_of_a_request_travel_in_every_place(client: Any) -> None:
    tree = sink.Tree(value="é", children=[])

    placed = await client.place(id=7, verbose=True, request_id="a, b", tree=tree)

    assert placed == "7 True a, b é"


@pytest.mark.parametrize("text", ["", " ", "a/b", "..", "ü?&=#%+", "日本語"])
async def test_texts_survive_the_query(client: Any, text: str) -> None:
    moment = dt.datetime(2024, 1, 1, 12, tzinfo=dt.timezone(dt.timedelta(hours=2)))
    colors = [sink.Color.RED, sink.Color("A&B")]
    found = await client.search(text, 10, colors, moment, 0.5)

    assert found == [text, "RED", "A&B", moment.isoformat(), "0.5"]


async def test_streams_flow_in_all_modes(client: Any) -> None:
    shapes = [sink.ShapeLabel(value="a"), sink.ShapeCircle(value=sink.Circle(radius=1))]

    assert [n async for n in client.count(3)] == [1, 2, 3]
    assert await client.add_up(each(*range(2000))) == sum(range(2000))
    assert [s async for s in client.shapes(each(*shapes))] == shapes
    assert [s async for s in client.shapes(each())] == []


async def test_both_sides_of_a_conversation_take_turns(client: Any) -> None:
    turns: asyncio.Queue[Any] = asyncio.Queue()

    async def said() -> AsyncIterator[Any]:
        while (tree := await turns.get()) is not None:
            yield tree

    heard = client.trees(said())
    for number in range(50):
        await turns.put(sink.Tree(value=str(number), children=[]))
        assert (await anext(heard)).value == str(number)
    await turns.put(None)
    with pytest.raises(StopAsyncIteration):
        await anext(heard)


async def test_a_declared_error_arrives_as_its_own_class(client: Any) -> None:
    with pytest.raises(sink.Teapot) as caught:
        await client.fail("teapot")

    assert caught.value.message_ == "short"
    assert caught.value.code_ == 418
    assert caught.value.volume == 0.5
    assert caught.value.code is runtime.Code.FAILED_PRECONDITION
    assert caught.value.retryable
    with pytest.raises(sink.SharedProblem) as other:
        await client.fail("shared")
    assert other.value.shared.id == UUID("12345678-1234-5678-1234-567812345678")


async def test_a_fault_of_the_handler_stays_secret(client: Any) -> None:
    with pytest.raises(runtime.ServiceError) as caught:
        await client.fail("fault")

    assert caught.value.code is runtime.Code.INTERNAL
    assert "secret" not in str(caught.value)


async def test_broken_limits_name_their_fields(client: Any) -> None:
    with pytest.raises(runtime.ServiceError) as caught:
        await client.search("x", limit=1000)

    assert caught.value.code is runtime.Code.INVALID_ARGUMENT
    assert [v.field for v in caught.value.violations] == ["limit"]


async def test_an_error_inside_of_a_stream_ends_both_ways(client: Any) -> None:
    async def broken() -> AsyncIterator[Any]:
        yield sink.Tree(value="a", children=[])
        raise LookupError("mine")

    heard = client.trees(broken())
    with pytest.raises(LookupError, match="mine"):
        [tree async for tree in heard]


async def test_a_passed_deadline_is_told_by_either_side(client: Any) -> None:
    options = runtime.CallOptions(timeout=0.2)
    with pytest.raises(runtime.ServiceError) as caught:
        [n async for n in client.count(5, dt.timedelta(seconds=5), options=options)]

    assert caught.value.code is runtime.Code.DEADLINE_EXCEEDED


async def test_an_address_where_nobody_listens_is_unavailable() -> None:
    once = runtime.ClientSettings(retry=runtime.RetryPolicy(attempts=1))
    async with sink.connect("http://127.0.0.1:9", settings=once) as client:
        for call in (client.kitchen_sink.ping(), client.kitchen_sink.add_up(each(1))):
            with pytest.raises(runtime.ServiceError) as caught:
                await call
            assert caught.value.code is runtime.Code.UNAVAILABLE


async def test_metadata_and_credentials_travel() -> None:
    seen: list[Any] = []

    async def authenticate(credentials: Any) -> Any:
        seen.append(credentials)
        return runtime.Principal("ada", frozenset({"admin"}))

    async def token() -> str:
        return "secret"

    handlers = projects.handlers("kitchen-sink")
    kitchen = next(h for h in handlers if isinstance(h, sink.KitchenSink))

    async def ping() -> str:
        context = runtime.current()
        context.add_header("x-server", "fine")
        context.add_header("x-blob-bin", b"\x00\xff")
        context.add_trailer("x-after", "done")
        return f"{context.metadata.get('x-sent')} {context.metadata.get_all('x-raw-bin')}"

    kitchen.ping = ping  # type: ignore[method-assign]
    server = sink.serve(
        *handlers,
        urls=["http://127.0.0.1:0"],
        settings=runtime.ServerSettings(authenticate=authenticate),
    )
    settings = runtime.ClientSettings(bearer=token)
    async with server, sink.connect(*map(str, server.urls), settings=settings) as client:
        options = runtime.CallOptions(metadata=[("x-sent", "a"), ("x-raw-bin", b"\x01\x02")])
        assert await client.kitchen_sink.ping(options=options) == "a [b'\\x01\\x02']"
        assert options.headers.get("x-server") == "fine"
        assert options.headers.get_all("x-blob-bin") == [b"\x00\xff"]
        assert options.trailers.get("x-after") == "done"
        assert await client.kitchen_sink.secret() == "hello ada"
    assert seen == [runtime.Credentials("bearer", "secret")]


async def test_a_caller_without_credentials_is_refused(client: Any) -> None:
    with pytest.raises(runtime.ServiceError) as caught:
        await client.secret()

    assert caught.value.code is runtime.Code.UNAUTHENTICATED


async def test_events_reach_their_subscribers(client: Any) -> None:
    events = client.subscribe_happened()
    first = asyncio.ensure_future(anext(events))
    tree = sink.Tree(value="news", children=[])
    while not first.done():
        await client.echo_tree(tree)
        await asyncio.sleep(0.02)

    assert await first == tree
    await events.aclose()


async def endless(value: Any, closed: list[bool]) -> AsyncIterator[Any]:
    try:
        while True:
            yield value
            await asyncio.sleep(0)
    finally:
        closed.append(True)


async def test_an_answer_before_the_end_of_a_stream_ends_it(client: Any) -> None:
    """The server refuses the second item; the client stops sending and hears why."""
    closed: list[bool] = []
    with pytest.raises(runtime.ServiceError) as caught:
        await client.add_up(endless(2**70, closed))

    assert caught.value.code is runtime.Code.INVALID_ARGUMENT
    await settled(lambda: closed)


@pytest.mark.parametrize("method", ["ping", "add_up"])
async def test_a_cancelled_call_is_cancelled_at_the_server(method: str) -> None:
    handlers = projects.handlers("kitchen-sink")
    kitchen: Any = next(h for h in handlers if isinstance(h, sink.KitchenSink))
    events: list[str] = []

    async def forever(*_: Any) -> Any:
        events.append("begun")
        try:
            await asyncio.sleep(LIMIT)
        except asyncio.CancelledError:
            events.append("cancelled")
            raise

    setattr(kitchen, method, forever)
    server = sink.serve(*handlers, urls=["http://127.0.0.1:0"])
    async with asyncio.timeout(LIMIT), server, sink.connect(*server.urls) as client:
        arguments = [each(1)] if method == "add_up" else []
        call = asyncio.ensure_future(getattr(client.kitchen_sink, method)(*arguments))
        await settled(lambda: events == ["begun"])
        call.cancel()
        await settled(lambda: events == ["begun", "cancelled"])


async def settled(fact: Any) -> None:
    async with asyncio.timeout(LIMIT / 2):
        while not fact():
            await asyncio.sleep(0.01)
