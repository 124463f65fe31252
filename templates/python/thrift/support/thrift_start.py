"""Calls that start at once: one that ends without waiting needs no task of its own."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Coroutine
from typing import Any

Work = Coroutine[Any, Any, None]

if sys.version_info >= (3, 12):

    class Starter:
        """Starts coroutines as tasks that take their first step at once."""

        def __init__(self) -> None:
            self._loop = asyncio.get_running_loop()

        def start(self, work: Work) -> asyncio.Task[None] | None:
            """The task of what has not ended yet."""
            task = asyncio.Task(work, loop=self._loop, eager_start=True)
            return None if task.done() else task

        async def close(self) -> None:
            """Nothing is held."""

else:
    from asyncio import _enter_task, _leave_task
    from contextvars import Context, copy_context

    from .steps import Others

    class Starter:
        """Starts coroutines in a spare task that waits for one that has to wait.

        Python 3.11 knows no eager tasks. While a coroutine takes its first step, the
        spare is the current task; if that was not its last, the spare takes it over and
        another waits. So a coroutine has one task and one context from begin to end.
        Entering and leaving a task is what asyncio documents for tasks of one's own
        ("Extending", task lifetime support).
        """

        def __init__(self) -> None:
            self._loop = asyncio.get_running_loop()
            self._spare = _Spare(self._loop)

        def start(self, work: Work) -> asyncio.Task[None] | None:
            """The task of what has not ended yet."""
            spare = self._spare
            task = spare.task
            if not spare.waits:
                return self._loop.create_task(work)
            context = copy_context()
            try:
                _enter_task(self._loop, task)
            except RuntimeError:  # another task runs
                return self._loop.create_task(work)
            try:
                awaited = context.run(work.send, None)
            except (StopIteration, asyncio.CancelledError):
                if task.cancelling():  # by the work itself
                    self._spare = _Spare(self._loop)
                return None
            finally:
                _leave_task(self._loop, task)
            spare.take_over(work, awaited, context)
            self._spare = _Spare(self._loop)
            return task

        async def close(self) -> None:
            """End the task that waits."""
            self._spare.task.cancel()
            await asyncio.wait((self._spare.task,))

    class _Spare:
        """A task that waits until it is given work that has begun."""

        def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
            self.waits = False
            self._given: asyncio.Future[None] = loop.create_future()
            self._rest: tuple[_InContext, Any] | None = None
            self.task = loop.create_task(self._run())

        def take_over(self, work: Work, awaited: Any, context: Context) -> None:
            """``awaited`` is what the work waits for."""
            self.waits = False
            self._rest = _InContext(work, context), awaited
            if not self._given.done():
                self._given.set_result(None)

        async def _run(self) -> None:
            self.waits = True
            try:
                await self._given
            except asyncio.CancelledError:
                if self._rest is None:
                    raise
                await self._cancelled(*self._rest)
            else:
                assert self._rest is not None
                await Others(*self._rest)

        async def _cancelled(self, steps: _InContext, awaited: Any) -> None:
            """Cancelled before the task could go on with what it was given."""
            if awaited is not None:
                awaited.cancel()
            try:
                awaited = steps.throw(asyncio.CancelledError())
            except StopIteration:
                return
            await Others(steps, awaited)

    class _InContext:
        """The steps of a coroutine, in a context that is not the task's."""

        def __init__(self, work: Work, context: Context) -> None:
            self._work = work
            self._context = context

        def send(self, value: Any) -> Any:
            return self._context.run(self._work.send, value)

        def throw(self, error: BaseException) -> Any:
            return self._context.run(self._work.throw, error)
