"""A .thrift file -> the model: read it with what it includes, check it, and map what it declares."""

from __future__ import annotations

from pathlib import Path

from svcgen.diagnostics import Report
from svcgen.formats import AS_THEY_ARE, Sources
from svcgen.formats.runs import Runs
from svcgen.formats.thrift import services
from svcgen.formats.thrift.facts import file_meta, package_of
from svcgen.formats.thrift.library import Library
from svcgen.formats.thrift.modelling import Modeller
from svcgen.formats.thrift.tree import File
from svcgen.formats.undisturbed import undisturbed
from svcgen.model.service import Api


def read(path: Path, report: Report, sources: Sources = AS_THEY_ARE) -> Api | None:
    """The model of the file at ``path``: its services, its types, and what these need of others.

    ``None``, with the reasons in the report: the file or one that it includes is not valid. Files
    are read in runs: see :class:`Runs`.
    """
    with undisturbed(lasting=sources is not AS_THEY_ARE):
        main = _runs.of(sources).read(path, report)
        return None if main is None or report.has_errors else _model(main, report)


_runs = Runs(lambda sources: Library(sources.include))


def _model(main: File, report: Report) -> Api:
    modeller = Modeller(main, services.mentions(main), services.thrown(main), report)
    return Api(
        package=package_of(main),
        services=tuple(services.model(service, modeller) for service in main.services()),
        types=modeller.types(),
        errors=modeller.errors(),
        constants=modeller.constants(main),
        meta=file_meta(main),
        origins=modeller.origins,
    )
