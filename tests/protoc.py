"""The official protobuf compiler as oracle: what it makes of our .proto files."""

from __future__ import annotations

import functools
import importlib
import subprocess
import sys
import tempfile
from pathlib import Path
from types import ModuleType
from typing import Any

from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

LIMIT = 60.0  # seconds


def compile_protos(folder: Path, *options: str) -> None:
    """Run protoc on every .proto of a folder; its complaints fail the test."""
    names = sorted(p.name for p in folder.glob("*.proto"))
    command = [sys.executable, "-m", "grpc_tools.protoc", f"-I{folder}", *options, *names]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=LIMIT)
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""


def descriptor_set(folder: Path) -> descriptor_pb2.FileDescriptorSet:
    """What protoc reads in the .proto files of a folder, and in what they import."""
    with tempfile.TemporaryDirectory() as scratch:
        out = Path(scratch, "set")
        compile_protos(folder, "--include_imports", f"--descriptor_set_out={out}")
        return descriptor_pb2.FileDescriptorSet.FromString(out.read_bytes())


class OfficialClasses:
    """Message classes of the protobuf library for the .proto files of a folder, in their own pool."""

    def __init__(self, folder: Path) -> None:
        self.pool = descriptor_pool.DescriptorPool()
        for file in descriptor_set(folder).file:
            self.pool.AddSerializedFile(file.SerializeToString())

    def __call__(self, name: str) -> Any:
        return message_factory.GetMessageClass(self.pool.FindMessageTypeByName(name))


@functools.cache
def stubs(folder: Path) -> tuple[ModuleType, ModuleType]:
    """The modules ``*_pb2`` and ``*_pb2_grpc`` that protoc makes of the only .proto of a folder."""
    out = tempfile.mkdtemp(prefix="stubs-")
    compile_protos(folder, f"--python_out={out}", f"--grpc_python_out={out}")
    sys.path.insert(0, out)
    name = next(folder.glob("*.proto")).stem
    return importlib.import_module(f"{name}_pb2"), importlib.import_module(f"{name}_pb2_grpc")
