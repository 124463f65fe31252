"""WSDL 1.1 with XML Schema: what SOAP serves (https://www.w3.org/TR/wsdl.html).

One service and port type a service, bound to SOAP 1.1 and SOAP 1.2, document/literal wrapped: an
operation's element holds its parameters, or one ``request``; that of its answer holds ``result``.
What streams, and events, stay out. What XML Schema has no words for stands in attributes of the
namespace ``urn:svcgen:facts``, which every reader of schemas passes over.
"""

from __future__ import annotations

from collections.abc import Mapping

from svcgen.formats import Format, Writing
from svcgen.formats.fidelity import Said
from svcgen.model.bindings import Bound


def write(bound: Bound, writing: Writing) -> Mapping[str, str]:
    from svcgen.formats.wsdl.names import file_name
    from svcgen.formats.wsdl.writer import to_xml

    return {file_name(bound.api): to_xml(bound.api)}


def served(bound: Bound) -> Mapping[str, str]:
    return write(bound, Writing())


def _fidelity() -> Mapping[str, Said]:
    from svcgen.formats.wsdl.fidelity import TABLE

    return TABLE


FORMAT = Format(
    name="wsdl",
    title="WSDL 1.1",
    suffixes=(".wsdl",),
    write=write,
    served=served,
    fidelity=_fidelity,
)
