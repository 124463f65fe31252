"""A .proto file -> the model: read it with its imports, check it, and map what it declares."""

from __future__ import annotations

import re
from pathlib import Path

from svcgen.diagnostics import Report
from svcgen.formats import AS_THEY_ARE, Sources
from svcgen.formats.protobuf.facts import file_meta
from svcgen.formats.protobuf.library import read_library
from svcgen.formats.protobuf.modelling import Modeller
from svcgen.formats.protobuf.services import ServiceModeller
from svcgen.formats.protobuf.tree import File
from svcgen.model.naming import Name
from svcgen.model.rpc import ascii_name
from svcgen.model.service import Api
from svcgen.model.types import Literal


def read(path: Path, report: Report, sources: Sources = AS_THEY_ARE) -> Api | None:
    """The model of the file at ``path``: its services, its types, and what these need of others.

    ``None``, with the reasons in the report: the file or one that it imports is not valid.
    """
    library = read_library(path, report, sources.include)
    if library is None or report.has_errors:
        return None
    main = library.main
    extensions = [e for file in library.files.values() for e in file.all_extensions]
    modeller = Modeller(main, dict.fromkeys(extensions), report)
    types = modeller.types()
    services = ServiceModeller(types, modeller, report)
    package, bind = _package(main, path)
    return Api(
        package=package,
        services=tuple(services.service(service) for service in main.services),
        types=types,
        meta=file_meta(main, bind),
    )


def _package(main: File, path: Path) -> tuple[str, dict[str, Literal]]:
    """The package, or the file's name where it has none; and the true one if it is different."""
    package = main.package or Name.parse(re.sub(r"\W", "_", path.stem, flags=re.ASCII)).snake
    spelled = ".".join(ascii_name(part).snake for part in package.split("."))
    return package, {} if spelled == main.package else {"grpc": {"package": main.package}}
