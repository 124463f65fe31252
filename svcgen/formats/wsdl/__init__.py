"""WSDL 1.1 with XML Schema: what SOAP serves (https://www.w3.org/TR/wsdl.html).

One service and port type a service, bound to SOAP 1.1 and SOAP 1.2, document/literal wrapped: an
operation's element holds its parameters, or one ``request``; that of its answer holds ``result``.
What streams, and events, stay out. What XML Schema has no words for stands in attributes of the
namespace ``urn:svcgen:facts``, which every reader of schemas passes over; a converted WSDL carries
its whole definition in an element of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from svcgen.diagnostics import Report
from svcgen.formats import Format, Sources, Writing
from svcgen.formats.fidelity import Said
from svcgen.model.bindings import Bound
from svcgen.model.service import Api

TITLE = "WSDL 1.1"


def _read(path: Path, report: Report, sources: Sources) -> Api | None:
    """``sources`` has no bearing: a document holds all that it needs."""
    from svcgen.formats.wsdl.reader import read

    return read(path, TITLE, report)


def write(bound: Bound, writing: Writing) -> Mapping[str, str]:
    from svcgen.formats.wsdl.names import file_name
    from svcgen.formats.wsdl.writer import to_xml

    return {file_name(bound.api): to_xml(bound.api, writing.kept.get("", ""))}


def served(bound: Bound) -> Mapping[str, str]:
    return write(bound, Writing())


def _fidelity() -> Mapping[str, Said]:
    from svcgen.formats.wsdl.fidelity import TABLE

    return TABLE


FORMAT = Format(
    name="wsdl",
    title=TITLE,
    suffixes=(".wsdl",),
    read=_read,
    write=write,
    served=served,
    fidelity=_fidelity,
    whole=True,
)
