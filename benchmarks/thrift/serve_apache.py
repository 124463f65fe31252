"""The peer: stubs' folder, ``framed`` or ``buffered``. Prints its port and process."""

from __future__ import annotations

import os
import socket
import sys

sys.path.insert(0, sys.argv[1])

from shop import Shop
from shop.ttypes import AddRequest, AddResponse, Item, Order
from thrift.protocol.TBinaryProtocol import TBinaryProtocolAcceleratedFactory
from thrift.server.TServer import TThreadPoolServer
from thrift.transport import TSocket, TTransport

THREADS = 40
TRANSPORTS = {
    "framed": TTransport.TFramedTransportFactory,
    "buffered": TTransport.TBufferedTransportFactory,
}


class Handler:
    """Reads every field, builds the reply."""

    def add(self, request: AddRequest) -> AddResponse:
        return AddResponse(result=request.a + request.b)

    def echo(self, request: Order) -> Order:
        items = [
            Item(sku=i.sku, quantity=i.quantity, price=i.price, tags=i.tags, note=i.note)
            for i in request.items
        ]
        return Order(id=request.id, customer=request.customer, items=items, total=request.total)


def main() -> None:
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        port = bound.getsockname()[1]
    listening = TSocket.TServerSocket("127.0.0.1", port)
    server = TThreadPoolServer(
        Shop.Processor(Handler()),
        listening,
        TRANSPORTS[sys.argv[2]](),
        TBinaryProtocolAcceleratedFactory(fallback=False),
    )
    server.setNumThreads(THREADS)
    listen = listening.listen

    def announced() -> None:
        listen()
        print(f"{port}:{os.getpid()}", flush=True)

    listening.listen = announced
    server.serve()


if __name__ == "__main__":
    main()
