"""Reading .proto files of npm's google-proto-files, beside proto-schema-parser and protoc.

proto-schema-parser makes a tree without places of a text; protoc makes descriptors with comments of
files and all that these import, as we make models with places. Calls a second are characters a
second of processor time: of this process, or of one that reads all files at once. Which files these
are matters: protoc is better at many small ones, so models are made of all.
"""

from __future__ import annotations

import gc
import os
import random
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from benchmarks.rounds import HERE, Contest
from tests import proto_corpus

_File = TypeVar("_File")

COUNT = 50
"""Files for the slow peer."""


def speed(work: Callable[[_File], object], files: Sequence[_File]) -> Callable[[], float]:
    """Files a second."""

    def measure() -> float:
        began = time.process_time()
        for file in files:
            work(file)
        return len(files) / (time.process_time() - began)

    return measure


def characters(speed: Callable[[], float], texts: Sequence[str]) -> Callable[[], float]:
    """Characters a second instead of texts."""
    mean = sum(map(len, texts)) / len(texts)
    return lambda: speed() * mean


def in_a_process(*command: str) -> Callable[[], float]:
    """How often a second a command could run; its own processor time counts."""

    def measure() -> float:
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run(
            [sys.executable, *command], cwd=HERE.parent, check=True, stderr=subprocess.DEVNULL
        )
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        return 1 / (after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime)

    return measure


def protoc(root: Path, names: Sequence[str]) -> Callable[[], float]:
    return in_a_process(
        "-m", "grpc_tools.protoc", f"-I{root}", "--include_source_info",
        f"--descriptor_set_out={os.devnull}", *names,
    )  # fmt: skip


def models() -> None:
    """The models of all files, of which each is read once."""
    from svcgen.diagnostics import Report
    from svcgen.formats import Sources
    from svcgen.formats.protobuf.reader import read

    gc.set_threshold(500_000)  # as the command line does
    root = proto_corpus.root()
    sources = Sources(include=(root,))
    for name in proto_corpus.apis():
        assert read(root / name, Report(), sources)


@contextmanager
def contests() -> Iterator[list[Contest]]:
    from proto_schema_parser.parser import Parser

    from svcgen.formats.protobuf.lexer import Tokens
    from svcgen.formats.protobuf.parser import parse
    from svcgen.formats.source import Source

    gc.set_threshold(500_000)
    root, names = proto_corpus.root(), proto_corpus.apis()
    texts = [(root / name).read_text(encoding="utf-8") for name in names]
    few = random.Random(proto_corpus.SEED).sample(texts, COUNT)

    def tree(text: str) -> None:
        parse(Tokens(Source.of("a.proto", text)), "a.proto")

    all_models = characters(in_a_process("-m", "benchmarks.proto_reader"), ["".join(texts)])
    parsed = characters(speed(Parser().parse, few), few)
    yield [
        Contest(
            ".proto to tree", "proto-schema-parser",
            characters(speed(tree, few), few), parsed, 15.0,
        ),
        Contest(".proto to models", "proto-schema-parser", all_models, parsed, 15.0),
        Contest(
            ".proto to models", "protoc",
            all_models, characters(protoc(root, names), ["".join(texts)]), 1.0,
        ),
    ]  # fmt: skip


if __name__ == "__main__":
    models()
