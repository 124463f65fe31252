"""The command line from outside: exit codes, streams, and what happens to a project."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from svcgen import pipeline, registry
from svcgen.cli.commands import COMMANDS
from svcgen.cli.main import main
from tests.test_output import tree

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs svcgen in this process; gives the exit code, standard output and standard error."""

    def run_(*arguments: str | Path) -> tuple[int, str, str]:
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main([str(argument) for argument in arguments])
        out, err = capsys.readouterr()
        assert isinstance(ended.value.code, int)
        return ended.value.code, out, err

    return run_


def process(
    *arguments: str, cwd: Path | None = None, env: dict[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "svcgen", *arguments],
        cwd=cwd, capture_output=True, text=True, check=False, timeout=60,
        env={**os.environ, **(env or {})},
    )  # fmt: skip


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project made from the starter definition. Not to be changed."""
    folder = tmp_path_factory.mktemp("made")
    done = process("new", "tasks.yaml", cwd=folder)
    assert done.returncode == 0, done.stderr
    return folder / "tasks"


@pytest.fixture
def project(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of it, which is the working directory."""
    shutil.copytree(made, tmp_path / "tasks")
    monkeypatch.chdir(tmp_path / "tasks")
    return tmp_path / "tasks"


def edit(file: Path, old: str, new: str) -> None:
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new, 1))


# Any command


def test_help_names_every_command(run: Run) -> None:
    code, out, err = run("--help")

    assert (code, err) == (0, "")
    assert all(f"\n  {name} " in out for name in COMMANDS)


def test_starting_imports_nothing_but_click() -> None:
    heavy = "yaml jinja2 graphql cookiecutter tomllib json dataclasses svcgen.diagnostics"
    code = (
        "import sys, svcgen.cli.commands as m\n"
        "for name in m.COMMANDS: m.svcgen.get_command(None, name)\n"
        f"print([name for name in {heavy.split()!r} if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=20
    )

    assert done.stdout == "[]\n"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["genrate"], "there is no command 'genrate', did you mean 'generate'?"),
        (["generate", "--chekc"], "--chekc"),
        (["check"], "Missing argument"),
        (["check", "x.yaml", "--protocol", "gprc"], "no protocol 'gprc', did you mean 'grpc'?"),
        (["check", "x.yaml", "--protocol", ","], "name at least one protocol"),
        (["new", "x.yaml", "--lang", "pithon"], "no language 'pithon', did you mean 'python'?"),
        (["new", "x.proto"], "does not exist"),
        (["explain", "unknown-typ"], "no rule 'unknown-typ', did you mean 'unknown-type'?"),
        (["targets", "--format", "xml"], "xml"),
    ],
)  # fmt: skip
def test_wrong_usage_is_code_2_and_says_what_is_near(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], message: str
) -> None:
    monkeypatch.chdir(tmp_path)

    code, out, err = run(*arguments)

    assert (code, out) == (2, "")
    assert message in err
    assert tree(tmp_path) == {}


def test_an_internal_fault_is_code_3_and_says_how_to_report_it(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError("first\nsecond")

    monkeypatch.setattr(pipeline, "check", broken)
    monkeypatch.delenv("SVCGEN_DEBUG", raising=False)

    code, out, err = run("check", "x.yaml")
    assert (code, out) == (3, "")
    assert "internal fault: ZeroDivisionError: first\n" in err
    assert "SVCGEN_DEBUG=1" in err
    assert "Traceback" not in err

    monkeypatch.setenv("SVCGEN_DEBUG", "1")
    assert "Traceback" in run("check", "x.yaml")[2]


def test_an_interrupt_is_quiet(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(pipeline, "check", interrupted)

    assert run("check", "x.yaml") == (130, "", "\n"), "the line of the ^C ends"


@pytest.mark.parametrize("command", ["explain", "generate"])
def test_a_closed_pipe_is_quiet(project: Path, command: str) -> None:
    shutil.rmtree(project / "python/src/tasks/_gen")
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run(
        [sys.executable, "-m", "svcgen", command], cwd=project,
        stdout=writer, stderr=subprocess.PIPE, check=False, timeout=60,
    )  # fmt: skip
    os.close(writer)

    assert (done.returncode, done.stderr) == (1, b"")


def test_completion_offers_commands_and_names() -> None:
    def complete(line: str) -> list[str]:
        words = {"COMP_WORDS": line, "COMP_CWORD": str(line.count(" "))}
        done = process(env={"_SVCGEN_COMPLETE": "bash_complete", **words})
        return [each.split(",", 1)[1] for each in done.stdout.split()]

    assert "generate" in complete("svcgen g")
    assert complete("svcgen check --protocol grpc,re") == ["grpc,rest"]
    assert "unknown-type" in complete("svcgen explain unknown-t")


# new


def test_new_makes_a_project_from_a_starter(made: Path) -> None:
    files = tree(made)

    for path in ("tasks.yaml", "svcgen.toml", "svcgen.lock", "svcgen.manifest", "README.md",
                 ".pre-commit-config.yaml", ".gitignore", "Dockerfile", "compose.yaml",
                 "python/src/tasks/handler.py"):  # fmt: skip
        assert path in files or (made / path).is_file()
    assert files["tasks.yaml"] == (made.parent / "tasks.yaml").read_bytes()
    assert b'"-m", "tasks"' in files["Dockerfile"]
    assert b"{{" not in files["Dockerfile"] + files["compose.yaml"] + files["README.md"]


def test_new_prints_three_next_steps(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    code, out, err = run("new", "tasks.yaml")

    assert (code, err) == (0, "")
    assert [line[:4] for line in out.splitlines()[-3:]] == ["  1.", "  2.", "  3."]
    assert "python -m tasks serve" in out


def test_a_new_project_is_up_to_date(run: Run, project: Path) -> None:
    assert run("generate", "--check") == (0, "", "")


@pytest.mark.parametrize("name", ["folder", "folder.yaml"])
def test_new_of_a_folder_is_a_finding(
    name: str, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / name).mkdir()
    monkeypatch.chdir(tmp_path)

    code, out, err = run("new", name)

    assert (code, out) == (1, "")
    assert err.startswith(f"{name}:1:1: error[")
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_new_again_adds_only_what_is_missing(run: Run, project: Path) -> None:
    (project / "Dockerfile").unlink()
    (project / "compose.yaml").write_text("mine")

    code, out, _ = run("new", "tasks.yaml", "-o", ".")

    assert code == 0
    assert out.startswith("created 1 files in .\n")
    assert (project / "compose.yaml").read_text() == "mine"


def test_new_refuses_the_project_of_another_definition(run: Run, project: Path) -> None:
    (project.parent / "tasks.yaml").write_text(
        "svcgen: 1\npackage: other\nservices: {A: {methods: {a: {}}}}\n"
    )
    before = tree(project)

    code, _, err = run("new", project.parent / "tasks.yaml", "-o", project)

    assert code == 1
    assert "is the project of another definition" in err
    assert tree(project) == before


def test_new_refuses_a_folder_whose_files_it_would_overwrite(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "README.md").write_text("mine")

    code, _, err = run("new", "tasks.yaml", "-o", ".")

    assert code == 1
    assert "README.md exists already" in err
    assert tree(tmp_path).keys() == {"README.md", "tasks.yaml"}


def test_new_copies_imports_as_they_lie(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "api").mkdir()
    (tmp_path / "shared.yaml").write_text("svcgen: 1\npackage: a\ntypes: {T: {a: int32}}\n")
    (tmp_path / "api/a.yaml").write_text(
        "svcgen: 1\npackage: a\nimports: [../shared.yaml]\n"
        "services: {A: {methods: {get: {input: T, output: T}}}}\n"
    )
    monkeypatch.chdir(tmp_path / "api")

    code, _, err = run("new", "a.yaml", "-o", "../out")

    assert code == 0, err
    monkeypatch.chdir(tmp_path / "out")
    assert (tmp_path / "out/shared.yaml").is_file()
    assert (tmp_path / "out/api/a.yaml").is_file()
    assert run("generate", "--check") == (0, "", "")


@pytest.mark.parametrize("text", ["svcgen: 1\n\tx", "", "svcgen: 1\npackage: a\nservices: 3\n"])
def test_a_wrong_definition_makes_no_project(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "x.yaml").write_text(text)

    code, out, err = run("new", "x.yaml")

    assert (code, out) == (1, "")
    assert err.startswith("x.yaml:")
    assert tree(tmp_path).keys() == {"x.yaml"}


# generate


def test_generate_says_where_the_settings_should_be(run: Run, tmp_path: Path) -> None:
    code, out, err = run("generate", tmp_path / "none")

    assert (code, out) == (1, "")
    assert "error[config-missing]" in err
    assert not (tmp_path / "none").exists()


def test_generate_adds_a_new_method_everywhere_and_keeps_the_users_code(
    run: Run, project: Path
) -> None:
    handler = project / "python/src/tasks/handler.py"
    handler.write_text("# my words\n" + handler.read_text())
    edit(
        project / "tasks.yaml",
        "    methods:\n",
        "    methods:\n      archive: {params: {id: uuid}}\n",
    )

    code, out, err = run("generate")

    assert (code, err) == (0, "")
    assert "updated python/src/tasks/handler.py\n" in out
    assert handler.read_text().startswith("# my words\n")
    assert "async def archive(self, " in handler.read_text()
    assert run("generate", "--check") == (0, "", "")


def test_generate_reports_a_method_that_vanished_and_leaves_it(run: Run, project: Path) -> None:
    text = (project / "tasks.yaml").read_text()
    line = next(line for line in text.split("\n") if line.startswith("      list: "))
    edit(project / "tasks.yaml", line + "\n", "")

    code, _, err = run("generate")

    assert code == 0
    assert "handler.py:" in err
    assert "warning[handler-vanished-method]" in err
    assert "async def list" in (project / "python/src/tasks/handler.py").read_text()
    assert "handler-vanished-method" in run("generate")[2], "told until the user removes it"


def test_check_and_diff_write_nothing(run: Run, project: Path) -> None:
    edit(project / "tasks.yaml", "Keeps a list of tasks.", "Keeps a list.")
    before = tree(project)

    checked = run("generate", "--check")
    shown = run("generate", "--diff")
    both = run("generate", "--check", "--diff")

    assert tree(project) == before
    assert checked[0] == both[0] == 1
    assert shown[0] == 0
    assert "would be updated python/src/tasks/_gen/service.py\n" in checked[1]
    assert (
        "--- a/python/src/tasks/_gen/service.py\n+++ b/python/src/tasks/_gen/service.py\n"
        in shown[1]
    )
    assert both[1] == shown[1]


def test_patch_applies_what_diff_shows(run: Run, project: Path) -> None:
    edit(project / "tasks.yaml", "Keeps a list of tasks.", "Keeps a list.")
    edit(
        project / "tasks.yaml",
        "      # `idempotent`",
        "      extra: {returns: int32}\n      # `idem",
    )
    _, patch, _ = run("generate", "--diff")

    applied = subprocess.run(
        ["patch", "-p1", "--fuzz=0"], input=patch, text=True, cwd=project,
        capture_output=True, check=False, timeout=20,
    )  # fmt: skip

    assert applied.returncode == 0, applied.stdout
    assert run("generate", "--check") == (0, "", "")


def test_an_error_in_the_definition_touches_nothing(run: Run, project: Path) -> None:
    edit(project / "tasks.yaml", "state: State", "state: Stat")
    before = tree(project)

    code, out, err = run("generate")

    assert (code, out) == (1, "")
    assert "did you mean 'State'?" in err
    assert tree(project) == before


def test_a_broken_handler_touches_nothing(run: Run, project: Path) -> None:
    (project / "python/src/tasks/handler.py").write_text("class (\n")
    edit(project / "tasks.yaml", "Keeps a list of tasks.", "Keeps a list.")
    before = tree(project)

    code, _, err = run("generate")

    assert code == 1
    assert "error[handler-syntax]" in err
    assert tree(project) == before


def test_an_edit_of_an_owned_file_is_overwritten_and_told(run: Run, project: Path) -> None:
    service = project / "python/src/tasks/_gen/service.py"
    before = service.read_text()
    service.write_text(before + "# mine\n")

    code, out, err = run("generate")

    assert (code, out) == (0, "updated python/src/tasks/_gen/service.py\n")
    assert "edited by hand; the edit was overwritten" in err
    assert service.read_text() == before


def test_a_protocol_that_is_left_out_takes_its_files_along(run: Run, project: Path) -> None:
    edit(project / "svcgen.toml", 'protocols = ["all"]', 'protocols = ["rest"]')

    code, out, _ = run("generate")

    assert code == 0
    assert "removed python/src/tasks/_gen/grpc.py\n" in out
    assert not (project / "python/src/tasks/_gen/grpc.py").exists()


def test_findings_as_json_and_annotations_go_to_standard_output(run: Run, project: Path) -> None:
    assert json.loads(run("generate", "--format", "json")[1]) == []
    edit(project / "tasks.yaml", "state: State", "state: Stat")

    code, out, err = run("generate", "--format", "json")
    assert (code, err) == (1, "")
    assert [finding["code"] for finding in json.loads(out)] == ["unknown-type"]

    code, out, err = run("generate", "--format", "github")
    assert (code, err) == (1, "")
    assert out.startswith("::error file=tasks.yaml,line=")


def test_nothing_to_do_is_believed_only_while_everything_is_as_it_was(
    run: Run, project: Path
) -> None:
    run("generate")
    assert (project / ".svcgen/stamp").is_file()
    lock, handler = project / "svcgen.lock", project / "python/src/tasks/handler.py"

    for file, damage in ((lock, b""), (project / "python/src/tasks/_gen/client.py", b"# x\n")):
        before = file.read_bytes()
        file.write_bytes(before + b"\n" if damage == b"" else damage)
        assert run("generate", "--check")[0] == 1
        file.write_bytes(before)
        assert run("generate", "--check")[0] == 0

    handler.unlink()
    assert "created python/src/tasks/handler.py\n" in run("generate")[1]

    client = project / "python/src/tasks/_gen/client.py"
    assert run("generate")[1] == ""
    at, text = client.stat(), client.read_bytes()
    client.write_bytes(text.swapcase())  # as long as before, and as old
    os.utime(client, ns=(at.st_atime_ns, at.st_mtime_ns))
    assert "updated python/src/tasks/_gen/client.py\n" in run("generate")[1]
    assert client.read_bytes() == text


def test_nothing_to_do_is_known_of_one_set_of_settings(run: Run, project: Path) -> None:
    run("generate")
    text = (project / "svcgen.toml").read_text()
    (project / "other.toml").write_text(text.replace('["all"]', '["rest"]'))

    assert "removed python/src/tasks/_gen/grpc.py\n" in run("generate", "other.toml")[1]


def test_a_plain_generate_needs_no_parser_of_command_lines(project: Path) -> None:
    """Nor does it read other forms, or one with nothing to do find out what there is to do."""
    heavy = "click pathlib svcgen.formats.protobuf.parser svcgen.conversion"
    code = (
        "import sys; from svcgen.cli.main import main\n"
        "try: main(['generate'])\n"
        f"finally: print([name for name in {heavy.split()!r} if name in sys.modules])"
    )
    command = [sys.executable, "-c", code]

    runs = [subprocess.run(command, capture_output=True, text=True, check=True) for _ in range(2)]

    assert [done.stdout.splitlines()[-1] for done in runs] == ["['pathlib']", "[]"]


def test_generating_twice_is_the_same_from_anywhere(run: Run, project: Path) -> None:
    shutil.rmtree(project / "python/src/tasks/_gen")
    before = (project / "svcgen.manifest").read_bytes()

    done = process("generate", str(project), cwd=project.parent, env={"PYTHONHASHSEED": "7"})

    assert done.returncode == 0, done.stderr
    assert (project / "svcgen.manifest").read_bytes() == before


# check, explain, targets


def test_check_shows_which_protocol_carries_what(run: Run, project: Path) -> None:
    code, out, err = run("check", "tasks.yaml")

    assert (code, err) == (0, "")
    header, *rows = out.splitlines()
    assert header.split() == ["operation", *(p.title for p in registry.protocols().values())]
    assert any(row.startswith("Tasks.import_titles ") for row in rows)


def test_check_reports_the_findings_of_all_files(run: Run, project: Path) -> None:
    edit(project / "tasks.yaml", "state: State", "state: Stat")

    code, out, err = run("check", "tasks.yaml", "none.yaml")

    assert (code, out) == (1, "")
    assert "none.yaml:1:1: error[unreadable-file]" in err
    assert re.search(r"^tasks\.yaml:\d+:14: error\[unknown-type\]", err, re.MULTILINE)
    assert err.endswith("2 errors\n")


def test_colour_is_only_for_terminals(project: Path) -> None:
    import pty

    edit(project / "tasks.yaml", "state: State", "state: Stat")
    shown = {}
    for name, env in (("plain", {"NO_COLOR": "1"}), ("colour", {})):
        master, slave = pty.openpty()
        subprocess.run(
            [sys.executable, "-m", "svcgen", "check", "tasks.yaml"],
            stderr=slave, stdout=subprocess.DEVNULL, check=False, timeout=60,
            env={**{k: v for k, v in os.environ.items() if k != "NO_COLOR"}, **env},
        )  # fmt: skip
        shown[name] = os.read(master, 10_000)
        os.close(slave)
        os.close(master)

    assert b"\x1b[" in shown["colour"]
    assert b"\x1b[" not in shown["plain"]
    assert "\x1b[" not in process("check", "tasks.yaml").stderr


def test_explain_lists_and_explains(run: Run) -> None:
    code, out, _ = run("explain")
    assert code == 0
    assert "error   unknown-type\n" in out

    code, out, _ = run("explain", "error[unknown-type]")
    assert code == 0
    assert out.startswith("error[unknown-type]: ")


def test_targets_in_every_form_have_the_same_facts(run: Run) -> None:
    rows = json.loads(run("targets", "--format", "json")[1])
    text, markdown = run("targets")[1], run("targets", "--format", "markdown")[1]

    assert {row["protocol"] for row in rows} == set(registry.protocols())
    assert len(text.splitlines()) == len(markdown.splitlines()) - 1 == len(rows) + 1
    for row in rows:
        assert row["title"] in text
        assert f"| {row['title']} | " in markdown


def test_a_faulty_schema_is_read_only_if_told_so(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "books.graphql"
    file.write_text("type Query {\n  a: Int\n  a: Int\n}\n", encoding="utf-8")

    assert run("check", str(file))[0] == 1
    assert run("convert", str(file), "--to", "yaml")[0] == 1
    assert run("check", str(file), "--lenient")[0] == 0
    code, out, _ = run("convert", str(file), "--to", "yaml", "--lenient")
    assert code == 0
    assert "a: {returns: int32|null, readonly: true}" in out
