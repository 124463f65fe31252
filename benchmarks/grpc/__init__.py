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
        running("grpc/serve_peer.py", official) as peer,
    ):
        yield [
            *(_server(title, ours, peer, name) for name, title in _MESSAGES.items()),
            *(_client(title, source, official, peer, name) for name, title in _CALLS.items()),
        ]


_MESSAGES = {"add": "gRPC server, small message", "echo": "gRPC server, 100 nested items"}
_CALLS = {"add": "gRPC client, small message", "echo": "gRPC client, 100 nested items"}


def _server(title: str, ours: str, peer: str, name: str) -> Contest:
    return Contest(
        title,
        "grpc.aio by hand (uvloop)",
        partial(figure, "grpc/load.py", ours, name, SECONDS),
        partial(figure, "grpc/load.py", peer, name, SECONDS),
        1.0,
    )


def _client(title: str, source: str, official: str, server: str, name: str) -> Contest:
    return Contest(
        title,
        "grpc.aio stub by hand",
        partial(figure, "grpc/call.py", "ours", source, server, name, SECONDS),
        partial(figure, "grpc/call.py", "stub", official, server, name, SECONDS),
        0.95,
    )
