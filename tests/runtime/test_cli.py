"""The command line of a generated package."""

import io
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from kernel.loopback import LISTENING, LoopbackChannel, LoopbackListener
from kernel.sample import OPERATIONS, Sample, TooBigError
from kernel.support.cli import main
from kernel.support.dispatch import Dispatcher
from kernel.support.endpoint import Endpoint, Schemes
from kernel.support.settings import ClientSettings, ServerSettings

Outcome = tuple[int, str, str]


class InProcess(Schemes):
    """Connects to a server that is there as soon as somebody asks for it."""

    def __init__(self, handler: Sample) -> None:
        super().__init__("kernel", {"loopback": "loopback"})
        self.handler = handler

    def connect(self, endpoint: Endpoint, settings: ClientSettings) -> LoopbackChannel:
        self.protocol(endpoint.scheme)
        dispatcher = Dispatcher({"Sample": self.handler}, ServerSettings())
        LISTENING[endpoint.port] = LoopbackListener(endpoint, dispatcher, ServerSettings())
        return LoopbackChannel(endpoint, settings)


@pytest.fixture
def handler() -> Sample:
    return Sample()


@pytest.fixture
def shell(handler: Sample, capsys: pytest.CaptureFixture[str]) -> Callable[..., Outcome]:
    """Run a command; exit code, output, errors."""

    def run(*arguments: str) -> Outcome:
        try:
            code = main(
                "sample",
                OPERATIONS,
                lambda: ([handler], ServerSettings()),
                InProcess(handler),
                ["loopback://here:1"],
                arguments,
            )
        except SystemExit as error:
            code = int(error.code or 0)
        finally:
            LISTENING.clear()
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return run


@pytest.mark.parametrize(
    ("arguments", "output"),
    [
        (["add", '{"a": 1, "b": 2}'], "3\n"),
        (["Sample.add", '{"a": 1, "b": 2}'], "3\n"),
        (["total", "1", "2", "3"], "6\n"),
        (["count", "3"], "0\n1\n2\n"),
        (["echo", "5", "6"], "5\n6\n"),
    ],
)
def test_calls_print_their_responses(shell: Any, arguments: list[str], output: str) -> None:
    assert shell("call", *arguments) == (0, output, "")


def test_requests_come_from_files_and_standard_input(
    shell: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "pair.json").write_text('{\n"a": 1,\n"b": 2\n}\n')
    (tmp_path / "numbers.json").write_text("1\n\n2\n")
    assert shell("call", "add", f"@{tmp_path}/pair.json") == (0, "3\n", "")
    assert shell("call", "total", f"@{tmp_path}/numbers.json", "3") == (0, "6\n", "")
    monkeypatch.setattr(sys, "stdin", io.StringIO("4\n5\n"))
    assert shell("call", "echo") == (0, "4\n5\n", "")


def test_an_error_of_the_call_is_json(shell: Any, handler: Sample) -> None:
    handler.outcomes = [TooBigError("no", limit=9)]
    code, out, err = shell("call", "act", "1")
    assert (code, out) == (1, "")
    assert json.loads(err) == {
        "code": "out_of_range",
        "message": "no",
        "error": "TooBig",
        "payload": {"limit": 9},
    }
    code, _, err = shell("call", "add", '{"a": -1, "b": 1}')
    assert json.loads(err)["violations"] == [{"field": "a", "message": "must be at least 0"}]


def test_timeout_and_metadata_travel(shell: Any) -> None:
    code, out, _ = shell("call", "about", "--timeout", "5", "--metadata", "X-A=b=c")
    about = json.loads(out)
    assert code == 0
    assert 4 < about["remaining"] < 5
    assert ["x-a", "b=c"] in about["metadata"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["ad", "1"], "did you mean 'add'?"),
        (["add", "{"], "is no request"),
        (["add", '{"a": "x"}'], "is no request"),
        (["act", "[" * 20_000], "is no request"),
        (["add", "{}", "{}"], "takes one request, not 2"),
        (["about", "1"], "takes no request"),
        (["total", "1", "x"], "is no request"),
        (["add", "{}", "--metadata", "x"], "wants name=value"),
        (["count", "1", "--url", "pigeon://a:1"], "no protocol has the URL scheme"),
        (["add", "{}", "--timeout", "soon"], "invalid number of seconds value: 'soon'"),
        (["add", "{}", "--timeout", "nan"], "invalid number of seconds value: 'nan'"),
        (["add", "{}", "--timeout", "inf"], "invalid number of seconds value: 'inf'"),
        (["add", "{}", "--timeout", "0"], "invalid number of seconds value: '0'"),
        (["add", "{}", "--timeout=-1"], "invalid number of seconds value: '-1'"),
    ],
)
def test_misuse_is_explained(shell: Any, arguments: list[str], message: str) -> None:
    code, out, err = shell("call", *arguments)
    assert (code, out) == (2, "")
    assert message in err
    assert "Traceback" not in err


def test_a_file_that_is_not_there_is_named(shell: Any) -> None:
    code, _, err = shell("call", "add", "@/nowhere.json")
    assert (code, "/nowhere.json" in err) == (1, True)


def test_a_file_of_another_encoding_is_named(shell: Any, tmp_path: Path) -> None:
    (tmp_path / "wrong.json").write_bytes(b"\xff")
    for operation in ("add", "total"):
        code, _, err = shell("call", operation, f"@{tmp_path}/wrong.json")
        assert (code, "wrong.json is not in UTF-8" in err) == (2, True)


def test_serve_tells_its_urls_and_ends_at_sigterm() -> None:
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parent)}
    command = [sys.executable, "-m", "kernel", "serve", "--url", "loopback://here:5"]
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "loopback://here:5\n"
        process.send_signal(signal.SIGTERM)
        _, logs = process.communicate(timeout=10)
    assert process.returncode == 0
    messages = [json.loads(line)["message"] for line in logs.splitlines()]
    assert messages == ["draining", "stopped"]


def test_serve_explains_a_url_it_cannot_serve(shell: Any) -> None:
    code, _, err = shell("serve", "--url", "pigeon://here:1")
    assert (code, "pigeon" in err) == (2, True)
