"""``svcgen convert``: its table is whole and true, its losses are located, its files are written."""

from __future__ import annotations

import json
import re
import shutil
from collections import Counter
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from svcgen import checks, output, pipeline, registry
from svcgen.cli.commands import svcgen
from svcgen.conversion import converting, page, reading
from svcgen.conversion.constructs import CONSTRUCTS, Construct
from svcgen.conversion.occurrences import occurrences
from svcgen.diagnostics import Report
from svcgen.formats import Format, Sources, former_path
from svcgen.formats.fidelity import Verdict
from svcgen.model.dump import dump
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


@pytest.mark.parametrize("word", [form.word for form in READ if not form.complete])
def test_files_of_one_package_come_back(word: str, tmp_path: Path) -> None:
    """What stands for parameters and for lists of lists has other names in each."""
    tree, there = ROOT / "tests" / "trees" / "package", tmp_path / "there"
    convert(tree, "--to", word, "-o", there)
    result = convert(there, "--to", "yaml", "-o", tmp_path / "back")
    convert(tree, "--to", "yaml", "-o", tmp_path / "plain")

    assert result.exit_code == 0, result.output
    for path in (tmp_path / "plain").glob("*.yaml"):
        back = (tmp_path / "back" / path.name).read_text(encoding="utf-8")
        assert _without_numbers(back) == path.read_text(encoding="utf-8")


def _without_numbers(text: str) -> str:
    """A definition without the numbers that it got on the way."""
    text = re.sub(r", number: \d+", "", text)
    return re.sub(r"\{type: ([^{},]+)\}", r"\1", text)


def test_a_definition_of_a_tree_imports_what_another_declares(tmp_path: Path) -> None:
    for name, text in SHOP.items():
        output.put(tmp_path / "proto", name, text.encode())
    arguments = [str(tmp_path / "proto"), "--to", "yaml", "-o", str(tmp_path / "yaml")]

    result = CliRunner().invoke(svcgen, ["convert", *arguments])

    assert result.exit_code == 0, result.output
    orders = (tmp_path / "yaml" / "shop/v2beta/orders.yaml").read_text(encoding="utf-8")
    assert "imports: [{file: common.yaml, only: [User]}]" in orders
    assert "Who buys" not in orders


@pytest.mark.parametrize("form", READ, ids=lambda form: form.name)
def test_files_that_name_others_from_their_own_folders_come_back(
    form: Format, tmp_path: Path
) -> None:
    """With folders above and beside theirs; and no file more."""
    folder = ROOT / "tests" / "trees" / "folders"
    there, back = tmp_path / "there", tmp_path / "back"

    for source, word, out in ((folder, form.word, there), (there, "yaml", back)):
        arguments = ["convert", str(source), "--to", word, "-o", str(out)]
        result = CliRunner().invoke(svcgen, arguments)
        assert result.exit_code == 0, result.output

    assert _dumped(back) == _dumped(folder)


def _dumped(folder: Path) -> dict[str, object]:
    report = Report()
    form = registry.formats()["protobuf"]
    found = reading.read(reading.tree_of([folder]), form, Sources(), report)
    assert not report.has_errors, report.diagnostics
    return {module.name: dump(module.api) for module in found}


def test_what_is_outside_of_the_tree_is_declared_where_it_is_needed(tmp_path: Path) -> None:
    arguments = [str(ROOT / "tests" / "trees" / "folders" / "sub"), "--to", "yaml"]

    result = CliRunner().invoke(svcgen, ["convert", *arguments, "-o", str(tmp_path)])

    assert result.exit_code == 0, result.output
    assert {path.name for path in tmp_path.rglob("*.*")} == {"near.yaml", "shop.yaml"}
    assert "  Book:" in (tmp_path / "shop.yaml").read_text(encoding="utf-8")


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


def convert(*arguments: str | Path) -> Result:
    return CliRunner().invoke(svcgen, ["convert", *map(str, arguments)])


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """A folder of two definitions, one in a folder below."""
    (tmp_path / "shop" / "parts").mkdir(parents=True)
    (tmp_path / "shop" / "a.yaml").write_text("svcgen: 1  # mine\n", encoding="utf-8")
    (tmp_path / "shop" / "parts" / "a.yaml").write_text("svcgen: 1  # mine\n", encoding="utf-8")
    return tmp_path / "shop"


@pytest.mark.parametrize(
    ("source", "target"), [("a.yaml", "a.yaml"), ("a.yaml", "."), (".", "."), (".", "../shop")]
)
def test_what_is_converted_is_never_overwritten(shop: Path, source: str, target: str) -> None:
    result = convert(shop / source, "--to", "yaml", "-o", shop / target)

    assert result.exit_code == 1
    assert "a.yaml is what is to be converted" in str(result.exception)
    assert (shop / "a.yaml").read_text(encoding="utf-8") == "svcgen: 1  # mine\n"


@pytest.mark.parametrize("to", ["proto", "openapi"])
def test_two_sources_of_one_file_are_refused(shop: Path, to: str, tmp_path: Path) -> None:
    (shop / "a.graphql").write_text("type Query { a: Int }\n", encoding="utf-8")

    result = convert(shop, "--to", to, "-o", tmp_path / "out")

    assert result.exit_code == 1
    assert "a.graphql and " in str(result.exception)
    assert not (tmp_path / "out").exists()


def test_files_that_would_be_one_in_a_flat_form_are_refused(shop: Path, tmp_path: Path) -> None:
    (shop / "parts_a.yaml").write_text("svcgen: 1\n", encoding="utf-8")

    result = convert(shop, "--to", "thrift", "-o", tmp_path / "out")

    assert result.exit_code == 1
    assert "would both become parts_a.thrift" in str(result.exception)


@pytest.mark.parametrize("word", [form.word for form in FORMS if not form.complete])
def test_a_folder_may_hold_what_it_was_converted_to(shop: Path, word: str) -> None:
    for _ in range(2):
        result = convert(shop, "--to", word, "-o", shop)
        assert result.exit_code == 0, result.output


PLAIN_PROTO = 'syntax = "proto3";\n\npackage a;\n\nmessage A {\n  int32 x = 1;\n}\n'


@pytest.mark.parametrize("word", [form.word for form in READ])
def test_a_proto_takes_absent_fields_in_every_form(word: str, tmp_path: Path) -> None:
    """And carries nothing when it comes back, since a .proto says so by itself."""
    (tmp_path / "a.proto").write_text(PLAIN_PROTO, encoding="utf-8")
    convert(tmp_path / "a.proto", "--to", word, "-o", f"{tmp_path}/there/")
    (there,) = (tmp_path / "there").glob("a.*")
    result = convert(there, "--to", "yaml", "-o", tmp_path / "a.yaml")

    convert(there, "--to", "proto", "-o", tmp_path / "again.proto")

    assert result.exit_code == 0, result.output
    assert "json: {absent: zero}\n" in (tmp_path / "a.yaml").read_text(encoding="utf-8")
    assert (tmp_path / "again.proto").read_text(encoding="utf-8") == PLAIN_PROTO


@pytest.mark.parametrize("json", ["", "json: {absent: zero}\n", "json: {int64: string}\n",
                                  "json: {int64: string, absent: zero}\n"])  # fmt: skip
@pytest.mark.parametrize("word", [form.word for form in READ if not form.complete])
def test_how_json_is_read_and_written_comes_back(word: str, json: str, tmp_path: Path) -> None:
    text = f"svcgen: 1\npackage: a\n{json}\ntypes:\n  A: {{x: {{type: int32, number: 1}}}}\n"
    (tmp_path / "a.yaml").write_text(text, encoding="utf-8")
    convert(tmp_path / "a.yaml", "--to", word, "-o", f"{tmp_path}/there/")
    (there,) = (tmp_path / "there").glob("a.*")

    assert convert(there, "--to", "yaml").stdout == text


def test_an_edit_of_a_file_holds_beside_what_it_carries(tmp_path: Path) -> None:
    definition = 'svcgen: 1\npackage: a\nversion: "2"\njson: {int64: string}\n'
    (tmp_path / "a.yaml").write_text(definition, encoding="utf-8")
    text = convert(tmp_path / "a.yaml", "--to", "proto").stdout
    (tmp_path / "b.proto").write_text(text.replace("package a", "package b"), encoding="utf-8")

    result = convert(tmp_path / "b.proto", "--to", "yaml")

    assert result.stdout == definition.replace("package: a", "package: b")


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ("thrift/requiredness.thrift", ""),
        ("proto/nested.proto", ""),
        ("proto/reserved.proto", "closed-enum 1"),
        ("graphql/levels.graphql", "wire-facts 2, optional-nullable 1"),
    ],
)
@pytest.mark.parametrize("plain", [(), ("--plain",)])
def test_only_what_a_form_does_not_say_is_told(
    source: str, told: str, plain: tuple[str, ...], tmp_path: Path
) -> None:
    path = ROOT / "tests" / "frontends" / source
    result = convert(
        path, "--to", path.suffix[1:], "--report", "json", "-o", tmp_path / "x", *plain
    )

    found = Counter(each["code"].removeprefix("loss-") for each in json.loads(result.stdout))
    assert ", ".join(f"{code} {count}" for code, count in found.items()) == told


def test_what_a_file_declares_keeps_its_name_beside_what_it_imports(tmp_path: Path) -> None:
    both = 'syntax = "proto3";\n\npackage {};\n\n{}message A {{\n{}}}\n'
    (tmp_path / "b.proto").write_text(both.format("b", "", "  int32 b = 1;\n"), encoding="utf-8")
    text = both.format("a", 'import "b.proto";\n\n', "  b.A a = 1;\n")
    (tmp_path / "a.proto").write_text(text, encoding="utf-8")

    written = convert(tmp_path / "a.proto", "--to", "proto", "--plain").stdout

    assert "message A {\n  A2 a = 1;\n}\n" in written


def test_what_comes_with_every_tool_is_imported_and_not_carried(tmp_path: Path) -> None:
    imported = 'import "google/protobuf/field_mask.proto";\n\nmessage A {\n'
    text = PLAIN_PROTO.replace("message A {\n", imported)
    text = text.replace("int32 x", "google.protobuf.FieldMask x")
    (tmp_path / "a.proto").write_text(text, encoding="utf-8")

    assert convert(tmp_path / "a.proto", "--to", "proto").stdout == text


@pytest.mark.parametrize(
    ("name", "text", "code"),
    [
        ("a.thrift", "struct A {\n  1: map<list<i32>, i32> x\n}\n", "thrift-left-out"),
        ("a.thrift", "service A {\n  oneway i32 a()\n}\n", "thrift-oneway-result"),
        ("a.graphql", "type Query {\n  a: Int\n}\nquery B {\n  a\n}\n", "graphql-ignored"),
        ("a.thrift", 'struct A {\n  1: i32 a\n} (svcgen = "{x-of: h0, a: 1}")\n', "kept-stale"),
    ],
)
def test_what_reading_loses_is_a_loss(name: str, text: str, code: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    arguments = [tmp_path / name, "--to", "yaml", "-o", tmp_path / "a.yaml"]

    assert convert(*arguments).exit_code == 0
    assert convert(*arguments, "--strict").exit_code == 1
    found = json.loads(convert(*arguments, "--report", "json").stdout)
    assert [(each["code"], each["verdict"]) for each in found] == [(code, "lost")]


def test_a_document_beside_its_definition_is_no_other(shop: Path, tmp_path: Path) -> None:
    assert convert(shop, "--to", "wsdl", "-o", shop).exit_code == 0

    result = convert(shop, "--to", "proto", "-o", tmp_path / "out")

    assert result.exit_code == 0, result.output


@pytest.mark.parametrize("target", ["file", "file/a.proto", "file/b/a.proto"])
def test_what_cannot_be_written_is_told(shop: Path, target: str, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine", encoding="utf-8")
    source = shop if target == "file" else shop / "a.yaml"

    result = convert(source, "--to", "proto", "-o", tmp_path / target)

    assert result.exit_code == 1
    assert str(result.exception)
    assert (tmp_path / "file").read_text(encoding="utf-8") == "mine"


def test_a_report_in_json_is_all_that_is_told(tmp_path: Path) -> None:
    source = ROOT / "examples/calculator/calculator.yaml"

    beside = convert(source, "--to", "protobuf", "--report", "json")
    alone = convert(source, "--to", "proto", "--report", "json", "-o", f"{tmp_path}/")

    assert json.loads(beside.stderr) == json.loads(alone.stdout)
    assert beside.stdout == (tmp_path / "calculator.proto").read_text(encoding="utf-8")


def test_a_dash_is_standard_output_and_a_slash_a_folder(shop: Path, tmp_path: Path) -> None:
    printed = convert(shop / "a.yaml", "--to", "proto", "-o", "-")
    convert(shop / "a.yaml", "--to", "proto", "-o", f"{tmp_path}/new/")

    assert printed.stdout == (tmp_path / "new" / "a.proto").read_text(encoding="utf-8")


def test_a_tree_comes_back_from_documents(tmp_path: Path) -> None:
    """What one definition has from another of the tree is imported again."""
    there, back, plain = (tmp_path / name for name in ("there", "back", "plain"))
    for word in ("openapi", "openrpc", "asyncapi", "wsdl"):
        convert(ROOT / "examples", "--to", word, "-o", there / word)
        result = convert(there / word, "--to", "yaml", "-o", back / word, "--strict")
        assert result.exit_code == 0, result.output
        convert(ROOT / "examples", "--to", "yaml", "-o", plain)
        for path in plain.rglob("*.yaml"):
            came = back / word / path.relative_to(plain)
            assert came.read_text(encoding="utf-8") == path.read_text(encoding="utf-8")


def test_a_plain_file_carries_nothing_and_says_so(tmp_path: Path) -> None:
    arguments = ["convert", str(ROOT / "examples/calculator/calculator.yaml"), "--to", "proto"]

    carrying = CliRunner().invoke(svcgen, [*arguments, "--strict"])
    plain = CliRunner().invoke(svcgen, [*arguments, "--strict", "--plain"])

    assert carrying.exit_code == 0
    assert "svcgen" in carrying.stdout
    assert plain.exit_code == 1
    assert "svcgen" not in plain.stdout
    assert "warning[loss-parameters]" in plain.stderr


NAMED = {
    "shop/v1/order.proto": 'import "shop/v1/item.proto"; import "shop/money.proto";\n'
    "message Order { shop.v1.Item item = 1; shop.Money price = 2; }",
    "shop/v1/item.proto": "message Item {}",
    "shop/money.proto": "message Money {}",
}
"""Files that name each other from the folder that they all are in."""


@pytest.mark.parametrize("include", [(), (".",)])
@pytest.mark.parametrize("form", ["yaml", "thrift", "protobuf"])
def test_files_of_an_inner_folder_are_named_from_their_root(
    form: str, include: tuple[str, ...], tmp_path: Path
) -> None:
    for name, text in NAMED.items():
        path, package = tmp_path / name, Path(name).parent.as_posix().replace("/", ".")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f'syntax = "proto3"; package {package};\n{text}\n', encoding="utf-8")
    folders = [tmp_path / each for each in include]
    tree = reading.tree_of([tmp_path / "shop" / "v1"], folders)
    report = Report()

    found = reading.read(tree, registry.formats()[form], Sources(tuple(folders)), report)

    assert sorted(module.name for module in found) == [
        "shop/money",
        "shop/v1/item",
        "shop/v1/order",
    ]
    assert report.diagnostics == []
