"""Serves the calculator with the stubs that Thrift's compiler made: stubs, ``--port``, port."""

import sys

stubs, _, port = sys.argv[1:]
sys.path.insert(0, stubs)

from sums import Calculator  # noqa: E402
from thrift.protocol.TBinaryProtocol import TBinaryProtocolFactory  # noqa: E402
from thrift.server.TServer import TThreadPoolServer  # noqa: E402
from thrift.transport import TSocket, TTransport  # noqa: E402


class Handler:
    def add(self, num1: int, num2: int) -> int:
        return num1 + num2

    def subtract(self, num1: int, num2: int) -> int:
        return num1 - num2


TThreadPoolServer(
    Calculator.Processor(Handler()),
    TSocket.TServerSocket("127.0.0.1", int(port)),
    TTransport.TFramedTransportFactory(),
    TBinaryProtocolFactory(),
).serve()
