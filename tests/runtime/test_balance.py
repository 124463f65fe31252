"""Retries with a budget, circuit breakers, several addresses."""

import asyncio
from collections.abc import Callable
from contextlib import AsyncExitStack
from typing import Any

import pytest
from kernel.sample import ACT, COUNT, ECHO, LOOK, TICKED, TooBigError
from kernel.serving import Serving, client_of, each, gathered, serving
from kernel.support.balance import BalancedChannel, Retries
from kernel.support.channel import CallOptions
from kernel.support.errors import Code, ServiceError
from kernel.support.settings import BreakerPolicy, ClientSettings, RetryPolicy

Run = Callable[[Any], Any]

QUICK = RetryPolicy(first_delay=0.001, max_delay=0.002)
PATIENT = BreakerPolicy(failures=1000)


def unavailable() -> ServiceError:
    return ServiceError(Code.UNAVAILABLE)


def calls(serving: Serving) -> int:
    return len([each for each in serving.handler.seen if each is None])


@pytest.mark.parametrize(
    ("operation", "failures", "attempts"),
    [
        (LOOK, [unavailable()], 2),
        (LOOK, [unavailable(), unavailable()], 3),
        (LOOK, [ServiceError(Code.ABORTED, retryable=True)], 2),
        (LOOK, [ServiceError(Code.ABORTED)], 1),
        (LOOK, [TooBigError(limit=1)], 1),
        (ACT, [unavailable()], 1),
    ],
)
def test_only_what_may_be_repeated_is(
    run: Run, operation: Any, failures: list[Exception], attempts: int
) -> None:
    async def check() -> None:
        async with serving(client=ClientSettings(retry=QUICK)) as s:
            s.handler.outcomes = [*failures]
            try:
                answer = await s.client.one(operation)
            except ServiceError:
                answer = None
            assert calls(s) == attempts
            assert (answer == "done") == (attempts > len(failures))

    run(check())


def test_a_call_is_tried_a_bounded_number_of_times(run: Run) -> None:
    async def check() -> None:
        async with serving(client=ClientSettings(retry=QUICK)) as s:
            s.handler.outcomes = [unavailable() for _ in range(9)]
            with pytest.raises(ServiceError):
                await s.client.one(LOOK)
            assert calls(s) == QUICK.attempts

    run(check())


def test_the_budget_ends_retries_of_a_server_in_trouble(run: Run) -> None:
    async def check() -> None:
        settings = ClientSettings(retry=QUICK, breaker=PATIENT)
        async with serving(client=settings) as s:
            s.handler.outcomes = [unavailable() for _ in range(2000)]
            for _ in range(400):
                with pytest.raises(ServiceError):
                    await s.client.one(LOOK)
            assert 400 + 130 <= calls(s) <= 400 + 141  # 100 saved, and 0.1 a call

    run(check())


def test_the_calls_that_an_address_leaves_are_all_tried_again(run: Run) -> None:
    async def check() -> None:
        async with serving(client=ClientSettings(retry=QUICK, breaker=PATIENT)) as s:
            s.handler.outcomes = [unavailable() for _ in range(64)]
            answers = await asyncio.gather(*(s.client.one(LOOK) for _ in range(64)))
            assert ["done"] * 64 == answers

    run(check())


class Broken:
    """A channel to an address where nobody is."""

    async def unary(self, *_: Any) -> Any:
        raise unavailable()


class Sound:
    async def unary(self, *_: Any) -> Any:
        return "done"


def test_another_attempt_goes_to_another_address(run: Run) -> None:
    """Also if other calls, in between, have moved on whose turn it is."""

    async def check() -> None:
        policy = RetryPolicy(attempts=2, first_delay=0.001, budget=1.0)
        settings = ClientSettings(retry=policy, breaker=PATIENT)
        both: Any = [Broken(), Sound()]
        channel = BalancedChannel(both, settings)
        calls = [channel.unary(LOOK, None, CallOptions()) for _ in range(50)]
        assert ["done"] * 50 == await asyncio.gather(*calls)

    run(check())


def test_a_budget_of_nothing_turns_retries_off(run: Run) -> None:
    async def check() -> None:
        async with serving(client=ClientSettings(retry=RetryPolicy(budget=0.0))) as s:
            s.handler.outcomes = [unavailable()]
            with pytest.raises(ServiceError):
                await s.client.one(LOOK)
            assert calls(s) == 1

    run(check())


def test_delays_grow_have_full_jitter_and_a_ceiling() -> None:
    retries = Retries(RetryPolicy(attempts=100, first_delay=1.0, max_delay=4.0, budget=1.0))
    for attempt, ceiling in ((1, 1.0), (2, 2.0), (3, 4.0), (9, 4.0)):
        delays = []
        for _ in range(200):
            retries.save()
            delays.append(retries.delay(LOOK, unavailable(), attempt) or 0.0)
        assert 0.0 <= min(delays) < 0.2 * ceiling
        assert 0.8 * ceiling < max(delays) <= ceiling


def test_a_retry_that_would_come_after_the_deadline_is_not_made(run: Run) -> None:
    async def check() -> None:
        slow = RetryPolicy(first_delay=600.0, max_delay=600.0)
        async with serving(client=ClientSettings(retry=slow)) as s:
            s.handler.outcomes = [unavailable()]
            with pytest.raises(ServiceError) as caught:
                await s.client.one(LOOK, None, CallOptions(timeout=0.2))
            assert caught.value.code is Code.UNAVAILABLE

    run(check())


def test_a_server_stream_is_tried_again_only_before_its_first_response(run: Run) -> None:
    async def check() -> None:
        async with serving(client=ClientSettings(retry=QUICK)) as s:
            s.handler.outcomes = [unavailable(), 8, unavailable()]
            assert [n async for n in s.client.many(COUNT, 0)] == [8]
            received, error = await gathered(s.client.many(COUNT, 2))
            assert received == [0, 1]
            assert error is not None

    run(check())


def test_calls_go_round_the_addresses(run: Run) -> None:
    async def check() -> None:
        async with serving() as a, serving() as b, AsyncExitStack() as stack:
            client = client_of([*a.server.urls, *b.server.urls])
            await stack.enter_async_context(client)
            for _ in range(6):
                await client.one(ACT)
            assert (calls(a), calls(b)) == (3, 3)

    run(check())


def test_an_address_without_a_server_is_passed_over_for_any_operation(run: Run) -> None:
    async def check() -> None:
        settings = ClientSettings(breaker=BreakerPolicy(failures=2), retry=QUICK)
        async with serving() as s, AsyncExitStack() as stack:
            client = client_of(["loopback://gone:999", *s.server.urls], settings)
            await stack.enter_async_context(client)
            assert [await client.one(ACT) for _ in range(20)] == ["done"] * 20
            assert [n async for n in client.many(COUNT, 2)] == [0, 1]
            # the breaker rests by now, so that a stream of requests is safe too
            assert [n async for n in client.many(ECHO, each([1]))] == [1]

    run(check())


def test_a_breaker_opens_probes_with_one_call_and_closes(run: Run) -> None:
    async def check() -> None:
        settings = ClientSettings(breaker=BreakerPolicy(failures=3, cooldown=0.05))
        async with serving(client=settings) as s:
            s.handler.outcomes = [*(unavailable() for _ in range(4))]
            for _ in range(3):
                with pytest.raises(ServiceError):
                    await s.client.one(ACT)
            assert calls(s) == 3
            with pytest.raises(ServiceError, match="circuit breaker"):
                await s.client.one(ACT)
            assert calls(s) == 3
            await asyncio.sleep(0.06)
            with pytest.raises(ServiceError):  # the probe fails: open again
                await s.client.one(ACT)
            with pytest.raises(ServiceError, match="circuit breaker"):
                await s.client.one(ACT)
            assert calls(s) == 4
            await asyncio.sleep(0.06)
            s.handler.outcomes = [0.02]
            probe = asyncio.create_task(s.client.one(ACT))
            await asyncio.sleep(0)
            with pytest.raises(ServiceError, match="circuit breaker"):
                await s.client.one(ACT)  # one probe at a time
            assert await probe == 0.02
            assert await s.client.one(ACT) == "done"

    run(check())


def test_a_cancelled_probe_lets_the_next_call_probe(run: Run) -> None:
    async def check() -> None:
        settings = ClientSettings(breaker=BreakerPolicy(failures=1, cooldown=0.01))
        async with serving(client=settings) as s:
            s.handler.outcomes = [unavailable(), 60.0]
            with pytest.raises(ServiceError):
                await s.client.one(ACT)
            await asyncio.sleep(0.02)
            probe = asyncio.create_task(s.client.one(ACT))
            await asyncio.sleep(0.01)
            probe.cancel()
            await asyncio.gather(probe, return_exceptions=True)
            assert await s.client.one(ACT) == "done"

    run(check())


def test_a_silent_stream_that_probes_does_not_close_the_address_for_ever(run: Run) -> None:
    async def check() -> None:
        settings = ClientSettings(breaker=BreakerPolicy(failures=1, cooldown=0.02))
        async with serving(client=settings) as s:
            s.handler.outcomes = [unavailable()]
            with pytest.raises(ServiceError):
                await s.client.one(ACT)
            await asyncio.sleep(0.03)
            events = s.client.many(TICKED)
            probe = asyncio.ensure_future(anext(aiter(events)))
            await asyncio.sleep(0.03)
            assert not probe.done()
            assert await s.client.one(ACT) == "done"
            probe.cancel()

    run(check())


def test_answers_that_are_errors_do_not_open_the_breaker(run: Run) -> None:
    async def check() -> None:
        async with serving(client=ClientSettings(breaker=BreakerPolicy(failures=1))) as s:
            s.handler.outcomes = [ServiceError(Code.NOT_FOUND) for _ in range(5)]
            for _ in range(5):
                with pytest.raises(ServiceError, match="not found"):
                    await s.client.one(ACT)

    run(check())
