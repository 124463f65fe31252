"""``svcgen convert``: its table is whole and true, its losses are located, its files are written."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from svcgen import checks, output, pipeline, registry
from svcgen.cli.commands import svcgen
from svcgen.conversion import converting, page, reading
from svcgen.conversion.constructs import CONSTRUCTS, Construct
from svcgen.conversion.occurrences import occurrences
from svcgen.diagnostics import Report
from svcgen.formats import Format, Sources, former_path
from svcgen.formats.fidelity import Verdict
from tests import corpus

ROOT = Path(__file__).parent.parent
EXAMPLES = sorted((ROOT / "examples").glob("*/*.yaml"))
FORMS = [form for form in registry.formats().values() if form.write is not None]
READ = [form for form in FORMS if form.read is not None]


@pytest.fixture
def sample(tmp_path: Path, construct: Construct) -> Path:
    path = tmp_path / "sample.yaml"
    path.write_text(construct.example, encoding="utf-8")
    return path


@pytest.mark.parametrize("construct", CONSTRUCTS.values(), ids=lambda c: c.code)
def test_a_construct_is_found_where_its_example_uses_it(sample: Path, construct: Construct) -> None:
    report = Report()
    api = pipeline.read(sample, report)
    assert api is not None
    checks.check(api, report)

    assert not report.diagnostics
    assert construct.code in {each.construct for each in occurrences(api)}


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.word)
def test_a_table_speaks_of_constructs_only(form: Format) -> None:
    table = form.fidelity() if form.fidelity else {}

    assert table.keys() <= CONSTRUCTS.keys()
    assert all(said.verdict is not Verdict.SAME for said in table.values())


def test_the_page_is_fresh(refresh: bool) -> None:
    corpus.compare(page.markdown(), ROOT / "docs" / "fidelity.md", refresh)


def test_a_loss_is_reported_where_it_is(tmp_path: Path) -> None:
    result = CliRunner().invoke(
        svcgen,
        ["convert", str(ROOT / "examples/chat/chat.yaml"), "--to", "openapi", "--report", "json",
         "--plain", "--strict", "-o", str(tmp_path / "chat.yaml")],
    )  # fmt: skip

    found = {each["code"]: each for each in json.loads(result.stdout)}
    assert result.exit_code == 1
    assert found["loss-both-streams"]["verdict"] == "lost"
    assert found["loss-both-streams"]["line"] == 34
    assert (tmp_path / "chat.yaml").read_text(encoding="utf-8").startswith("openapi: ")


def test_a_folder_becomes_a_tree(tmp_path: Path) -> None:
    out = tmp_path / "out"
    arguments = ["convert", str(ROOT / "examples"), "--to", "yaml", "-o", str(out)]

    result = CliRunner().invoke(svcgen, arguments)

    assert result.exit_code == 0, result.output
    written = {path.relative_to(out) for path in out.rglob("*.yaml")}
    assert written == {path.relative_to(ROOT / "examples") for path in EXAMPLES}


SHOP = {
    "shop/v2beta/common.proto": """\
syntax = "proto3";

package shop.v2beta;

// Who buys.
message User {
  string name = 1;
  float height = 2;
}
""",
    "shop/v2beta/orders.proto": """\
syntax = "proto3";

package shop.v2beta;

import "shop/v2beta/common.proto";

service Orders {
  rpc Buy(Order) returns (User);
}

message Order {
  User user = 1;
  float price = 2;
}
""",
}


def test_a_tree_comes_back_as_the_files_that_it_was(tmp_path: Path) -> None:
    for name, text in SHOP.items():
        output.put(tmp_path / "proto", name, text.encode())

    for source, form in [("proto", "thrift"), ("thrift", "proto")]:
        arguments = [str(tmp_path / source), "--to", form, "-o", str(tmp_path / form)]
        if form == "proto":
            shutil.rmtree(tmp_path / form)
        result = CliRunner().invoke(svcgen, ["convert", *arguments])
        assert result.exit_code == 0, result.output

    orders = (tmp_path / "thrift" / "shop_v2beta_orders.thrift").read_text(encoding="utf-8")
    assert "Who buys" not in orders  # what the other file declares is not carried by this one
    found = {p.relative_to(tmp_path / "proto"): p for p in (tmp_path / "proto").rglob("*.proto")}
    assert {str(name): p.read_text(encoding="utf-8") for name, p in found.items()} == SHOP


def test_a_definition_of_a_tree_imports_what_another_declares(tmp_path: Path) -> None:
    for name, text in SHOP.items():
        output.put(tmp_path / "proto", name, text.encode())
    arguments = [str(tmp_path / "proto"), "--to", "yaml", "-o", str(tmp_path / "yaml")]

    result = CliRunner().invoke(svcgen, ["convert", *arguments])

    assert result.exit_code == 0, result.output
    orders = (tmp_path / "yaml" / "shop/v2beta/orders.yaml").read_text(encoding="utf-8")
    assert "imports: [{file: common.yaml, only: [User]}]" in orders
    assert "Who buys" not in orders


@pytest.mark.parametrize(
    ("said", "path"),
    [
        ("{x-svcgen-file: shop/orders}", "shop/orders"),
        ('{x-svcgen-file: "shop/a b", svcgen: 1}', "shop/a b"),
        ("{svcgen: 1}", ""),
        ("{x-svcgen-file: ../../etc/passwd}", ""),
        ("{x-svcgen-file: /etc/passwd}", ""),
        ('{x-svcgen-file: "a\\\\..\\\\b"}', ""),
        ("{x-svcgen-file: a//b}", ""),
    ],
)
def test_a_file_names_no_path_outside_of_its_tree(said: str, path: str) -> None:
    assert former_path(said) == path


@pytest.mark.parametrize("arguments", [["--to", "protoc"], ["--to", "yaml", "--report", "xml"], []])
def test_wrong_usage_writes_nothing(arguments: list[str], tmp_path: Path) -> None:
    source = ROOT / "examples/chat/chat.yaml"

    result = CliRunner().invoke(svcgen, ["convert", str(source), *arguments])

    assert result.exit_code != 0
    assert not result.stdout


def test_a_wrong_definition_is_not_converted(tmp_path: Path) -> None:
    source, target = tmp_path / "wrong.yaml", tmp_path / "wrong.proto"
    source.write_text("svcgen: 1\ntypes:\n  A: {x: int33}\n", encoding="utf-8")

    result = CliRunner().invoke(
        svcgen, ["convert", str(source), "--to", "proto", "-o", str(target)]
    )

    assert result.exit_code == 1
    assert "wrong.yaml:3:10: error[unknown-type]" in result.stderr
    assert not target.exists()


@pytest.mark.parametrize("word", ["yaml", "openapi"])
def test_two_processes_write_what_one_does(word: str) -> None:
    form = next(form for form in FORMS if form.word == word)
    tree = reading.tree_of([ROOT / "examples", ROOT / "tests" / "protos"])
    reports = Report(), Report()

    one = converting.convert(tree, form, Sources(), reports[0], processes=1)
    two = converting.convert(tree, form, Sources(), reports[1], processes=2)

    assert len(one.files) == len(tree.files)
    assert two == one
    assert reports[1].diagnostics == reports[0].diagnostics


def test_one_wrong_file_stops_a_tree(tmp_path: Path) -> None:
    (tmp_path / "right.yaml").write_text("svcgen: 1\n", encoding="utf-8")
    (tmp_path / "wrong.yaml").write_text("svcgen: 1\ntypes: {A: {x: B}}\n", encoding="utf-8")
    (tmp_path / "compose.yaml").write_text("services: {db: {image: x}}\n", encoding="utf-8")
    report = Report()

    converted = converting.convert(
        reading.tree_of([tmp_path]), READ[0], Sources(), report, processes=2
    )

    assert [Path(d.span.file).name for d in report.diagnostics] == ["wrong.yaml"]
    assert not converted.files


def test_what_is_converted_is_never_overwritten(tmp_path: Path) -> None:
    source = tmp_path / "a.yaml"
    source.write_text("svcgen: 1  # mine\n", encoding="utf-8")

    result = CliRunner().invoke(svcgen, ["convert", str(source), "--to", "yaml", "-o", str(source)])

    assert result.exit_code == 1
    assert source.read_text(encoding="utf-8") == "svcgen: 1  # mine\n"


def test_a_plain_file_carries_nothing_and_says_so(tmp_path: Path) -> None:
    arguments = ["convert", str(ROOT / "examples/calculator/calculator.yaml"), "--to", "proto"]

    carrying = CliRunner().invoke(svcgen, [*arguments, "--strict"])
    plain = CliRunner().invoke(svcgen, [*arguments, "--strict", "--plain"])

    assert carrying.exit_code == 0
    assert "svcgen" in carrying.stdout
    assert plain.exit_code == 1
    assert "svcgen" not in plain.stdout
    assert "warning[loss-parameters]" in plain.stderr
