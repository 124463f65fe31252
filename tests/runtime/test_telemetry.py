"""OpenTelemetry: spans of client and server in one trace, when it is set up."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from kernel.sample import ABOUT, ACT, COUNT
from kernel.serving import serving
from kernel.support import telemetry as module
from kernel.support.errors import Code, ServiceError
from kernel.support.telemetry import telemetry

sdk = pytest.importorskip("opentelemetry.sdk.trace")
export = pytest.importorskip("opentelemetry.sdk.trace.export.in_memory_span_exporter")
processing = pytest.importorskip("opentelemetry.sdk.trace.export")
api = pytest.importorskip("opentelemetry.trace")

Run = Callable[[Any], Any]


@pytest.fixture
def spans(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], Any]]:
    """The finished spans of a tracer provider that is set for this test only."""
    exporter = export.InMemorySpanExporter()
    provider = sdk.TracerProvider()
    provider.add_span_processor(processing.SimpleSpanProcessor(exporter))
    monkeypatch.setattr(api, "_TRACER_PROVIDER", provider)
    yield exporter.get_finished_spans
    provider.shutdown()


def test_without_a_provider_there_is_nothing() -> None:
    assert telemetry() is None
    assert module is not None


def test_client_and_server_spans_are_of_one_trace(run: Run, spans: Any) -> None:
    async def check() -> str:
        async with serving() as s:
            with api.get_tracer("test").start_as_current_span("outer"):
                return str((await s.client.one(ABOUT))["trace"])

    trace = run(check())
    server, client, outer = spans()
    assert [s.name for s in (server, client)] == ["Sample/about"] * 2
    assert (server.kind, client.kind) == (api.SpanKind.SERVER, api.SpanKind.CLIENT)
    assert server.parent.span_id == client.context.span_id
    assert client.parent.span_id == outer.context.span_id
    assert trace == f"{outer.context.trace_id:032x}"
    assert server.attributes["rpc.method"] == "about"


def test_an_error_marks_both_spans(run: Run, spans: Any) -> None:
    async def check() -> None:
        async with serving() as s:
            s.handler.outcomes = [ServiceError(Code.NOT_FOUND)]
            with pytest.raises(ServiceError):
                await s.client.one(ACT)

    run(check())
    assert [s.attributes["error.type"] for s in spans()] == ["not_found"] * 2
    assert [s.status.status_code for s in spans()] == [api.StatusCode.ERROR] * 2


def test_a_stream_is_one_span_and_is_not_current_at_its_consumer(run: Run, spans: Any) -> None:
    async def check() -> None:
        async with serving() as s:
            async for _ in s.client.many(COUNT, 3):
                assert not api.get_current_span().get_span_context().is_valid

    run(check())
    server, client = spans()
    assert server.parent.span_id == client.context.span_id
    assert not client.parent
