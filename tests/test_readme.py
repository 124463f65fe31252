"""The README is true: its tour is run as it is printed, its matrix is that of ``svcgen targets``."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

README = Path(__file__).parent.parent / "README.md"
WAIT = 30.0  # seconds


def blocks(language: str) -> list[str]:
    text = README.read_text(encoding="utf-8")
    return re.findall(rf"```{language}\n(.*?)```", text, re.DOTALL)


def run(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", *arguments]
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, timeout=60, check=False)


@pytest.fixture(scope="module")
def tour(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project of the tour, with the handler that the README shows and what it leaves out."""
    folder = tmp_path_factory.mktemp("tour")
    (folder / "calculator.yaml").write_text(blocks("yaml")[0])
    done = run("svcgen", "new", "calculator.yaml", cwd=folder)
    assert done.returncode == 0, done.stderr
    handler = folder / "calculator" / "python" / "src" / "calculator" / "handler.py"
    shown = blocks("python")[0]
    handler.write_text(
        shown
        + "    async def subtract(self, a: int, b: int) -> int:\n        return a - b\n\n"
        + "    async def countdown(self, from_: int):\n        yield from_\n"
    )
    return folder


@pytest.fixture(scope="module")
def urls(tour: Path) -> Iterator[dict[str, str]]:
    """The addresses of the tour's server by scheme, on free ports."""
    command = [sys.executable, "-m", "calculator", "serve"]
    for scheme in ("grpc", "rest+http"):
        command += ["--url", f"{scheme}://127.0.0.1:0"]
    source = tour / "calculator" / "python" / "src"
    with subprocess.Popen(
        command, cwd=source, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as server:
        assert server.stdout is not None
        lines = [server.stdout.readline().strip() for _ in range(2)]
        yield {line.partition("://")[0]: line for line in lines}
        server.terminate()
        server.wait(WAIT)


def shown(command: str) -> str:
    """The line that the README shows below a command that starts so."""
    text = README.read_text(encoding="utf-8")
    return re.search(rf"\$ {re.escape(command)}[^\n]*\n([^\n]*)\n", text)[1]


@pytest.mark.parametrize(
    ("arguments", "scheme"),
    [('\'{"a": 1, "b": 4}\'', "grpc"), ('\'{"a": 1, "b": 0}\'', "rest+http")],
)
def test_calls_answer_as_shown(
    tour: Path, urls: dict[str, str], arguments: str, scheme: str
) -> None:
    source = tour / "calculator" / "python" / "src"
    done = run(
        "calculator", "call", "divide", arguments.strip("'"), "--url", urls[scheme], cwd=source
    )

    expected = shown(f".venv/bin/python -m calculator call divide {arguments}")
    assert expected == (done.stdout + done.stderr).strip()


def test_curl_answers_as_shown(urls: dict[str, str]) -> None:
    command = "curl 'http://127.0.0.1:8080/calculator/subtract?a=5&b=3'"
    base = urls["rest+http"].replace("rest+http", "http")
    with urllib.request.urlopen(f"{base}/calculator/subtract?a=5&b=3", timeout=WAIT) as answer:
        assert json.loads(shown(command)) == json.load(answer)


def test_findings_are_as_shown(tour: Path, tmp_path: Path) -> None:
    text = (tour / "calculator.yaml").read_text()
    (tmp_path / "calculator.yaml").write_text(text.replace("a: int32", "a: int33", 1))

    done = run("svcgen", "check", "calculator.yaml", cwd=tmp_path)

    [expected] = [b for b in blocks("console") if b.startswith("$ svcgen check")]
    assert expected.partition("\n")[2] == done.stderr


def test_the_matrix_is_fresh(refresh: bool) -> None:
    """``--refresh`` writes it."""
    matrix = run("svcgen", "targets", "--format", "markdown", cwd=README.parent).stdout
    text = README.read_text(encoding="utf-8")
    pattern = re.compile(r"(<!-- targets -->\n).*?(<!-- /targets -->)", re.DOTALL)
    fresh = pattern.sub(lambda m: m[1] + matrix + m[2], text)
    if refresh:
        README.write_text(fresh, encoding="utf-8")
        return

    assert fresh == text


def test_a_conversion_says_what_is_shown_and_comes_back(tour: Path) -> None:
    forth = "svcgen convert calculator.yaml --to thrift -o calculator.thrift"
    back = "svcgen convert calculator.thrift --to yaml -o again.yaml"

    done = run(*forth.split(), cwd=tour)
    again = run(*back.split(), cwd=tour)

    assert done.stderr.strip() == shown(forth)
    assert again.returncode == 0, again.stderr
    assert "countdown: {params: " in (tour / "again.yaml").read_text(encoding="utf-8")
