"""OpenAPI 3.1: what REST serves, for people and programs (https://spec.openapis.org/oas/v3.1.1)."""

from __future__ import annotations

from collections.abc import Mapping

from svcgen.formats import Format, Writing
from svcgen.formats.fidelity import Said
from svcgen.model.bindings import Bound


def write(bound: Bound, writing: Writing) -> Mapping[str, str]:
    from svcgen.formats.openapi.writer import to_yaml

    return {"openapi.yaml": to_yaml(bound)}


def served(bound: Bound) -> Mapping[str, str]:
    from svcgen.formats.openapi.writer import to_json

    return {"openapi.json": to_json(bound)}


def _fidelity() -> Mapping[str, Said]:
    from svcgen.formats.openapi.fidelity import TABLE

    return TABLE


FORMAT = Format(
    name="openapi",
    title="OpenAPI 3.1",
    suffixes=(".openapi.yaml",),
    write=write,
    served=served,
    fidelity=_fidelity,
)
