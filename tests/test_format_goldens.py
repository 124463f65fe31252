"""The kitchen sink in formats that no protocol writes, pinned as ``test_golden.py`` pins the rest."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests import schemas
from tests.corpus import compare

GOLDEN = Path(__file__).parent / "golden" / "formats"


@pytest.mark.parametrize("form", ["asyncapi", "wsdl"])
def test_the_kitchen_sink_is_unchanged(form: str, refresh: bool) -> None:
    path, text = schemas.written(form, schemas.example("kitchen-sink"))

    compare(text, GOLDEN / path, refresh)
