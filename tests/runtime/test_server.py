"""A server's life: start, partial failure, drain, signals."""

import asyncio
import os
import signal
import socket
from collections.abc import Callable
from typing import Any

import pytest
from kernel.loopback import LISTENING
from kernel.sample import ACT, SCHEMES, Sample
from kernel.serving import client_of, serving
from kernel.support.endpoint import Schemes
from kernel.support.errors import Code, ConfigurationError, ServiceError
from kernel.support.server import Server, loop_factory
from kernel.support.service import ServiceBase, handlers_by_service
from kernel.support.settings import ServerSettings, Tls

Run = Callable[[Any], Any]


def test_the_bound_addresses_are_told(run: Run) -> None:
    async def check() -> None:
        async with Server([Sample()], SCHEMES, ["loopback://here:0", "loopback://here:0"]) as s:
            assert s.urls == [f"loopback://here:{port}" for port in LISTENING]
            assert len(s.urls) == 2
        assert not LISTENING

    run(check())


def test_handlers_start_before_the_first_call_and_stop_after_the_last(run: Run) -> None:
    async def check() -> None:
        async with serving() as s:
            s.handler.outcomes = [0.05]
            call = asyncio.create_task(s.client.one(ACT))
            await asyncio.sleep(0.01)
            await s.server.stop()
            assert await call == 0.05
            assert s.handler.seen == ["start", None, "stop"]

    run(check())


def test_if_one_listener_fails_all_that_was_started_stops(run: Run) -> None:
    async def check() -> None:
        handler = Sample()
        async with serving() as other:
            port = other.server.endpoints[0].port
            urls = ["loopback://here:0", f"loopback://here:{port}"]
            with pytest.raises(OSError, match="taken"):
                await Server([handler], SCHEMES, urls).start()
            assert list(LISTENING) == [port]
            assert handler.seen == ["start", "stop"]

    run(check())


def test_a_handler_that_cannot_start_stops_the_others(run: Run) -> None:
    class Broken(ServiceBase):
        service_name = "Broken"

        async def on_start(self) -> None:
            raise ConnectionError("no database")

    async def check() -> None:
        handler = Sample()
        with pytest.raises(ConnectionError):
            await Server([handler, Broken()], SCHEMES, "loopback://here:0").start()
        assert handler.seen == ["start", "stop"]
        assert not LISTENING

    run(check())


def test_draining_refuses_new_calls_lets_old_ones_end_and_cancels_the_rest(run: Run) -> None:
    async def check() -> None:
        async with serving(ServerSettings(drain_grace=0.1)) as s:
            s.handler.outcomes = [0.03, 60.0]
            quick, endless = (asyncio.create_task(s.client.one(ACT)) for _ in range(2))
            await asyncio.sleep(0.01)
            stopping = asyncio.create_task(s.server.stop())
            await asyncio.sleep(0.01)
            with pytest.raises(ServiceError) as caught:
                await s.client.one(ACT)
            assert caught.value.code is Code.UNAVAILABLE
            await stopping
            assert await quick == 0.03
            with pytest.raises(ServiceError) as caught:
                await endless
            assert caught.value.code is Code.UNAVAILABLE
            assert s.server.dispatcher.in_flight == 0

    run(check())


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_drains(number: signal.Signals) -> None:
    handler = Sample()
    answers: list[Any] = []

    async def call_and_signal(url: str) -> None:
        async with client_of(url) as client:
            handler.outcomes = [0.05]
            call = asyncio.create_task(client.one(ACT))
            await asyncio.sleep(0.01)
            os.kill(os.getpid(), number)
            answers.append(await call)

    calling: list[asyncio.Task[None]] = []

    def announce(server: Server) -> None:
        calling.append(asyncio.get_running_loop().create_task(call_and_signal(server.urls[0])))

    before = signal.getsignal(number)
    Server([handler], SCHEMES, "loopback://here:0").run(announce)
    assert answers == [0.05]
    assert handler.seen[-1] == "stop"
    assert signal.getsignal(number) is before


def test_a_second_signal_does_not_wait() -> None:
    handler = Sample()
    handler.outcomes = [60.0]
    calling: list[asyncio.Task[Any]] = []

    async def call_and_signal(url: str) -> None:
        async with client_of(url) as client:
            call = asyncio.create_task(client.one(ACT))
            for _ in range(2):
                await asyncio.sleep(0.02)
                os.kill(os.getpid(), signal.SIGTERM)
            with pytest.raises((ServiceError, asyncio.CancelledError)):
                await call

    def announce(server: Server) -> None:
        calling.append(asyncio.get_running_loop().create_task(call_and_signal(server.urls[0])))

    async def bounded() -> None:
        async with asyncio.timeout(5):
            server = Server([handler], SCHEMES, "loopback://here:0")
            await server.serve(announce)

    with asyncio.Runner(loop_factory=loop_factory()) as runner:
        runner.run(bounded())
    assert handler.seen[-1] == "stop"


def test_urls_that_share_an_address_are_refused() -> None:
    urls = ["loopback://here:7", "loopback://here:7/other"]
    with pytest.raises(ValueError, match="share one address"):
        Server([Sample()], SCHEMES, urls)


def test_two_handlers_of_one_service_are_refused() -> None:
    with pytest.raises(ValueError, match="two handlers implement the service Sample"):
        handlers_by_service([Sample(), Sample()])


def test_one_handler_may_implement_several_services() -> None:
    class Other(ServiceBase):
        service_name = "Other"

    class Both(Sample, Other):
        pass

    both = Both()
    assert handlers_by_service([both]) == {"Sample": both, "Other": both}


def test_a_port_in_use_is_said_with_its_address(run: Run) -> None:
    from kernel.support.endpoint import Endpoint
    from kernel.support.http import AsgiListener

    async def app(scope: Any, receive: Any, send: Any) -> None:
        raise AssertionError

    async def check() -> None:
        with socket.create_server(("127.0.0.1", 0)) as taken:
            endpoint = Endpoint("http", "127.0.0.1", taken.getsockname()[1])
            with pytest.raises(OSError, match=str(endpoint)):
                await AsgiListener(endpoint, app, ServerSettings()).start()

    run(check())


def test_tls_without_a_secure_url_is_refused() -> None:
    """Whoever sets a certificate must not serve in the clear."""
    schemes = Schemes("kernel", {"loopback": "loopback", "loopbacks": "loopback"})
    settings = ServerSettings(tls=Tls())

    with pytest.raises(ConfigurationError, match="no URL is of a secure scheme"):
        Server([Sample()], schemes, ["loopback://here:0"], settings)
    Server([Sample()], schemes, ["loopback://here:0", "loopbacks://here:1"], settings)
