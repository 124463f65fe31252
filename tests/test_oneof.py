"""Fields of which at most one may be there: generated servers refuse two on every protocol."""

from __future__ import annotations

import importlib
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

DEFINITION = """\
svcgen: 1
package: till
types:
  Payment:
    iban: {type: string?, oneof: by}
    card: {type: "string|null", optional: true, oneof: by}
    paid: {type: Payment?}
services:
  Till:
    methods:
      pay: {input: Payment, output: string}
      ask: {params: {a: {type: string?, oneof: k}, b: {type: int32?, oneof: k}}, output: string}
"""


@pytest.fixture(scope="module")
def generated(tmp_path_factory: pytest.TempPathFactory) -> tuple[Any, Any]:
    """The modules of models and of validation."""
    folder = tmp_path_factory.mktemp("oneof")
    (folder / "till.yaml").write_text(DEFINITION, encoding="utf-8")
    command = [sys.executable, "-m", "svcgen", "new", "till.yaml", "-o", "made"]
    done = subprocess.run(
        command, cwd=folder, capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 0, done.stderr
    sys.path.insert(0, str(Path(folder, "made", "python", "src")))
    found = [importlib.import_module(f"till._gen.{name}") for name in ("models", "validation")]
    return found[0], found[1]


@pytest.mark.parametrize(
    ("given", "refused"),
    [
        ({}, []),
        ({"iban": "x"}, []),
        ({"card": "y"}, []),
        ({"card": None, "iban": "x"}, []),
        ({"iban": "x", "card": "y"}, ["by"]),
    ],
)
def test_two_of_a_oneof_are_a_violation(
    given: dict[str, Any], refused: list[str], generated: tuple[Any, Any]
) -> None:
    models, validation = generated
    payment = models.Payment(**given)

    assert [v.field for v in validation.validate_payment(payment)] == refused
    nested = validation.validate_payment(models.Payment(paid=payment))
    assert [v.field for v in nested] == [f"paid.{name}" for name in refused]


def test_parameters_may_be_a_oneof(generated: tuple[Any, Any]) -> None:
    models, validation = generated

    [violation] = validation.validate_ask_request(models.AskRequest(a="x", b=1))

    assert violation.message == "must be only one of a, b"
