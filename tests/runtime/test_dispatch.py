"""The server's side of a call: admission, validation, deadlines, errors, streams."""

import asyncio
import logging
from collections.abc import Callable
from contextlib import aclosing
from typing import Any

import pytest
from kernel.sample import (
    ABOUT,
    ACT,
    ADD,
    COUNT,
    ECHO,
    LOOK,
    PROMPT,
    SECRET,
    TICKED,
    TOTAL,
    Pair,
    TooBigError,
)
from kernel.serving import each, gathered, serving
from kernel.support.channel import CallOptions
from kernel.support.context import CURRENT, Context, current
from kernel.support.dispatch import Dispatcher
from kernel.support.errors import Code, ConfigurationError, ServiceError
from kernel.support.settings import ClientSettings, Credentials, Principal, ServerSettings

Run = Callable[[Any], Any]


async def failing(call: Any) -> ServiceError:
    with pytest.raises(ServiceError) as caught:
        await call
    return caught.value


def test_all_four_ways_carry_values(run: Run) -> None:
    async def check() -> None:
        async with serving() as s:
            assert await s.client.one(ADD, Pair(a=1, b=2)) == 3
            assert await s.client.one(TOTAL, each([1, 2, 3])) == 6
            assert [n async for n in s.client.many(COUNT, 3)] == [0, 1, 2]
            assert [n async for n in s.client.many(ECHO, each([1, 2]))] == [1, 2]

    run(check())


def test_a_limit_is_held_in_requests_and_in_streams_of_them(run: Run) -> None:
    async def check() -> None:
        async with serving() as s:
            for call in (
                s.client.one(ADD, Pair(a=-1, b=2)),
                s.client.one(TOTAL, each([1, -2])),
                anext(s.client.many(ECHO, each([-1]))),
            ):
                error = await failing(call)
                assert error.code is Code.INVALID_ARGUMENT
                assert [v.field for v in error.violations] == ["a"]

    run(check())


def test_a_declared_error_stays_what_it_is(run: Run) -> None:
    async def check() -> None:
        async with serving() as s:
            s.handler.outcomes = [TooBigError(limit=9)]
            error = await failing(s.client.one(ACT))
            assert isinstance(error, TooBigError)
            assert error.payload.limit == 9
            assert error.__cause__ is None

    run(check())


@pytest.mark.parametrize(
    ("raised", "code"),
    [
        (ZeroDivisionError("secret"), Code.INTERNAL),
        (TimeoutError("secret"), Code.INTERNAL),
        (asyncio.CancelledError("secret"), Code.INTERNAL),
        (NotImplementedError("secret"), Code.UNIMPLEMENTED),
    ],
)
def test_a_fault_is_told_without_its_text(
    run: Run, raised: BaseException, code: Code, caplog: pytest.LogCaptureFixture
) -> None:
    async def check() -> None:
        async with serving() as s:
            s.handler.outcomes = [raised]
            error = await failing(s.client.one(ACT))
            assert error.code is code
            assert "secret" not in str(error)
            assert s.server.dispatcher.in_flight == 0

    run(check())
    faults = [r.exc_info[1] for r in caplog.records if r.exc_info]
    assert faults == ([raised] if code is Code.INTERNAL else [])


def test_a_fault_inside_a_stream_follows_the_items_before_it(run: Run) -> None:
    async def check() -> None:
        async with serving() as s:
            s.handler.outcomes = [ZeroDivisionError()]
            received, error = await gathered(s.client.many(COUNT, 2))
            assert received == [0, 1]
            assert error is not None
            assert error.code is Code.INTERNAL
            assert s.handler.seen[-1] == "counted, count"
            assert s.server.dispatcher.in_flight == 0

    run(check())


def test_leaving_a_stream_ends_the_handlers_generator(run: Run) -> None:
    async def check() -> None:
        async with serving() as s:
            async with aclosing(s.client.many(COUNT, 1_000_000)) as numbers:
                assert await anext(numbers) == 0
                assert s.server.dispatcher.in_flight == 1
            assert s.handler.seen[-1] == "counted, count"
            assert s.server.dispatcher.in_flight == 0

    run(check())


def test_cancelling_a_call_cancels_the_handler(run: Run) -> None:
    async def check() -> None:
        async with serving() as s:
            s.handler.outcomes = [60.0]
            task = asyncio.create_task(s.client.one(ACT))
            await asyncio.sleep(0.01)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            assert s.handler.seen[-1] == "cancelled"
            assert s.server.dispatcher.in_flight == 0

    run(check())


@pytest.mark.parametrize("operation", [ACT, LOOK])
def test_the_callers_deadline_ends_the_handler(run: Run, operation: Any) -> None:
    async def check() -> None:
        async with serving() as s:
            s.handler.outcomes = [60.0]
            error = await failing(s.client.one(operation, None, CallOptions(timeout=0.02)))
            assert error.code is Code.DEADLINE_EXCEEDED
            assert s.handler.seen[-1] == "cancelled"

    run(check())


def test_the_definitions_deadline_holds_unless_the_call_says_another(run: Run) -> None:
    async def check() -> None:
        async with serving() as s:
            s.handler.outcomes = [60.0, 0.1]
            error = await failing(s.client.one(PROMPT))
            assert error.code is Code.DEADLINE_EXCEEDED
            assert await s.client.one(PROMPT, None, CallOptions(timeout=5)) == 0.1

    run(check())


def test_a_server_has_a_deadline_of_its_own_for_callers_without_one(run: Run) -> None:
    async def check() -> None:
        patient = ClientSettings(timeout=None)
        async with serving(ServerSettings(default_deadline=0.02), patient) as s:
            s.handler.outcomes = [60.0]
            error = await failing(s.client.one(ACT))
            assert error.code is Code.DEADLINE_EXCEEDED

    run(check())


def test_a_stream_ends_at_its_deadline(run: Run) -> None:
    async def check() -> None:
        async with serving() as s:
            s.handler.outcomes = [60.0]
            responses = s.client.many(COUNT, 2, CallOptions(timeout=0.05))
            received, error = await gathered(responses)
            assert received == [0, 1]
            assert error is not None
            assert error.code is Code.DEADLINE_EXCEEDED

    run(check())


def test_calls_beyond_the_limit_are_refused_and_the_rest_is_served(run: Run) -> None:
    async def check() -> None:
        async with serving(ServerSettings(max_in_flight=2)) as s:
            s.handler.outcomes = [0.05, 0.05]
            answers = await asyncio.gather(
                *(s.client.one(ACT) for _ in range(4)), return_exceptions=True
            )
            refused = [a for a in answers if isinstance(a, ServiceError)]
            assert [a.code for a in refused] == [Code.RESOURCE_EXHAUSTED] * 2
            assert answers.count(0.05) == 2
            assert await s.client.one(ACT) == "done"

    run(check())


def test_a_call_is_not_visible_to_the_task_that_makes_it(run: Run) -> None:
    async def check() -> None:
        async with serving() as s:
            async for _ in s.client.many(COUNT, 2):
                assert CURRENT.get() is None
            with pytest.raises(LookupError):
                current()

    run(check())


def test_interleaved_streams_know_their_own_call(run: Run) -> None:
    async def check() -> None:
        async with serving() as s:
            stream = s.server.dispatcher.stream(COUNT)
            contexts = [Context(COUNT, "test") for _ in range(2)]
            streams = [stream(2, context) for context in contexts]
            for _ in range(2):
                for each_stream in streams:
                    await anext(each_stream)
                    assert CURRENT.get() is None
            for each_stream in streams:
                await each_stream.aclose()

    run(check())


def test_events_reach_every_subscriber_until_the_server_stops(run: Run) -> None:
    async def check() -> None:
        async with serving() as s:
            first, second = s.client.many(TICKED), s.client.many(TICKED)
            waiting = [asyncio.create_task(anext(each)) for each in (first, second)]
            await asyncio.sleep(0.02)
            s.handler.publish_ticked(7)
            assert await asyncio.gather(*waiting) == [7, 7]
            await s.server.stop(5.0)
            assert [n async for n in first] == [n async for n in second] == []

    run(check())


async def authenticate(credentials: Credentials) -> Principal | None:
    known = {"reader": {"read"}, "writer": {"write"}}
    if credentials.secret not in known:
        return None
    return Principal(credentials.secret, frozenset(known[credentials.secret]))


@pytest.mark.parametrize(
    ("bearer", "api_key", "outcome"),
    [
        (None, None, Code.UNAUTHENTICATED),
        ("stranger", None, Code.UNAUTHENTICATED),
        ("writer", None, Code.PERMISSION_DENIED),
        ("reader", None, "reader"),
        (None, "reader", "reader"),
        ("stranger", "reader", "reader"),
    ],
)
def test_credentials_decide(
    run: Run, bearer: str | None, api_key: str | None, outcome: Any
) -> None:
    def hook(secret: str | None) -> Any:
        async def give() -> str | None:
            return secret

        return None if secret is None else give

    async def check() -> None:
        client = ClientSettings(bearer=hook(bearer), api_key=hook(api_key))
        async with serving(ServerSettings(authenticate=authenticate), client) as s:
            if isinstance(outcome, Code):
                assert (await failing(s.client.one(SECRET))).code is outcome
            else:
                assert (await s.client.one(SECRET))["caller"] == outcome
            assert (await s.client.one(ABOUT))["caller"] == ""

    run(check())


def test_without_a_hook_what_needs_credentials_is_closed(run: Run) -> None:
    async def check() -> None:
        async with serving() as s:
            assert (await failing(s.client.one(SECRET))).code is Code.UNAUTHENTICATED

    run(check())


def test_readiness_follows_the_hook_and_draining(run: Run) -> None:
    async def check() -> None:
        async def no() -> bool:
            raise ConnectionError("the database is away")

        async with serving(ServerSettings(ready=no)) as s:
            assert await s.server.dispatcher.is_ready() is False
        async with serving() as s:
            assert await s.server.dispatcher.is_ready() is True
            await s.server.stop()
            assert await s.server.dispatcher.is_ready() is False

    logging.getLogger("kernel").setLevel(logging.CRITICAL)
    try:
        run(check())
    finally:
        logging.getLogger("kernel").setLevel(logging.NOTSET)


def test_a_service_without_a_handler_is_named_before_the_first_call() -> None:
    dispatcher = Dispatcher({}, ServerSettings())
    for bind, operation in ((dispatcher.call, ACT), (dispatcher.stream, COUNT)):
        with pytest.raises(ConfigurationError, match="no handler implements the service Sample"):
            bind(operation)
