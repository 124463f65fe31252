"""``svcgen.toml`` becomes settings, or findings at their places."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from svcgen import config
from svcgen.config import Offer, Settings
from svcgen.diagnostics import Report

OFFER = Offer(("java", "python"), ("grpc", "rest"))


def load(folder: Path, text: str | bytes) -> tuple[Settings | None, list[str]]:
    """The settings, and the findings as ``line:column code message``."""
    file = folder / "svcgen.toml"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    report = Report()
    settings = config.load(file, OFFER, report)
    found = report.diagnostics
    return settings, [f"{d.span.line}:{d.span.column} {d.rule.code} {d.message}" for d in found]


def test_a_definition_alone_means_everything_that_there_is(tmp_path: Path) -> None:
    settings, found = load(tmp_path, 'definition = "api/x.yaml"\n')

    assert not found
    expected = Settings(tmp_path, tmp_path / "api/x.yaml", OFFER.languages, OFFER.protocols)
    assert settings == expected


@pytest.mark.parametrize(
    ("names", "expected"),
    [('["rest"]', ("rest",)), ('["rest", "grpc", "rest"]', ("grpc", "rest")),
     ('["rest", "all"]', ("grpc", "rest"))],
)  # fmt: skip
def test_names_are_in_the_order_of_the_registry_each_once(
    tmp_path: Path, names: str, expected: tuple[str, ...]
) -> None:
    settings, _ = load(tmp_path, f'definition = "x.yaml"\nprotocols = {names}\n')

    assert settings is not None
    assert settings.protocols == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ["1:1 config-missing-key svcgen.toml does not say which definition to read"]),
        ("definition = x.yaml", ["1:14 config-syntax not TOML: "]),
        ('definition = "x', ["1:16 config-syntax not TOML: "]),
        (b"definition = '\xff'", ["1:1 config-syntax not TOML: not UTF-8 at byte 14"]),
        ("a = " + "[" * 100_000, ["1:1 config-syntax"]),
        ("definition = 3", ["1:1 config-value definition must be a path relative to svcgen.toml"]),
        ('definition = "/etc/passwd"', ["1:1 config-value definition must be"]),
        ('definition = ""', ["1:1 config-value definition must be"]),
        (
            'definition = "x.yaml"\ninclude = "api"',
            ["2:1 config-value include must be a list of paths relative to svcgen.toml"],
        ),
        ('definition = "x.yaml"\ninclude = ["/usr"]', ["2:1 config-value include must be"]),
        ('definition = "x.yaml"\nlenient = 1', ["2:1 config-value lenient must be true or false"]),
        ('definition = "a\\u0000"', ["1:1 config-value definition must be"]),
        (
            'definition = "x"\r\n  languages=["python", "jawa"]\r\nprotocols = []\r\nsrc = 1\r\n',
            [
                "2:25 config-unknown-target there is no language 'jawa', did you mean 'java'?",
                "3:1 config-value protocols must be a list of one or more names",
                "4:1 config-unknown-key svcgen.toml has no key 'src'",
            ],
        ),
        ('definition = "x"\nprotocols = "all"', ["2:1 config-value protocols must be a list"]),
        ('definition = "x"\nprotocols = [1]', ["2:1 config-value protocols must be a list"]),
        ('definition = "x"\n[protocol]\nx = 1', ["2:2 config-unknown-key"]),
        (
            'definition = "x"\n"{}{0}" = 1',
            ["2:2 config-unknown-key svcgen.toml has no key '{}{0}'"],
        ),
    ],
)
def test_everything_wrong_is_found_where_it_stands(
    tmp_path: Path, text: str | bytes, expected: list[str]
) -> None:
    settings, found = load(tmp_path, text)

    assert settings is None
    assert len(found) == len(expected)
    for actual, start in zip(found, expected, strict=True):
        assert actual.startswith(start)


@pytest.mark.parametrize("name", ["svcgen.toml", "no/such/folder/svcgen.toml"])
def test_a_missing_file_says_how_to_make_one(tmp_path: Path, name: str) -> None:
    report = Report()

    assert config.load(tmp_path / name, OFFER, report) is None
    assert [d.rule.code for d in report.diagnostics] == ["config-missing"]


@given(st.text())
def test_no_text_is_a_traceback(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    data = text.encode(errors="surrogatepass")
    settings, found = load(tmp_path_factory.getbasetemp(), data)

    assert settings is None
    assert found
