"""The business logic of the calculator: what a user fills into the stubs."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator

from calculator import AddRequest, AddResponse, Calculator, DivisionByZero


class CalculatorHandler(Calculator):
    """Calculates."""

    async def add(self, request: AddRequest) -> AddResponse:
        response = AddResponse(result=request.a + request.b)
        self.publish_calculated(response)
        return response

    async def subtract(self, a: int, b: int) -> int:
        return a - b

    async def divide(self, a: float, b: float) -> float:
        if b == 0:
            raise DivisionByZero(f"cannot divide {a:g} by zero", dividend=a)
        return a / b

    async def sum(self, requests: AsyncIterator[int]) -> int:
        total = 0
        async for number in requests:
            total += number
        return total

    async def countdown(self, from_: int) -> AsyncIterator[int]:
        for number in range(from_, 0, -1):
            yield number

    async def running_total(self, requests: AsyncIterator[int]) -> AsyncIterator[int]:
        total = 0
        async for number in requests:
            total += number
            yield total

    async def log(self, line: str) -> None:
        logging.getLogger(__name__).info("%s", line)
