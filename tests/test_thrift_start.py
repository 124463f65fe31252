"""Calls that start at once: whatever they do, each has a task and a context of its own."""

from __future__ import annotations

import asyncio
import importlib
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from contextvars import ContextVar
from typing import Any

import pytest

from tests import projects

Starter = importlib.import_module(
    f"{projects.package('calculator').__name__}._gen.support.thrift_start"
).Starter
NAME: ContextVar[str] = ContextVar("NAME", default="nobody")


@asynccontextmanager
async def starting() -> AsyncIterator[Callable[[Any], Any]]:
    """``await start(work)`` starts it outside of all tasks; gives the task, ``None`` if it ended."""
    loop = asyncio.get_running_loop()
    before = asyncio.all_tasks()
    starter = Starter()
    await asyncio.sleep(0)

    async def start(work: Any) -> Any:
        started = loop.create_future()
        loop.call_soon(lambda: started.set_result(starter.start(work)))
        return await started

    async with asyncio.timeout(5.0):
        yield start
        await starter.close()
        await asyncio.sleep(0)
    assert asyncio.all_tasks() == before


async def test_work_that_never_waits_has_ended_when_it_has_started() -> None:
    """In a task and a context of its own all the same."""
    seen = []

    async def work(name: str) -> None:
        task = asyncio.current_task()
        assert task is not None
        seen.append((NAME.get(), task.get_loop() is asyncio.get_running_loop()))
        NAME.set(name)

    async with starting() as start:
        assert await start(work("first")) is None
        assert await start(work("second")) is None
        assert NAME.get() == "nobody"

    assert seen == [("nobody", True), ("nobody", True)]


@pytest.mark.parametrize("together", [1, 5])
async def test_work_that_waits_keeps_its_task_and_its_context(together: int) -> None:
    seen = []

    async def work(name: str) -> None:
        token = NAME.set(name)
        task = asyncio.current_task()
        await asyncio.sleep(0)
        seen.append((NAME.get(), asyncio.current_task() is task))
        await asyncio.sleep(0.01)
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.01):
                await asyncio.Event().wait()
        NAME.reset(token)
        seen.append((NAME.get(), asyncio.current_task() is task))

    async with starting() as start:
        tasks = await asyncio.gather(*(start(work(str(n))) for n in range(together)))
        await asyncio.gather(*tasks)

    names = [str(n) for n in range(together)]
    assert sorted(seen) == sorted([(n, True) for n in names] + [("nobody", True)] * together)


async def test_a_timeout_set_before_the_first_wait_holds() -> None:
    ended = []

    async def work() -> None:
        try:
            async with asyncio.timeout(0.01):
                await asyncio.Event().wait()
        except TimeoutError:
            ended.append("timeout")

    async with starting() as start:
        await (await start(work()))

    assert ended == ["timeout"]


@pytest.mark.parametrize("turns", [0, 1, 2, 3])
async def test_work_is_cancelled_whenever_that_comes(turns: int) -> None:
    """Even before its task has gone on with it; what it waits for is cancelled as well."""
    inner = asyncio.get_running_loop().create_future()
    seen = []

    async def work() -> None:
        try:
            await inner
        except asyncio.CancelledError:
            seen.append("cancelled")
            await asyncio.sleep(0)
            raise
        finally:
            seen.append("ended")

    async with starting() as start:
        task = await start(work())
        for _ in range(turns):
            await asyncio.sleep(0)
        task.cancel()
        await asyncio.wait((task,))
        assert task.cancelled()

    assert seen == ["cancelled", "ended"]
    assert inner.cancelled()


async def test_work_may_cancel_itself() -> None:
    seen = []

    async def ends() -> None:
        asyncio.current_task().cancel()  # type: ignore[union-attr]

    async def waits() -> None:
        asyncio.current_task().cancel()  # type: ignore[union-attr]
        try:
            await asyncio.sleep(1.0)
        except asyncio.CancelledError:
            seen.append("cancelled")
            raise

    async def after() -> None:
        seen.append("after")

    async with starting() as start:
        for work in (ends, after, waits, after):
            if (task := await start(work())) is not None:
                await asyncio.wait((task,))

    assert seen == ["after", "cancelled", "after"]


async def test_work_may_be_started_by_a_task() -> None:
    done = asyncio.Event()

    async def work() -> None:
        done.set()

    starter = Starter()
    await asyncio.sleep(0)
    task = starter.start(work())
    await asyncio.wait_for(done.wait(), 5.0)

    assert task is None or await task is None
    await starter.close()
