"""Reading SDL: 1.2 MB of text to the model with places, beside graphql-core up to its own schema.

Calls a second are files a second; the schema is GitHub's, from npm (see ``tests/node``). It is not
valid, so both read it leniently. Seconds are of the processor: two runs share it with others.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.rounds import Contest
from tests import tools

PACKAGE = "@octokit/graphql-schema"


def speed(work: Callable[[], object]) -> Callable[[], float]:
    def measure() -> float:
        began = time.process_time()
        work()
        return 1 / (time.process_time() - began)

    return measure


@contextmanager
def contests() -> Iterator[list[Contest]]:
    from graphql import build_ast_schema, parse
    from graphql.validation.validate import validate_sdl

    from svcgen.diagnostics import Report
    from svcgen.formats.graphql.reader import read

    tools.node_with(PACKAGE)
    file = Path(tools.NODE / "node_modules" / PACKAGE / "schema.graphql")

    def ours() -> None:
        assert read(file, Report(), lenient=True) is not None

    def peer() -> None:
        document = parse(file.read_text(encoding="utf-8"))
        validate_sdl(document)
        build_ast_schema(document, assume_valid_sdl=True)

    yield [
        Contest("SDL to model, 1.2 MB", "graphql-core to its schema", speed(ours), speed(peer), 0.8)
    ]
