"""OpenRPC: what JSON-RPC serves, for people and programs (https://spec.open-rpc.org)."""

from __future__ import annotations

from collections.abc import Mapping

from svcgen.formats import Format, Writing
from svcgen.formats.fidelity import Said
from svcgen.model.bindings import Bound


def write(bound: Bound, writing: Writing) -> Mapping[str, str]:
    from svcgen.formats.openrpc.writer import to_json

    return {"openrpc.json": to_json(bound)}


def served(bound: Bound) -> Mapping[str, str]:
    return write(bound, Writing())


def _fidelity() -> Mapping[str, Said]:
    from svcgen.formats.openrpc.fidelity import TABLE

    return TABLE


FORMAT = Format(
    name="openrpc",
    title="OpenRPC 1.3",
    suffixes=(".openrpc.json",),
    write=write,
    served=served,
    fidelity=_fidelity,
)
