"""A project made from an SDL file: it serves that schema, and is called over every protocol."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from graphql import parse

from tests.sdl_facts import facts

SCHEMAS = Path(__file__).parent / "schemas"
LIBRARY = SCHEMAS / "library.graphql"

ANSWERS = {
    "{ hello(name: null) again { hello } }": {"hello": None, "again": {"hello": "Hello, world!"}},
    '{ node(id: "b1") { __typename id ... on Book { title } ... on Dated { added(format: "x") } } }': {
        "node": {"__typename": "Book", "id": "b1", "title": "Emma", "added": "Emma, x"},
    },
    '{ nodes(ids: ["a1", "root", "?"]) { id ... on Author { name best { title } } } }': {
        "nodes": [{"id": "a1", "name": "Jane", "best": {"title": "Emma"}}, {"id": "root"}, None],
    },
    '{ search(text: "x") { ... on Book { label: title } ... on Author { name } } }': {
        "search": [{"label": "Emma"}, {"name": "Jane"}],
    },
    '{ book(by: {id: "b1"}) { pages authors { name books { authors(first: 0) { id } } } } }': {
        "book": {"pages": [1, None], "authors": [{"name": "Jane", "books": [{"authors": []}]}]},
    },
    '{ book(by: {id: "b1"}) { sequel { title authors { id } } } }': {
        "book": {"sequel": {"title": "Emma II", "authors": []}},
    },
    "{ books { total edges { cursor node { added } } } }": {
        "books": {"total": 1, "edges": [{"cursor": "1", "node": {"added": "Emma, iso"}}, None]},
    },
    "{ dated { __typename changed added id } }": {
        "dated": [{"__typename": "Book", "changed": None, "added": "Emma, iso", "id": "b1"}],
    },
    "{ json(value: {a: [1, null]}) maybe(sure: [2]) big }": {
        "json": {"a": [1, None]}, "maybe": [[2], None], "big": 900719925474099,
    },
    'mutation { store(value: {size: 1, parts: [{size: 2}]}) { parts { size parts { size } } } }': {
        "store": {"parts": [{"size": 2, "parts": None}]},
    },
    'mutation { addBook(input: {title: "Y"}) { book { title } query { hello } } }': {
        "addBook": {"book": {"title": "Y"}, "query": {"hello": "Hello, world!"}},
    },
}  # fmt: skip
"""What a query is answered, through interfaces, unions, and fields with arguments."""

CALLS = """
import asyncio, json, sys
from library import connect, serve
from library.handler import LibraryHandler

async def main():
    async with serve(LibraryHandler(), urls=["graphql+http://127.0.0.1:0"]) as server:
        async with connect(str(server.urls[0])) as client:
            for query in json.load(sys.stdin):
                response = await client.graphql(query)
                print(json.dumps([response.data, [str(e) for e in response.errors]]))

asyncio.run(main())
"""


def run(*command: str, cwd: Path, given: str = "", **env: str) -> str:
    done = subprocess.run(
        [sys.executable, *command], cwd=cwd, env={**os.environ, **env}, input=given,
        capture_output=True, text=True, timeout=280, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-6000:]
    return done.stdout


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("sdl") / "library"
    run("-m", "svcgen", "new", str(LIBRARY), "-o", str(root), cwd=Path(__file__).parent.parent)
    shutil.copy(SCHEMAS / "library_handler.py", root / "python/src/library/handler.py")
    return root


def test_it_serves_the_schema_that_it_was_made_from(project: Path) -> None:
    served = project / "python/src/library/_gen/schema.graphql"

    assert facts(parse(served.read_text(encoding="utf-8"))) == facts(
        parse(LIBRARY.read_text(encoding="utf-8"))
    )


@pytest.mark.slow
def test_it_is_called_over_every_protocol(project: Path) -> None:
    """The seeded tests call every operation; those of fields that only GraphQL's server has, elsewhere."""
    out = run(
        "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:asyncio", "-rs",
        cwd=project / "python", PYTHONPATH=str(project / "python" / "src"),
    )  # fmt: skip

    assert "passed" in out
    assert "skipped" not in out


def test_queries_are_answered(project: Path) -> None:
    out = run(
        "-c", CALLS, cwd=project / "python", given=json.dumps(list(ANSWERS)),
        PYTHONPATH=str(project / "python" / "src"),
    )  # fmt: skip
    answers: list[Any] = [json.loads(line) for line in out.splitlines()]

    assert dict(zip(ANSWERS, answers, strict=True)) == {q: [a, []] for q, a in ANSWERS.items()}


@pytest.mark.slow
def test_its_code_is_typed_and_linted(project: Path) -> None:
    root = Path(__file__).parent.parent
    python = project / "python"

    run("-m", "mypy", "--cache-dir", str(root / ".mypy_cache" / "generated"), cwd=python)
    run("-m", "ruff", "check", "--isolated", ".", cwd=python)
    run("-m", "black", "--check", "-q", str(python / "src/library/_gen"), cwd=python)
