"""Logs: one JSON object a line, with the trace of the call."""

import io
import json
import logging
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from kernel.sample import ABOUT, ACT
from kernel.serving import serving
from kernel.support.context import CURRENT, Context
from kernel.support.errors import Code, ServiceError
from kernel.support.logs import LOGGER, JsonFormatter
from kernel.support.settings import ServerSettings

Run = Callable[[Any], Any]


@pytest.fixture
def lines() -> Iterator[Callable[[], list[dict[str, Any]]]]:
    """What is logged during the test, as objects."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonFormatter())
    LOGGER.addHandler(handler)
    LOGGER.setLevel(logging.INFO)
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    LOGGER.removeHandler(handler)
    LOGGER.setLevel(logging.NOTSET)


def test_a_fault_is_logged_with_its_trace_and_traceback(run: Run, lines: Any) -> None:
    async def check() -> None:
        async with serving() as s:
            s.handler.outcomes = [ZeroDivisionError("a\nb")]
            with pytest.raises(ServiceError):
                await s.client.one(ACT)

    run(check())
    [line] = lines()
    assert line["level"] == "error"
    assert line["operation"] == "Sample.act"
    assert line["protocol"] == "loopback"
    assert line["code"] == "internal"
    assert line["seconds"] >= 0
    assert len(line["trace_id"]) == 32
    assert line["traceback"].endswith("ZeroDivisionError: a\nb\n")


def test_an_error_of_the_service_is_logged_without_a_traceback(run: Run, lines: Any) -> None:
    async def check() -> None:
        async with serving() as s:
            s.handler.outcomes = [ServiceError(Code.NOT_FOUND)]
            with pytest.raises(ServiceError):
                await s.client.one(ACT)

    run(check())
    [line] = lines()
    assert (line["level"], line["code"]) == ("info", "not_found")
    assert "traceback" not in line


@pytest.mark.parametrize("wanted", [True, False])
def test_calls_that_succeed_are_logged_on_request(run: Run, lines: Any, wanted: bool) -> None:
    async def check() -> str:
        async with serving(ServerSettings(access_log=wanted)) as s:
            about = await s.client.one(ABOUT)
            return str(about["trace"])

    trace = run(check())
    assert [(line["code"], line["trace_id"]) for line in lines()] == [("ok", trace)] * wanted


def test_what_a_handler_logs_has_the_trace_of_its_call(lines: Any) -> None:
    context = Context(ACT, "test")
    token = CURRENT.set(context)
    LOGGER.info("half done: %s", "\u2028\n}", extra={"facts": {"left": {1}}})
    CURRENT.reset(token)
    LOGGER.info("outside")
    inside, outside = lines()
    assert inside["message"] == "half done: \u2028\n}"
    assert inside["trace_id"] == context.trace.trace_id
    assert inside["left"] == "{1}"
    assert "trace_id" not in outside
