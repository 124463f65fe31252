"""Reading the .thrift files of Debian's thrift source, beside ptsd and thriftpy2.

ptsd makes a tree of a text, so we do; thriftpy2 reads a file with what it includes into classes,
beside our way from the file to the model. Calls a second are files a second, of those that the
peer reads at all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, redirect_stdout
from io import StringIO
from pathlib import Path

from benchmarks.proto_reader import speed
from benchmarks.rounds import Contest
from tests.thrift_suite import sources


def readable(work: Callable[[Path], object], files: Sequence[Path]) -> list[Path]:
    """The files that a reader does not fail on."""
    return [file for file in files if _works(work, file)]


def _works(work: Callable[[Path], object], file: Path) -> bool:
    try:
        work(file)
    except Exception:  # every reader has errors of its own
        return False
    return True


@contextmanager
def contests() -> Iterator[list[Contest]]:
    from ptsd.parser import Parser
    from thriftpy2.parser import parser as thriftpy2

    from svcgen.diagnostics import Report
    from svcgen.formats.source import Source
    from svcgen.formats.thrift.lexer import tokenize
    from svcgen.formats.thrift.parser import parse
    from svcgen.formats.thrift.reader import read

    files = [f for f in sorted(sources().rglob("*.thrift")) if read(f, Report()) is not None]
    texts = {f: f.read_text(encoding="utf-8-sig").replace("\r\n", "\n") for f in files}
    ptsd = Parser()

    def tree(file: Path) -> None:
        parse(tokenize(Source.of(file.name, texts[file])), file.stem)

    def model(file: Path) -> None:
        read(file, Report())

    def peer_tree(file: Path) -> None:
        with redirect_stdout(StringIO()):
            ptsd.parse(texts[file])

    def peer_classes(file: Path) -> None:
        thriftpy2.parse(str(file), enable_cache=False)

    trees, classes = readable(peer_tree, files), readable(peer_classes, files[::4])
    yield [
        Contest(".thrift to tree", "ptsd", speed(tree, trees), speed(peer_tree, trees), 3.0),
        Contest(
            ".thrift to model", "thriftpy2",
            speed(model, classes), speed(peer_classes, classes), 5.0,
        ),
    ]  # fmt: skip
