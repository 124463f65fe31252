"""A .proto file -> the model: read it with its imports, check it, and map what it declares."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from svcgen.diagnostics import Report
from svcgen.formats import AS_THEY_ARE, Sources
from svcgen.formats.protobuf.extensions import kept_extensions
from svcgen.formats.protobuf.facts import file_meta, package_of
from svcgen.formats.protobuf.library import Library
from svcgen.formats.protobuf.modelling import Modeller
from svcgen.formats.protobuf.services import ServiceModeller
from svcgen.formats.protobuf.shape import EXCHANGED
from svcgen.formats.protobuf.tree import File, Type
from svcgen.formats.runs import Runs
from svcgen.formats.undisturbed import undisturbed
from svcgen.model.rpc import package_parts
from svcgen.model.service import Api, JsonStyle, Service
from svcgen.model.types import Literal, ScalarRef, TypeDef


def read(path: Path, report: Report, sources: Sources = AS_THEY_ARE) -> Api | None:
    """The model of a file; see :meth:`Reader.read` and :class:`Runs`."""
    with undisturbed(lasting=sources is not AS_THEY_ARE):
        return _runs.of(sources).read(path, report)


class Reader:
    """Reads any number of files of one run: what they share is read and modelled once."""

    def __init__(self, sources: Sources) -> None:
        self._library = Library(sources.include)
        self._types: dict[Type, TypeDef] = {}  # by their declarations, under their usual names

    def read(self, path: Path, report: Report) -> Api | None:
        """The model of a file: its services, its types, and what these need of others.

        ``None``, with the reasons in the report: it or a file that it imports is not valid.
        """
        reading = self._library.read(path, report)
        if reading is None or report.has_errors:
            return None
        main = reading.main
        modeller = Modeller(reading, self._types)
        types = modeller.types(report)
        services = ServiceModeller(types, modeller, report)
        package, bind = _package(main)
        found = tuple(services.service(service) for service in main.services)
        return Api(
            package=package,
            services=found,
            types=types,
            meta=file_meta(main, bind | _exchanged(found), kept_extensions(reading)),
            json=JsonStyle(absent_is_zero=True),
            origins=modeller.origins(),
        )


_runs = Runs(Reader)


def _exchanged(services: Iterable[Service]) -> dict[str, Literal]:
    """That methods exchange protobuf's own messages, if any does and the model has no struct there."""
    operations = (operation for service in services for operation in service.operations)
    payloads = (payload for each in operations for payload in (each.input, each.output))
    known = any(each is None or isinstance(each.type, ScalarRef) for each in payloads)
    return {"protobuf": {**EXCHANGED}} if known else {}


def _package(main: File) -> tuple[str, dict[str, Literal]]:
    """What the model calls the package; and the true one if it is different."""
    package = package_of(main)
    spelled = ".".join(package_parts(package))
    return package, {} if spelled == main.package else {"grpc": {"package": main.package}}
