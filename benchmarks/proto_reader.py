"""Parsing .proto files: text to declarations with positions, beside proto-schema-parser.

Calls a second are files a second; the files are those of googleapis-common-protos.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from benchmarks.rounds import Contest


def speed(work: Callable[[Path], object], files: Sequence[Path]) -> Callable[[], float]:
    def measure() -> float:
        began = time.perf_counter()
        for file in files:
            work(file)
        return len(files) / (time.perf_counter() - began)

    return measure


@contextmanager
def contests() -> Iterator[list[Contest]]:
    from google.protobuf import descriptor_pb2
    from proto_schema_parser.parser import Parser

    from svcgen.formats.protobuf.lexer import tokenize
    from svcgen.formats.protobuf.parser import parse
    from svcgen.formats.source import Source

    root = Path(descriptor_pb2.__file__).parents[2]
    files = sorted((root / "google" / "api").rglob("*.proto"))
    texts = {file: file.read_text(encoding="utf-8") for file in files}

    def tree(file: Path) -> None:
        parse(tokenize(Source.of(file.name, texts[file])), file.name)

    def peer(file: Path) -> None:
        Parser().parse(texts[file])

    yield [
        Contest(
            ".proto to tree", "proto-schema-parser",
            speed(tree, files), speed(peer, files[::4]), 15.0,
        ),
    ]  # fmt: skip
