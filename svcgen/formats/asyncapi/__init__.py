"""AsyncAPI 3.0: what message queues carry (https://www.asyncapi.com/docs/reference/specification/v3.0.0).

It describes the service: it receives the requests of methods and sends their replies, and it sends
events. A server stream is a sequence of replies; what streams from the client stays out.
"""

from __future__ import annotations

from collections.abc import Mapping

from svcgen.formats import Format, Writing
from svcgen.formats.fidelity import Said
from svcgen.model.bindings import Bound


def write(bound: Bound, writing: Writing) -> Mapping[str, str]:
    from svcgen.formats.asyncapi.writer import to_yaml

    return {"asyncapi.yaml": to_yaml(bound.api)}


def served(bound: Bound) -> Mapping[str, str]:
    return write(bound, Writing())


def _fidelity() -> Mapping[str, Said]:
    from svcgen.formats.asyncapi.fidelity import TABLE

    return TABLE


FORMAT = Format(
    name="asyncapi",
    title="AsyncAPI 3.0",
    suffixes=(".asyncapi.yaml",),
    write=write,
    served=served,
    fidelity=_fidelity,
)
