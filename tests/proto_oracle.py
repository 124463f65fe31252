"""protoc as judge of one .proto file: does it accept it, and which lines does it complain of?"""

from __future__ import annotations

import os
import re
import tempfile
from pathlib import Path

import grpc_tools
from google.protobuf import descriptor_pb2
from grpc_tools import protoc

WELL_KNOWN = Path(grpc_tools.__file__).parent / "_proto"
COMMON = Path(descriptor_pb2.__file__).parents[2]
"""Where googleapis-common-protos is installed: ``google/api`` and so on."""

_COMPLAINT = re.compile(r"^(?P<file>[^\n:]+\.proto):(?P<line>\d+):\d+: (?!warning)", re.MULTILINE)


def run(*arguments: str) -> tuple[int, str]:
    """protoc within this process, which it may be: its exit code and what it says."""
    with tempfile.TemporaryFile() as said:
        old = os.dup(2)
        os.dup2(said.fileno(), 2)
        try:
            code = protoc.main(["protoc", *arguments])
        finally:
            os.dup2(old, 2)
            os.close(old)
        said.seek(0)
        return code, said.read().decode(errors="replace")


def complaints(file: Path) -> tuple[bool, set[int]]:
    """Whether protoc accepts a file, and the lines of it that it complains of."""
    roots = (f"-I{file.parent}", f"-I{WELL_KNOWN}", f"-I{COMMON}")
    code, said = run(*roots, f"--descriptor_set_out={os.devnull}", str(file))
    lines = {int(m["line"]) for m in _COMPLAINT.finditer(said) if m["file"].endswith(file.name)}
    return code == 0, lines


def descriptors(roots: list[Path], names: list[str]) -> descriptor_pb2.FileDescriptorSet:
    """What protoc reads in files, with comments and every option."""
    with tempfile.TemporaryDirectory() as scratch:
        out = Path(scratch, "set")
        code, said = run(
            *(f"-I{root}" for root in roots), "--include_imports", "--include_source_info",
            "--retain_options", f"--descriptor_set_out={out}", *names,
        )  # fmt: skip
        assert code == 0, said
        return descriptor_pb2.FileDescriptorSet.FromString(out.read_bytes())
