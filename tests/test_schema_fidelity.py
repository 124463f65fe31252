"""Forms that note what they have no words for do so without carrying the definition as well."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from svcgen import registry
from svcgen.conversion.constructs import CONSTRUCTS
from svcgen.formats.fidelity import Verdict
from tests import schemas

NATIVE = {"default", "pattern", "deprecated"}
"""Of which the example is one that the form has a word for."""

KEPT = [
    (form, code, said.how)
    for form in ("asyncapi", "wsdl")
    for code, said in registry.formats()[form].fidelity().items()
    if said.plain is Verdict.KEPT and code not in NATIVE
]


@pytest.mark.parametrize(("form", "code", "how"), KEPT, ids=[f"{f}-{c}" for f, c, _ in KEPT])
def test_what_is_noted_is_in_the_file(form: str, code: str, how: str, tmp_path: Path) -> None:
    text = CONSTRUCTS[code].example.removeprefix("svcgen: 1\n")
    written = schemas.written(form, schemas.made_of(text, tmp_path))[1]
    named = re.findall(r"\b(?:svc:|x-)[a-z-]+", how)

    assert not named or any(f"{name}=" in written or f"{name}:" in written for name in named)


@pytest.mark.parametrize("form", ["asyncapi", "wsdl"])
def test_what_is_left_out_is_not_in_the_file(form: str, tmp_path: Path) -> None:
    table = registry.formats()[form].fidelity()
    lost = [code for code, said in table.items() if said.plain is Verdict.LOST]
    for code in lost:
        text = CONSTRUCTS[code].example.removeprefix("svcgen: 1\n")
        written = schemas.written(form, schemas.made_of(text, tmp_path))[1]
        assert not re.search(r"S\.m|S\.e|<wsdl:operation", written), code
