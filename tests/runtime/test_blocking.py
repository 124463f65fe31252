"""Blocking clients: threads, streams, interruption, forks."""

import asyncio
import os
import signal
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
from kernel.sample import ACT, ADD, COUNT, ECHO, SCHEMES, TOTAL, Pair, Sample
from kernel.serving import SampleClient, client_of
from kernel.support.blocking import BlockingServiceClient, Portal
from kernel.support.errors import Code, ServiceError
from kernel.support.server import Server


class Blocking(BlockingServiceClient[SampleClient]):
    """What svcgen generates for the sample."""

    def one(self, operation: Any, request: Any = None) -> Any:
        return self._portal.run(self._client.one(operation, request))

    def many(self, operation: Any, request: Any = None) -> Iterator[Any]:
        return self._portal.iterate(self._client.many(operation, request))

    def sum(self, requests: Any) -> Any:
        return self._portal.run(self._client.one(TOTAL, self._portal.stream(requests)))

    def echo(self, requests: Any) -> Iterator[Any]:
        return self._portal.iterate(self._client.many(ECHO, self._portal.stream(requests)))


@pytest.fixture
def handler() -> Sample:
    return Sample()


@pytest.fixture
def client(handler: Sample) -> Iterator[Blocking]:
    """A client of a server on the portal's own loop: the loopback needs them together."""
    portal = Portal.enter()
    server = Server([handler], SCHEMES, "loopback://here:0")
    portal.run(server.start())
    with Blocking(lambda: client_of(server.urls)) as client:
        yield client
    portal.run(server.stop())
    portal.leave()
    assert not portal._thread.is_alive()


def test_calls_block(client: Blocking) -> None:
    assert client.one(ADD, Pair(a=1, b=2)) == 3
    assert client.sum([1, 2, 3]) == 6
    assert list(client.many(COUNT, 3)) == [0, 1, 2]
    assert list(client.echo(iter([1, 2]))) == [1, 2]


def test_errors_arrive_as_themselves(client: Blocking, handler: Sample) -> None:
    with pytest.raises(ServiceError) as caught:
        client.one(ADD, Pair(a=-1, b=2))
    assert caught.value.code is Code.INVALID_ARGUMENT
    handler.outcomes = [ServiceError(Code.ABORTED)]
    numbers = client.many(COUNT, 2)
    assert [next(numbers), next(numbers)] == [0, 1]
    with pytest.raises(ServiceError, match="aborted"):
        next(numbers)


def test_requests_may_come_slowly_from_a_generator(client: Blocking) -> None:
    def slowly() -> Iterator[int]:
        for number in range(5):
            time.sleep(0.01)
            yield number

    assert client.sum(slowly()) == 10


def test_a_failing_generator_of_requests_fails_the_call(client: Blocking) -> None:
    def failing() -> Iterator[int]:
        yield 1
        raise ZeroDivisionError

    with pytest.raises((ZeroDivisionError, ServiceError)):
        client.sum(failing())


def test_leaving_a_stream_early_ends_the_call(client: Blocking, handler: Sample) -> None:
    for number in client.many(COUNT, 1_000_000):
        if number == 3:
            break
    assert handler.seen[-1] == "counted, count"


def test_a_stream_that_nobody_reads_on_does_not_run_on(client: Blocking, handler: Sample) -> None:
    requested: list[int] = []

    def endless() -> Iterator[int]:
        for number in range(1_000_000):
            requested.append(number)
            yield number

    echoed = client.echo(endless())
    assert next(echoed) == 0
    time.sleep(0.05)
    assert len(requested) < 200
    echoed.close()
    time.sleep(0.05)
    before = len(requested)
    time.sleep(0.05)
    assert len(requested) == before


def test_threads_share_a_client(client: Blocking) -> None:
    answers: list[int] = []

    def work() -> None:
        answers.extend(client.one(ADD, Pair(a=n, b=0)) for n in range(20))

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == sorted(list(range(20)) * 4)


def test_ctrl_c_ends_a_call(client: Blocking, handler: Sample) -> None:
    handler.outcomes = [60.0]
    interrupting = threading.Timer(0.05, os.kill, (os.getpid(), signal.SIGINT))
    interrupting.start()
    with pytest.raises(KeyboardInterrupt):
        client.one(ACT)
    time.sleep(0.05)
    assert handler.seen[-1] == "cancelled"
    assert client.one(ACT) == "done"


def test_a_blocking_call_on_its_own_loop_is_refused(client: Blocking) -> None:
    async def block() -> None:
        client.one(ADD, Pair(a=1, b=2))

    with pytest.raises(RuntimeError, match="cannot wait for itself"):
        client._portal.run(block())


def test_one_client_may_stand_on_another(client: Blocking) -> None:
    part = Blocking.on(client._portal, client._client)
    assert part.one(ADD, Pair(a=1, b=2)) == 3
    part.close()
    assert client.one(ADD, Pair(a=1, b=2)) == 3


def test_a_closed_client_says_so_and_its_thread_is_gone() -> None:
    client = Blocking(lambda: client_of("loopback://nobody:999"))
    thread = client._portal._thread
    client.close()
    client.close()
    with pytest.raises(RuntimeError, match="closed"):
        client.one(ACT)
    assert not thread.is_alive()


def test_a_client_that_cannot_be_made_leaves_no_thread() -> None:
    with pytest.raises(ValueError, match="no protocol"):
        Blocking(lambda: client_of("pigeon://a:1"))
    assert "blocking-calls" not in [t.name for t in threading.enumerate()]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")
@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # 3.12 warns of forks in threads
def test_after_a_fork_an_old_client_is_refused_and_a_new_one_works(client: Blocking) -> None:
    child = os.fork()
    if child == 0:
        code = 1
        try:
            client.one(ACT)
        except RuntimeError as error:
            if "fork" in str(error):
                with Blocking(lambda: client_of("loopback://nobody:999")) as new:
                    try:
                        new.one(ACT)
                    except ServiceError:
                        code = 0
        finally:
            os._exit(code)
    _, status = os.waitpid(child, 0)
    assert os.waitstatus_to_exitcode(status) == 0


def test_an_asynchronous_program_may_use_it_in_a_thread(client: Blocking) -> None:
    async def program() -> Any:
        return await asyncio.to_thread(client.one, ADD, Pair(a=1, b=2))

    assert asyncio.run(program()) == 3
