"""OpenRPC: what JSON-RPC serves, for people and programs (https://spec.open-rpc.org)."""

from __future__ import annotations

from collections.abc import Mapping

from svcgen.formats import Format
from svcgen.model.bindings import Bound


def write(bound: Bound) -> Mapping[str, str]:
    from svcgen.formats.openrpc.writer import to_json

    return {"openrpc.json": to_json(bound)}


FORMAT = Format(
    name="openrpc", title="OpenRPC 1.3", suffixes=(".openrpc.json",), write=write, served=write
)
