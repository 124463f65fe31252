"""Reading .proto files of npm's google-proto-files, beside proto-schema-parser and protoc.

proto-schema-parser makes a tree without places of a text; protoc makes descriptors with comments of
files and all that these import, as we make models with places. Calls a second are files a second of
processor time: of this process, and of protoc's own for all files at once. Only the files that are
asked for count; the time of models, as that of protoc, has the reading of all that they import in
it, of which proto-schema-parser reads nothing.
"""

from __future__ import annotations

import gc
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from benchmarks.rounds import Contest
from tests import proto_corpus

COUNT = 300


def speed(work: Callable[[Path], object], files: Sequence[Path]) -> Callable[[], float]:
    def measure() -> float:
        began = time.process_time()
        for file in files:
            work(file)
        return len(files) / (time.process_time() - began)

    return measure


def protoc(root: Path, files: Sequence[Path]) -> Callable[[], float]:
    """One run for all files."""
    command = [
        sys.executable, "-m", "grpc_tools.protoc", f"-I{root}", "--include_source_info",
        f"--descriptor_set_out={os.devnull}", *(str(file.relative_to(root)) for file in files),
    ]  # fmt: skip

    def measure() -> float:
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run(command, cwd=root, check=True, stderr=subprocess.DEVNULL)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        spent = after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime
        return len(files) / spent

    return measure


def models(root: Path, files: Sequence[Path]) -> Callable[[], float]:
    """One run for all files, in which each file that they import is read once."""
    from svcgen.diagnostics import Report
    from svcgen.formats import Sources
    from svcgen.formats.protobuf.reader import read

    def measure() -> float:
        sources = Sources(include=(root,))
        return speed(lambda file: read(file, Report(), sources), files)()

    return measure


@contextmanager
def contests() -> Iterator[list[Contest]]:
    from proto_schema_parser.parser import Parser

    from svcgen.formats.protobuf.lexer import Tokens
    from svcgen.formats.protobuf.parser import parse
    from svcgen.formats.source import Source

    gc.set_threshold(500_000)  # as the command line does
    root = proto_corpus.root()
    files = [root / name for name in proto_corpus.sample(COUNT) if "google/protobuf/" not in name]
    texts = {file: file.read_text(encoding="utf-8") for file in files}

    def tree(file: Path) -> None:
        parse(Tokens(Source.of(file.name, texts[file])), file.name)

    def peer(file: Path) -> None:
        Parser().parse(texts[file])

    yield [
        Contest(
            ".proto to tree", "proto-schema-parser",
            speed(tree, files[::6]), speed(peer, files[::6]), 15.0,
        ),
        Contest(
            ".proto to models", "proto-schema-parser",
            models(root, files[::6]), speed(peer, files[::6]), 15.0,
        ),
        Contest(".proto to models", "protoc", models(root, files), protoc(root, files), 1.0),
    ]  # fmt: skip
