"""What an SDL file keeps of a definition in the directive ``@svcgen``, which it defines itself.

``definition`` holds a declaration as the definition language writes it, for the reader to give
back. On the schema, ``package`` and ``service`` say which definition that is, and of which service
fields are that say nothing of it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping

from svcgen.model.service import Api

NAME = "svcgen"

DEFINITION = (
    "directive @svcgen(definition: String, package: String, service: String) repeatable on SCHEMA"
    " | OBJECT | INTERFACE | UNION | ENUM | INPUT_OBJECT | SCALAR | FIELD_DEFINITION"
)


class Keeper:
    """Gives the uses of the directive that keep the texts of ``kept``; none where it is empty."""

    def __init__(self, kept: Mapping[str, str], api: Api) -> None:
        self._kept = kept
        self._api = api
        self._usual = api.services[0].name.wire if api.services else ""

    def on_type(self, name: str, made: str) -> str:
        """For a type of the definition; without a name it has none there, but is ``made``."""
        if not self._kept:
            return ""
        key = f"types/{name}"
        return _use(
            definition=self._kept.get(key if name else f"made/{made}", "" if name else "{}")
        )

    def on_field(self, key: str) -> str:
        """For the field of an operation, ``services/<service>/<operation>``."""
        if not self._kept or not key:
            return ""
        service = key.split("/")[1]
        return _use(
            definition=self._kept.get(key, ""), service="" if service == self._usual else service
        )

    def on_schema(self) -> tuple[str, ...]:
        """For the definition itself and each of its services."""
        if not self._kept:
            return ()
        whole = _use(definition=self._kept.get("", ""), package=self._api.package)
        services = (
            _use(
                definition=self._kept.get(f"services/{each.name.wire}", ""), service=each.name.wire
            )
            for each in self._api.services
        )
        return (whole, *services)

    def definitions(self) -> tuple[str, ...]:
        """The directive itself."""
        return (DEFINITION,) if self._kept else ()


def _use(**given: str) -> str:
    """`` @svcgen(…)`` with what is given; empty if that is nothing."""
    arguments = [f"{k}: {json.dumps(v, ensure_ascii=False)}" for k, v in given.items() if v]
    return f" @{NAME}({', '.join(arguments)})" if arguments else ""
