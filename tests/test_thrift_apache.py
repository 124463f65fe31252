"""Apache's own cross tests: its clients against our server, our client against its servers."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests import thrift_suite as suite

pytestmark = [pytest.mark.slow, pytest.mark.network, pytest.mark.timeout(600)]

COMBINATIONS = [(p, t) for p in ("binary", "compact") for t in ("framed", "buffered")]
PYTHON_NAMES = {
    "binary": ("binary", "accel", "multi", "multia"),
    "compact": ("compact", "accelc", "multic", "multiac"),
}


@pytest.mark.parametrize(("protocol", "transport"), COMBINATIONS)
async def test_python_client(protocol: str, transport: str) -> None:
    """All 22 tests of TestClient.py: in Python and in C, with one service and multiplexed."""
    async with suite.serving() as endpoint:
        for name in PYTHON_NAMES[protocol]:
            said = await suite.python_client(endpoint.port, name, transport)

            assert re.search(r"^Ran 22 tests in .*\n\nOK$", said, re.MULTILINE), said


@pytest.mark.parametrize(("protocol", "transport"), COMBINATIONS)
@pytest.mark.parametrize("more", [(), ("--callback",), ("--type", "multiplex")], ids=" ".join)
async def test_node_client(protocol: str, transport: str, more: tuple[str, ...]) -> None:
    """Every assertion of client.js, with promises and with callbacks."""
    async with suite.serving() as endpoint:
        said = await suite.node_client(endpoint.port, protocol, transport, *more)

        passed = re.search(r"^# pass\s+(\d+)$", said, re.MULTILINE)
        assert passed is not None, said
        assert int(passed[1]) >= 37, said
        assert "not ok" not in said


async def exercise(url: str) -> None:
    """Every method of the cross tests through our client, with the values of Apache's client."""
    thrift_test = suite.thrift_test()
    async with thrift_test.connect(url) as both:
        client = both.thrift_test
        assert await client.test_void() is None
        for text in ("", "Python" * 20, "\b\t\n/\\\\\r{}:パイソン"):
            assert text == await client.test_string(text)
        assert [True, False] == [await client.test_bool(each) for each in (True, False)]
        assert [63, -127] == [await client.test_byte(each) for each in (63, -127)]
        assert [-1, 0] == [await client.test_i32(each) for each in (-1, 0)]
        for number in (1, -34359738368):
            assert number == await client.test_i64(number)
        for fraction in (-5.235098235, 0.0, -0.000341012439638598279):
            assert fraction == await client.test_double(fraction)
        assert bytes(range(256)) == await client.test_binary(bytes(range(256)))
        await structs(client, thrift_test)
        await containers(client, thrift_test)
        await errors(client, thrift_test)
        await client.test_oneway(1)
        assert await client.test_string("after") == "after"


async def structs(client: Any, models: Any) -> None:
    inner = models.Xtruct(string_thing="Zero", byte_thing=1, i32_thing=-3, i64_thing=-5)
    outer = models.Xtruct2(byte_thing=0, struct_thing=inner, i32_thing=0)
    assert inner == await client.test_struct(inner)
    assert outer == await client.test_nest(outer)
    multi = await client.test_multi(
        74, 0xFF00FF, 0xFFFFFFFFD0D0, {0: "abc"}, models.Numberz.FIVE, 7
    )
    assert multi.string_thing == "Hello2"
    assert (multi.byte_thing, multi.i64_thing) == (74, 0xFFFFFFFFD0D0)


async def containers(client: Any, models: Any) -> None:
    numbers = {0: 1, 1: 2, 2: 3, 3: 4, -1: -2}
    assert numbers == await client.test_map(numbers)
    assert {"a": "2", "b": "blah"} == await client.test_string_map({"a": "2", "b": "blah"})
    assert {8, 1, 42} == await client.test_set({8, 1, 42})
    assert [1, 4, 9, -42] == await client.test_list([1, 4, 9, -42])
    assert models.Numberz.FIVE is await client.test_enum(models.Numberz.FIVE)
    assert await client.test_typedef(0xFFFFFFFFFFFFFF) == 0xFFFFFFFFFFFFFF
    assert {-4: -4, -3: -3, -2: -2, -1: -1} == (await client.test_map_map(42))[-4]
    crazy = models.Insanity(user_map={models.Numberz.FIVE: 5}, xtructs=[models.Xtruct(i32_thing=8)])
    insane = await client.test_insanity(crazy)
    assert crazy == insane[1][models.Numberz.TWO]
    assert models.Insanity() == insane[2][models.Numberz.SIX]


async def errors(client: Any, models: Any) -> None:
    with pytest.raises(models.Xception) as caught:
        await client.test_exception("Xception")
    assert (caught.value.error_code, caught.value.message_) == (1001, "Xception")
    with pytest.raises(models.runtime.ServiceError) as other:
        await client.test_exception("TException")
    assert not other.value.error_name
    with pytest.raises(models.Xception2) as second:
        await client.test_multi_exception("Xception2", "ignore")
    assert second.value.struct_thing.string_thing == "This is an Xception2"
    assert (await client.test_multi_exception("success", "foobar")).string_thing == "foobar"


PYTHON_SERVERS = [
    (kind, p, t) for kind in ("TSimpleServer", "TThreadPoolServer") for p, t in COMBINATIONS
]
PYTHON_SERVERS += [("TNonblockingServer", p, "framed") for p in ("binary", "compact")]


@pytest.mark.parametrize(("kind", "protocol", "transport"), PYTHON_SERVERS)
async def test_python_server(kind: str, protocol: str, transport: str) -> None:
    async with suite.foreign_server(*suite.python_server(kind, protocol, transport)) as port:
        query = f"protocol={protocol}&transport={transport}&multiplexed=no"
        await exercise(f"thrift://127.0.0.1:{port}?{query}")


async def test_python_server_with_several_services() -> None:
    """Names of methods carry their service, unless the URL says otherwise."""
    async with suite.foreign_server(
        *suite.python_server("TThreadPoolServer", "multi", "framed")
    ) as port:
        url = f"thrift://127.0.0.1:{port}"
        await exercise(url)
        async with suite.thrift_test().connect(url) as both:
            assert await both.second_service.secondtest_string("x") == 'testString("x")'


@pytest.mark.parametrize(("protocol", "transport"), COMBINATIONS)
@pytest.mark.parametrize("kind", ["tcp", "multiplex"])
async def test_node_server(kind: str, protocol: str, transport: str) -> None:
    command = suite.node_server(protocol, transport, "--type", kind)
    async with suite.foreign_server(*command, env=suite.node_environment()) as port:
        multiplexed = "yes" if kind == "multiplex" else "no"
        query = f"protocol={protocol}&transport={transport}&multiplexed={multiplexed}"
        await exercise(f"thrift://127.0.0.1:{port}?{query}")
