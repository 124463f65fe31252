"""Calls the calculator with the stubs that Thrift's compiler made: stubs, port, protocol, transport."""

import sys

stubs, port, protocol, transport = sys.argv[1:]
sys.path.insert(0, stubs)

from sums import Calculator  # noqa: E402
from thrift.protocol.TBinaryProtocol import TBinaryProtocol  # noqa: E402
from thrift.protocol.TCompactProtocol import TCompactProtocol  # noqa: E402
from thrift.transport import TSocket, TTransport  # noqa: E402

transports = {"framed": TTransport.TFramedTransport, "buffered": TTransport.TBufferedTransport}
opened = transports[transport](TSocket.TSocket("127.0.0.1", int(port)))
opened.open()
client = Calculator.Client(
    {"binary": TBinaryProtocol, "compact": TCompactProtocol}[protocol](opened)
)
print(client.add(40, 2), client.subtract(num1=40, num2=-2))
opened.close()
