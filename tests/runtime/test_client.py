"""What a client adds to a call: deadline, metadata, trace, validation."""

import re
import time
from collections.abc import Callable
from typing import Any

import pytest
from kernel.sample import ABOUT, ACT, ADD, LOOK, SCHEMES, TOTAL, Pair
from kernel.serving import SampleClient, client_of, each, serving
from kernel.support.channel import CallOptions
from kernel.support.client import open_channel
from kernel.support.context import CURRENT, Context, Metadata
from kernel.support.errors import Code, ServiceError
from kernel.support.settings import ClientSettings
from kernel.support.trace import Trace

Run = Callable[[Any], Any]


class Called(Context):
    """A call that is being served, with the metadata given."""

    def read_metadata(self) -> Metadata:
        return Metadata(self.given)

    given: tuple[tuple[str, str], ...] = ()


def test_the_clients_timeout_is_the_callers_deadline(run: Run) -> None:
    async def check() -> None:
        async with serving(client=ClientSettings(timeout=7.0)) as s:
            assert 6.0 < (await s.client.one(ABOUT))["remaining"] < 7.0
            longer = CallOptions(timeout=70.0)
            assert 60.0 < (await s.client.one(ABOUT, None, longer))["remaining"] < 70.0

    run(check())


def test_a_call_within_a_call_has_no_more_time_than_that(run: Run) -> None:
    async def check() -> None:
        async with serving() as s:
            token = CURRENT.set(Context(ADD, "test", 3.0))
            try:
                assert 2.0 < (await s.client.one(ABOUT))["remaining"] < 3.0
                CURRENT.set(Context(ADD, "test", 0.0))
                with pytest.raises(ServiceError) as caught:
                    await s.client.one(ACT)
                assert caught.value.code is Code.DEADLINE_EXCEEDED
                assert s.handler.seen == ["start"]
            finally:
                CURRENT.reset(token)

    run(check())


def test_metadata_goes_out_and_comes_back(run: Run) -> None:
    async def check() -> None:
        settings = ClientSettings(metadata=(("x-from", "settings"),))
        async with serving(client=settings) as s:
            options = CallOptions(metadata=[("x-more", "call")])
            sent = (await s.client.one(ABOUT, None, options))["metadata"]
            assert ("x-from", "settings") in sent
            assert ("x-more", "call") in sent
            assert options.headers.get("X-Answered") == "yes"

    run(check())


def test_the_callers_own_trace_and_credentials_go_instead(run: Run) -> None:
    async def secret() -> str:
        return "settings"

    async def check() -> None:
        async with serving(client=ClientSettings(bearer=secret, api_key=secret)) as s:
            mine = [("TraceParent", f"00-{'a' * 32}-{'b' * 16}-01"), ("authorization", "mine")]
            about = await s.client.one(ABOUT, None, CallOptions(metadata=mine))
            sent = [(name.lower(), value) for name, value in mine]
            assert about["metadata"] == [("x-api-key", "settings"), *sent]

    run(check())


def test_a_call_begins_a_trace(run: Run) -> None:
    async def check() -> None:
        async with serving() as s:
            about = await s.client.one(ABOUT)
            parent = dict(about["metadata"])["traceparent"]
            assert re.fullmatch("00-[0-9a-f]{32}-[0-9a-f]{16}-01", parent)
            assert about["trace"] == parent.split("-")[1]

    run(check())


def test_a_call_within_a_call_continues_its_trace(run: Run) -> None:
    async def check() -> None:
        served = Called(ADD, "test")
        served.given = (
            ("traceparent", f"00-{'a' * 32}-{'b' * 16}-00"),
            ("tracestate", "vendor=1"),
        )
        async with serving() as s:
            token = CURRENT.set(served)
            sent = dict((await s.client.one(ABOUT))["metadata"])
            CURRENT.reset(token)
        version, trace, span, flags = sent["traceparent"].split("-")
        assert (version, trace, flags) == ("00", "a" * 32, "00")
        assert span not in ("b" * 16, served.trace.span_id)
        assert sent["tracestate"] == "vendor=1"

    run(check())


@pytest.mark.parametrize(
    "parent",
    [
        "",
        "nonsense",
        f"00-{'0' * 32}-{'b' * 16}-01",
        f"00-{'a' * 32}-{'0' * 16}-01",
        f"ff-{'a' * 32}-{'b' * 16}-01",
        f"00-{'A' * 32}-{'b' * 16}-01",
        f"00-{'a' * 32}-{'b' * 16}-01-more",
        f"00-{'a' * 32}-{'b' * 16}-01\n",
    ],
)
def test_a_malformed_trace_is_not_continued(parent: str) -> None:
    trace = Trace.child_of(parent, "vendor=1")
    assert trace.trace_id != "a" * 32
    assert trace.state == ""


def test_a_later_version_of_the_trace_context_is_understood() -> None:
    assert Trace.child_of(f"01-{'a' * 32}-{'b' * 16}-01-more").trace_id == "a" * 32


def test_validation_at_the_client_sends_nothing_wrong(run: Run) -> None:
    async def check() -> None:
        settings = ClientSettings(validate=True)
        async with client_of("loopback://nobody:999", settings) as client:
            with pytest.raises(ServiceError) as caught:
                await client.one(ADD, Pair(a=-1, b=1))
            assert caught.value.code is Code.INVALID_ARGUMENT
        async with serving(client=settings) as s:
            with pytest.raises(ServiceError) as caught:
                await s.client.one(TOTAL, each([1, -1]))
            assert caught.value.code is Code.INVALID_ARGUMENT

    run(check())


def test_closing_a_client_closes_its_channels(run: Run) -> None:
    async def check() -> None:
        async with client_of(["loopback://a:1,b:2", "loopback://c:3"]) as client:
            pass
        assert [a.channel.closed for a in client._channel._addresses] == [True] * 3

    run(check())


@pytest.mark.parametrize(
    ("urls", "message"),
    [
        ([], "at least one URL"),
        ("carrier-pigeon://a:1", "no protocol has the URL scheme 'carrier-pigeon'"),
        ("loopback", "is not a URL of the form"),
        ("loopback://a", "lacks a host or a port"),
        ("loopback://a:1,:2", "lacks a host or a port"),
        ("loopback://a:x", "port that is no number"),
        ("loopback://a:70000", "port that is no number"),
    ],
)
def test_a_wrong_url_says_what_is_wrong(urls: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        open_channel(urls, SCHEMES, ClientSettings())


def test_nothing_is_awaited_for_longer_than_the_deadline_when_nobody_listens(run: Run) -> None:
    async def check() -> None:
        began = time.monotonic()
        async with client_of("loopback://nobody:999") as client:
            assert isinstance(client, SampleClient)
            with pytest.raises(ServiceError) as caught:
                await client.one(LOOK, None, CallOptions(timeout=0.05))
        assert caught.value.code is Code.UNAVAILABLE
        assert time.monotonic() - began < 1.0

    run(check())
