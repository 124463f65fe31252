"""The event hub: who receives what, and what happens to the slow."""

import asyncio
import gc
from collections.abc import Callable
from typing import Any

import pytest
from kernel.support.errors import Code, ServiceError
from kernel.support.events import EventHub

Run = Callable[[Any], Any]


def test_broadcast_reaches_all_who_have_subscribed_by_then(run: Run) -> None:
    async def check() -> None:
        hub = EventHub()
        hub.broadcast("e", 0)
        first = hub.subscribe("e")
        hub.broadcast("e", 1)
        second = hub.subscribe("e")
        other = hub.subscribe("f")
        hub.broadcast("e", 2)
        hub.close()
        assert [n async for n in first] == [1, 2]
        assert [n async for n in second] == [2]
        assert [n async for n in other] == []

    run(check())


def test_work_reaches_one_each_and_waits_for_somebody(run: Run) -> None:
    async def check() -> None:
        hub = EventHub()
        hub.share("e", 1)
        received: list[int] = []

        async def work() -> None:
            async for item in hub.subscribe("e"):
                received.append(item)
                await asyncio.sleep(0)

        workers = [asyncio.create_task(work()) for _ in range(3)]
        for item in range(2, 50):
            hub.share("e", item)
            await asyncio.sleep(0)
        await asyncio.sleep(0.02)
        hub.close()
        await asyncio.gather(*workers)
        assert sorted(received) == list(range(1, 50))

    run(check())


def test_a_slow_subscriber_gets_what_waits_and_is_told_that_it_lost_its_place(run: Run) -> None:
    async def check() -> None:
        hub = EventHub(capacity=2)
        slow, quick = hub.subscribe("e"), hub.subscribe("e")
        for item in range(4):
            hub.broadcast("e", item)
            assert await anext(quick) == item
        assert [await anext(slow), await anext(slow)] == [0, 1]
        with pytest.raises(ServiceError) as caught:
            await anext(slow)
        assert caught.value.code is Code.RESOURCE_EXHAUSTED
        with pytest.raises(StopAsyncIteration):
            await anext(slow)

    run(check())


def test_work_that_nobody_takes_is_refused_at_the_limit(run: Run) -> None:
    async def check() -> None:
        hub = EventHub(capacity=2)
        hub.share("e", 1)
        hub.share("e", 2)
        with pytest.raises(ServiceError) as caught:
            hub.share("e", 3)
        assert caught.value.code is Code.RESOURCE_EXHAUSTED
        worker = hub.subscribe("e")
        assert [await anext(worker), await anext(worker)] == [1, 2]

    run(check())


def test_a_cancelled_wait_loses_nothing(run: Run) -> None:
    async def check() -> None:
        hub = EventHub()
        subscription = hub.subscribe("e")
        waiting = asyncio.ensure_future(anext(subscription))
        await asyncio.sleep(0)
        hub.broadcast("e", 1)
        waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)
        assert await anext(subscription) == 1

    run(check())


def test_nothing_is_kept_for_who_left_or_was_forgotten(run: Run) -> None:
    async def check() -> None:
        hub = EventHub()
        left = hub.subscribe("e")
        await left.aclose()
        forgotten = hub.subscribe("e")
        del forgotten
        gc.collect()
        hub.broadcast("e", 1)
        assert not hub._of("e")
        assert not left.waiting
        assert [n async for n in left] == []

    run(check())


def test_subscribing_to_a_closed_hub_ends_at_once(run: Run) -> None:
    async def check() -> None:
        hub = EventHub()
        hub.close()
        assert [n async for n in hub.subscribe("e")] == []

    run(check())
