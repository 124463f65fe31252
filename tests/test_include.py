"""Folders in which imports are looked for: options, svcgen.toml, and the project made with them."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

FILES = {
    "proto": {
        "api/shop.proto": (
            'syntax = "proto3";\npackage shop;\nimport "common/money.proto";\n'
            "service Shop { rpc Price(common.Money) returns (common.Money); }\n"
        ),
        "third_party/common/money.proto": (
            'syntax = "proto3";\npackage common;\nmessage Money { int64 units = 1; }\n'
        ),
    },
    "yaml": {
        "api/shop.yaml": (
            "svcgen: 1\npackage: shop\nimports: [common/money.yaml]\n"
            "services: {Shop: {methods: {price: {input: Money, output: Money}}}}\n"
        ),
        "third_party/common/money.yaml": "svcgen: 1\ntypes: {Money: {units: int64}}\n",
    },
}


def svcgen(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "svcgen", *arguments],
        cwd=folder, capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip


@pytest.fixture(params=FILES)
def folder(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """Holds ``api/shop.*``, which imports from ``third_party``."""
    for name, text in FILES[request.param].items():
        path = tmp_path / name
        path.parent.mkdir(parents=True)
        path.write_text(text, encoding="utf-8")
    return tmp_path


def definition(folder: Path) -> str:
    return next(path.relative_to(folder).as_posix() for path in folder.glob("api/shop.*"))


def test_check_looks_in_the_folders_that_it_is_told(folder: Path) -> None:
    alone = svcgen(folder, "check", definition(folder))
    told = svcgen(folder, "check", definition(folder), "-I", "empty", "-I", "third_party")

    assert alone.returncode == 1
    assert "money" in alone.stderr
    assert told.returncode == 0, told.stderr
    assert "Shop." in told.stdout


def test_a_new_project_knows_where_its_imports_are(folder: Path) -> None:
    options = ("-o", "shop", "--protocol", "grpc", "-I", "third_party", "-I", "api")
    made = svcgen(folder, "new", definition(folder), *options)
    project = folder / "shop"

    assert made.returncode == 0, made.stderr
    settings = tomllib.loads((project / "svcgen.toml").read_text(encoding="utf-8"))
    assert settings["include"] == ["third_party"]
    assert settings["definition"] == definition(folder)
    assert list(project.glob("third_party/common/money.*"))
    again = svcgen(project, "generate", "--check")
    assert (again.returncode, again.stdout) == (0, ""), again.stderr


def test_generate_looks_first_in_the_folders_of_the_command(folder: Path) -> None:
    options = ("-o", "shop", "--protocol", "grpc", "-I", "third_party")
    svcgen(folder, "new", definition(folder), *options)
    money = next(folder.glob("third_party/common/money.*"))
    changed = folder / "changed" / "common" / money.name
    changed.parent.mkdir(parents=True)
    text = money.read_text(encoding="utf-8")
    text = text.replace("= 1;", "= 1; int64 cents = 2;").replace("{units:", "{cents: int64, units:")
    changed.write_text(text, encoding="utf-8")
    if money.suffix == ".yaml":
        (folder / "shop" / "third_party" / "common" / money.name).unlink()

    told = svcgen(folder / "shop", "generate", "-I", "../changed", "--check")

    assert told.returncode == 1, told.stderr
    assert "would be" in told.stdout


def test_a_faulty_schema_is_read_leniently_and_stays_so(tmp_path: Path) -> None:
    """Whose schema it is decides once; what comes later knows it from svcgen.toml."""
    schema = "type Query {\n  price: Int\n  price: Int\n}\n"
    (tmp_path / "shop.graphql").write_text(schema, encoding="utf-8")

    strict = svcgen(tmp_path, "new", "shop.graphql")
    lenient = svcgen(tmp_path, "new", "shop.graphql", "--lenient")
    later = svcgen(tmp_path, "generate", "shop")

    assert strict.returncode == 1
    assert lenient.returncode == 0, lenient.stderr
    assert tomllib.loads((tmp_path / "shop" / "svcgen.toml").read_text())["lenient"] is True
    assert later.returncode == 0, later.stderr
    assert "warning" in later.stderr
