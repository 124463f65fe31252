"""Health checks (grpc.health.v1) that ask the dispatcher, and server reflection."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from typing import Any

import grpc
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection_pb2, reflection_pb2_grpc
from grpc_reflection.v1alpha.reflection import aio as reflection

from .dispatch import Dispatcher

WATCH_INTERVAL = 0.5  # seconds between two looks at the readiness
REFLECTION = "grpc.reflection.v1.ServerReflection"
OLD_REFLECTION = "grpc.reflection.v1alpha.ServerReflection"  # the same on the wire

_Status = health_pb2.HealthCheckResponse


class Health(health_pb2_grpc.HealthServicer):  # type: ignore[misc]
    """The readiness of the dispatcher as the health of every service and of the whole."""

    def __init__(self, dispatcher: Dispatcher, services: Sequence[str]) -> None:
        self._dispatcher = dispatcher
        self._names = frozenset(("", *services))

    async def Check(self, request: Any, context: Any) -> Any:
        if request.service not in self._names:
            await context.abort(grpc.StatusCode.NOT_FOUND, "no such service")
        return _Status(status=await self._status())

    async def Watch(self, request: Any, context: Any) -> AsyncIterator[Any]:
        """Send the status whenever it changes."""
        sent = None
        known = request.service in self._names
        while True:
            status = await self._status() if known else _Status.SERVICE_UNKNOWN
            if status != sent:
                sent = status
                yield _Status(status=status)
            await asyncio.sleep(WATCH_INTERVAL)

    async def _status(self) -> Any:
        ready = await self._dispatcher.is_ready()
        return _Status.SERVING if ready else _Status.NOT_SERVING


def add_health(
    server: Any, dispatcher: Dispatcher, services: Sequence[str]
) -> list[str]:
    """Mount the health service; return its name."""
    health_pb2_grpc.add_HealthServicer_to_server(Health(dispatcher, services), server)
    return [health_pb2.DESCRIPTOR.services_by_name["Health"].full_name]


def add_reflection(server: Any, pool: Any, services: Sequence[str]) -> None:
    """Mount reflection on ``services``, under its final name and its older one."""
    for module in (health_pb2, reflection_pb2):
        pool.AddSerializedFile(module.DESCRIPTOR.serialized_pb)
    names = (*services, REFLECTION, OLD_REFLECTION)
    servicer = reflection.ReflectionServicer(names, pool=pool)
    reflection_pb2_grpc.add_ServerReflectionServicer_to_server(servicer, server)
    handler = grpc.stream_stream_rpc_method_handler(
        servicer.ServerReflectionInfo,
        request_deserializer=reflection_pb2.ServerReflectionRequest.FromString,
        response_serializer=reflection_pb2.ServerReflectionResponse.SerializeToString,
    )
    server.add_registered_method_handlers(REFLECTION, {"ServerReflectionInfo": handler})
