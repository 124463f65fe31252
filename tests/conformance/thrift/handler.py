"""Apache's cross-test handler: echoes, a few answers of its own, and errors on demand."""

from __future__ import annotations

import asyncio
from typing import Any

from thrift_test import (
    Insanity,
    Numberz,
    SecondService,
    ThriftTest,
    Xception,
    Xception2,
    Xtruct,
)


async def _echo(self: Any, thing: Any) -> Any:
    return thing


class ThriftTestHandler(ThriftTest):
    async def test_void(self) -> None:
        return None

    test_string = test_bool = test_byte = test_i32 = test_i64 = test_double = test_binary = _echo
    test_struct = test_nest = test_map = test_string_map = test_set = test_list = _echo
    test_enum = test_typedef = _echo

    async def test_map_map(self, hello: int) -> dict[int, dict[int, int]]:
        return {sign * 4: {sign * n: sign * n for n in range(1, 5)} for sign in (-1, 1)}

    async def test_insanity(self, argument: Insanity) -> dict[int, dict[Numberz, Insanity]]:
        return {1: {Numberz.TWO: argument, Numberz.THREE: argument}, 2: {Numberz.SIX: Insanity()}}

    async def test_multi(
        self, arg0: int, arg1: int, arg2: int, arg3: Any, arg4: Numberz, arg5: int
    ) -> Xtruct:
        return Xtruct(string_thing="Hello2", byte_thing=arg0, i32_thing=arg1, i64_thing=arg2)

    async def test_exception(self, arg: str) -> None:
        if arg == "Xception":
            raise Xception(error_code=1001, message_=arg)
        if arg == "TException":
            raise RuntimeError("This is a TException")

    async def test_multi_exception(self, arg0: str, arg1: str) -> Xtruct:
        if arg0 == "Xception":
            raise Xception(error_code=1001, message_="This is an Xception")
        if arg0 == "Xception2":
            text = "This is an Xception2"
            raise Xception2(error_code=2002, struct_thing=Xtruct(string_thing=text))
        return Xtruct(string_thing=arg1)

    async def test_oneway(self, seconds_to_sleep: int) -> None:
        await asyncio.sleep(seconds_to_sleep / 3)


class SecondServiceHandler(SecondService):
    async def secondtest_string(self, thing: str) -> str:
        return f'testString("{thing}")'
