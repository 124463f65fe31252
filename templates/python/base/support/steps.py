"""Coroutines by their steps: the first may be all, then nothing need be set up around it."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any, Protocol


class Steps(Protocol):
    """What ``__await__`` gives, or a coroutine."""

    def send(self, value: Any, /) -> Any: ...

    def throw(self, error: Any, /) -> Any: ...


class Others(Generator[Any, Any, Any]):
    """``await`` it for what is left of steps; ``awaited`` is what the first waits for."""

    __slots__ = ("_awaited", "_steps")

    def __init__(self, steps: Steps, awaited: Any) -> None:
        self._steps = steps
        self._awaited = [awaited]

    def __await__(self) -> Generator[Any, Any, Any]:
        return self

    def send(self, value: Any) -> Any:
        return self._awaited.pop() if self._awaited else self._steps.send(value)

    def throw(self, error: Any, value: Any = None, trace: Any = None) -> Any:
        return self._steps.throw(error)
