"""The peer: a handler by hand on ``grpc.aio`` and protoc's stubs, which lie in the folder of the first
argument. It reads every field and builds the reply. The second argument is the event loop: ``asyncio``
or ``uvloop``. Prints its address.
"""

from __future__ import annotations

import asyncio
import sys

import grpc.aio
import uvloop

sys.path.insert(0, sys.argv[1])

import shop_pb2
import shop_pb2_grpc


class Shop(shop_pb2_grpc.ShopServicer):
    async def Add(self, request, context):  # noqa: N802
        return shop_pb2.AddResponse(result=request.a + request.b)

    async def Echo(self, request, context):  # noqa: N802
        reply = shop_pb2.Order(id=request.id, customer=request.customer, total=request.total)
        for item in request.items:
            reply.items.add(
                sku=item.sku,
                quantity=item.quantity,
                price=item.price,
                tags=item.tags,
                note=item.note if item.HasField("note") else None,
            )
        return reply


async def main() -> None:
    server = grpc.aio.server()
    shop_pb2_grpc.add_ShopServicer_to_server(Shop(), server)
    port = server.add_insecure_port("127.0.0.1:0")
    await server.start()
    print(f"127.0.0.1:{port}", flush=True)
    await server.wait_for_termination()


if __name__ == "__main__":
    {"asyncio": asyncio, "uvloop": uvloop}[sys.argv[2]].run(main())
