"""gRPC: the generated server and client beside a handler and a stub by hand on ``grpc.aio``."""

from __future__ import annotations

import functools
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

from benchmarks import subject
from benchmarks.rounds import Contest, figure, running

SECONDS = "2"


@functools.cache
def stubs() -> str:
    """A folder with what protoc makes of the generated .proto, for the peers."""
    schemas = subject.source().parent.parent / "schemas"
    out = tempfile.mkdtemp(prefix="svcgen-bench-stubs-")
    command = [sys.executable, "-m", "grpc_tools.protoc", f"-I{schemas}", f"--python_out={out}"]
    subprocess.run([*command, f"--grpc_python_out={out}", "shop.proto"], check=True)
    return out


@contextmanager
def contests() -> Iterator[list[Contest]]:
    source, official = str(subject.source()), stubs()
    with (
        running("grpc/serve_ours.py", source) as ours,
        running("grpc/serve_peer.py", official, "asyncio") as peer,
        running("grpc/serve_peer.py", official, "uvloop") as fast,
    ):
        servers = (("grpc.aio by hand", peer, 1.0), ("grpc.aio by hand, uvloop", fast, 0.9))
        yield [
            *(
                _server(f"gRPC server, {title}", ours, name, rival)
                for name, title in _MESSAGES.items()
                for rival in servers
            ),
            *(
                _client(f"gRPC client, {title}", source, official, fast, name)
                for name, title in _MESSAGES.items()
            ),
        ]


_MESSAGES = {"add": "small message", "echo": "100 nested items"}


def _server(title: str, ours: str, name: str, rival: tuple[str, str, float]) -> Contest:
    """Beside a server as its documentation shows it, and beside one on the loop that ours chooses."""
    peer_name, peer, at_least = rival
    return Contest(
        title,
        peer_name,
        partial(figure, "grpc/load.py", ours, name, SECONDS),
        partial(figure, "grpc/load.py", peer, name, SECONDS),
        at_least,
    )


def _client(title: str, source: str, official: str, server: str, name: str) -> Contest:
    return Contest(
        title,
        "grpc.aio stub by hand",
        partial(figure, "grpc/call.py", "ours", source, server, name, SECONDS),
        partial(figure, "grpc/call.py", "stub", official, server, name, SECONDS),
        0.95,
    )
