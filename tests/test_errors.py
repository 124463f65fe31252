"""Every rule has a case in ``errors/`` that triggers it, through the real reader, checks and lock.

A case is a pair ``<code>.yaml`` (or ``.proto`` …) and ``<code>.stderr``, or a folder ``<code>/``
where the trigger is more than one file or no definition: settings for the rules of ``config-``, a
handler for those of ``handler-``, else a ``definition.*`` with what it needs beside it.
``pytest --refresh`` (twice for a new rule) writes what is missing from the rules' own examples; read
it before you commit it.
"""

from pathlib import Path

import pytest

from svcgen import config, pipeline, registry, reporting, rulebook
from svcgen.checks.capabilities import check_capabilities
from svcgen.diagnostics import Report, Rule
from svcgen.formats import Sources
from svcgen.model.plan import HandlerClass, Stub
from tests import corpus
from tests.builders import COURIER, PIGEON

ERRORS = Path(__file__).parent / "errors"
PAGE = Path(__file__).parent.parent / "docs" / "rules.md"
RULES = {rule.code: rule for rule in rulebook.all_rules()}


CARRIERS = {"cannot-carry": PIGEON, "carried-in-part": COURIER}
"""What has to carry the definition of a case, which every protocol that there is can carry."""

LENIENT = {"graphql-lenient"}
"""Cases that are read as ``--lenient`` reads them."""

HANDLER = HandlerClass(
    "CalculatorHandler",
    base="Calculator",
    base_import="from ._gen.service import Calculator",
    methods=(Stub("add", "async def add(self) -> None: ...\n", former="plus"),),
    retired=("removed",),
)


def run(case: corpus.Case) -> str:
    """What a case makes svcgen say, with its folder as the working directory."""
    report = Report()
    if case.name.startswith("config-"):
        config.load(Path("svcgen.toml"), config.Offer(("python",), ("grpc", "rest")), report)
    elif case.name.startswith("handler-"):
        source = Path("handler.py").read_text(encoding="utf-8")
        registry.languages()["python"].append_stubs(source, "handler.py", [HANDLER], report)
    else:
        check(case, report)
    found = report.diagnostics
    return reporting.text(found) + reporting.summary(found) + "\n"


def check(case: corpus.Case, report: Report) -> None:
    name = Path(case.path.name)
    definition = (
        next(Path().glob("definition*"), Path("definition.yaml")) if case.path.is_dir() else name
    )
    if case.name in LENIENT:
        pipeline.read(definition, report, Sources(lenient=True))
        return
    api = pipeline.check(definition, list(registry.protocols().values()), report)
    if case.name in CARRIERS and api is not None:
        known = registry.protocols().values()
        check_capabilities(api, [CARRIERS[case.name]], report, known=known)


@pytest.mark.parametrize("case", corpus.cases(ERRORS), ids=lambda case: case.name)
def test_case_says_what_is_expected(
    case: corpus.Case, refresh: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(case.path if case.path.is_dir() else case.path.parent)

    actual = run(case)

    corpus.compare(actual, case.expected, refresh)
    assert f"[{case.name}]: " in actual


@pytest.mark.parametrize(
    "rule",
    [rule for rule in RULES.values() if not rule.code.startswith("loss-")],  # see test_convert
    ids=lambda rule: rule.code,
)
def test_rule_has_a_case(rule: Rule, refresh: bool) -> None:
    pair, folder = ERRORS / f"{rule.code}.{rule.language}", ERRORS / rule.code
    if refresh and rule.example and not folder.is_dir():
        pair.write_text(rule.example, encoding="utf-8")

    assert pair.is_file() or folder.is_dir()
    if pair.is_file():
        assert pair.read_text(encoding="utf-8") == rule.example


def test_case_has_a_rule() -> None:
    assert {case.name for case in corpus.cases(ERRORS)} <= RULES.keys()


@pytest.mark.parametrize("rule", RULES.values(), ids=lambda rule: rule.code)
def test_rule_is_worded_as_all_are(rule: Rule) -> None:
    """Messages and fixes are clauses, not sentences; the reason is sentences."""
    assert rule.message[:1].islower() or rule.message[:1] in "{'" or rule.message.startswith("YAML")
    assert not rule.message.endswith(".")
    assert rule.fix
    assert not rule.fix.endswith(".")
    assert rule.why.endswith(".")


def test_page_of_rules_is_fresh(refresh: bool) -> None:
    corpus.compare(rulebook.markdown(), PAGE, refresh)


@pytest.mark.parametrize("code", RULES)
def test_explanation_names_the_rule_and_its_reason(code: str) -> None:
    text = rulebook.explain(code)

    assert text.startswith(f"{RULES[code].severity}[{code}]: ")
    assert "fix: " in text
    assert "{" not in text.split("\nexample:")[0].replace("/users/{id}", "")


def test_explanation_of_an_unknown_code_suggests_a_near_one() -> None:
    with pytest.raises(LookupError, match="did you mean 'unknown-type'"):
        rulebook.explain("unknown-typ")
