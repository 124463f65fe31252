"""The queries of clients for schemas of any form: they are bounded, valid, and end."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from graphql import GraphQLSchema, build_schema, parse, validate

from svcgen.diagnostics import Report
from svcgen.formats.graphql.documents import queries
from svcgen.formats.graphql.reader import read
from svcgen.formats.graphql.shape import graph
from svcgen.model.service import Api
from tests import tools

SPREAD = re.compile(r"\.\.\.(\w+)")


def everything(count: int) -> str:
    """Types that each hold every other, in each way that a field can."""
    others = [f"  one{n}: T{n}\n  many{n}: [T{n}!]!\n" for n in range(count)]
    types = [f"type T{n} {{\n  name: String\n{''.join(others)}}}\n" for n in range(count)]
    roots = "".join(f"  t{n}: T{n}\n" for n in range(count))
    return "".join([f"type Query {{\n{roots}}}\n", *types])


def ladder(count: int) -> str:
    """Types that each hold the next twice: a tree of twice as many on each step."""
    steps = [f"type T{n} {{\n  a: T{n + 1}\n  b: T{n + 1}\n}}\n" for n in range(count)]
    return "".join(["type Query {\n  t: T0\n}\n", *steps, f"type T{count} {{\n  end: Int\n}}\n"])


def chain(count: int) -> str:
    """Types that each hold the next."""
    steps = [f"type T{n} {{\n  next: T{n + 1}\n}}\n" for n in range(count)]
    return "".join(["type Query {\n  t: T0\n}\n", *steps, f"type T{count} {{\n  end: Int\n}}\n"])


def written(api: Api) -> tuple[list[str], int]:
    """All queries with their fragments, and the lines that a project has of them."""
    found = queries(graph(api)).values()
    fragments = {k: "\n".join(lines) for each in found for k, lines in each.fragments.items()}
    texts = []
    for each in found:
        parts, seen = ["\n".join(each.document)], set[str]()
        for part in parts:
            fresh = [n for n in dict.fromkeys(SPREAD.findall(part)) if n not in seen]
            seen |= set(fresh)
            parts += [fragments[name] for name in fresh]
        texts.append("\n".join(parts))
    lines = sum(len(each.document) + sum(map(len, each.fragments.values())) for each in found)
    return texts, lines


def model(path: Path, *, lenient: bool = False) -> Api:
    api = read(path, Report(), lenient=lenient)
    assert api is not None
    return api


def check(texts: list[str], schema: GraphQLSchema) -> None:
    for text in texts:
        assert not validate(schema, parse(text))


@pytest.mark.parametrize(
    ("text", "most"),
    [(everything(12), 12 * 2 * 30 + 100), (ladder(60), 300), (chain(1500), 6000)],
    ids=["everything holds everything", "twice as many a step", "a long chain"],
)
def test_queries_are_as_long_as_the_schema(text: str, most: int, tmp_path: Path) -> None:
    """Two levels of types that hold each other, and of all others one of each."""
    path = tmp_path / "schema.graphql"
    path.write_text(text, encoding="utf-8")

    texts, lines = written(model(path))

    assert lines <= most
    check(texts, build_schema(text)) if "next" not in text else parse(texts[0])


LEVELS = """
type Query { user: User }
type User { name: String  posts: [Post!]!  best: Post  boss: User! }
type Post { text: String  author: User! }
"""


def test_what_leads_back_is_asked_for_on_the_first_level(tmp_path: Path) -> None:
    path = tmp_path / "schema.graphql"
    path.write_text(LEVELS, encoding="utf-8")

    [text], _ = written(model(path))

    assert " ".join(text.split()) == (
        "query user { user { ...User } } "
        "fragment User on User { name posts { ...Post_2 } best { ...Post_2 } } "
        "fragment Post_2 on Post { text author { ...User_2 } } "
        "fragment User_2 on User { name }"
    )


@pytest.mark.slow
@pytest.mark.parametrize(
    ("package", "file", "lenient"),
    [
        ("@nautical-commerce/graphql-schema", "nautical/schema.graphql", False),
        ("@octokit/graphql-schema", "schema.graphql", True),
    ],
)
def test_queries_for_schemas_of_others(package: str, file: str, lenient: bool) -> None:
    """No longer than the schema, for hundreds of operations; every fortieth is validated."""
    tools.node_with(package)
    path = tools.NODE / "node_modules" / package / file
    sdl = path.read_text(encoding="utf-8")

    texts, lines = written(model(path, lenient=lenient))

    assert len(texts) > 500
    assert lines < sdl.count("\n")
    assert max(map(len, texts)) < len(sdl) / 3
    check(texts[::40], build_schema(sdl, assume_valid=True, assume_valid_sdl=True))
