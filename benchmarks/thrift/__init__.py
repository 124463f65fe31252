"""Thrift: the generated server and client beside Apache's, with stubs that Thrift's compiler made.

The compiler is Debian's (``thrift-compiler``), the library that of PyPI with its codecs in C.
"""

from __future__ import annotations

import functools
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import partial

from benchmarks import subject
from benchmarks.rounds import Contest, figure, running

SECONDS = "2"
AT_LEAST = {"framed": 1.3, "buffered": 3.0}
TITLES = {"add": "small", "echo": "nested"}


@functools.cache
def stubs() -> str:
    """The folder of the peer's stubs."""
    folder = tempfile.mkdtemp(prefix="svcgen-bench-stubs-")
    schema = subject.source().parent.parent / "schemas" / "shop.thrift"
    subprocess.run(["thrift", "--gen", "py", "-out", folder, str(schema)], check=True)
    return folder


@contextmanager
def contests() -> Iterator[list[Contest]]:
    source = str(subject.source())
    with ExitStack() as stack:
        ours = stack.enter_context(running("thrift/serve_ours.py", source))
        peers = {
            transport: stack.enter_context(running("thrift/serve_apache.py", stubs(), transport))
            for transport in AT_LEAST
        }
        yield [
            *(_rate(ours, peers[t], t, message) for t in AT_LEAST for message in TITLES),
            *(_processor(ours, peers[t], t, message) for t in AT_LEAST for message in TITLES),
            Contest(
                "Thrift client, 32 in flight",
                "Apache client, 32 threads",
                partial(figure, "thrift/call.py", "ours", source, ours, SECONDS),
                partial(figure, "thrift/call.py", "apache", stubs(), ours, SECONDS),
                2.0,
            ),
        ]


def _rate(ours: str, peer: str, transport: str, message: str) -> Contest:
    return Contest(
        f"Thrift {transport}, {TITLES[message]} message",
        "Apache TThreadPoolServer",
        partial(figure, "thrift/load.py", ours, transport, message, "rate", SECONDS),
        partial(figure, "thrift/load.py", peer, transport, message, "rate", SECONDS),
        AT_LEAST[transport],
    )


def _processor(ours: str, peer: str, transport: str, message: str) -> Contest:
    """Requests a second of processor time: twice as many are half the time of each."""
    return Contest(
        f"Thrift {transport}, {TITLES[message]}, a CPU second",
        "Apache TThreadPoolServer",
        partial(figure, "thrift/load.py", ours, transport, message, "cpu", SECONDS),
        partial(figure, "thrift/load.py", peer, transport, message, "cpu", SECONDS),
        2.0,
    )
