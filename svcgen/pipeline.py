"""START HERE: a definition becomes a project in six stages.

    read  ->  check  ->  bind  ->  plan  ->  render  ->  write
    formats   checks   protocols languages  render     output

Each stage is a function from frozen values to frozen values. What the user did wrong goes into the
report, all of it in one run; a report with an error ends the pipeline with nothing written. The last
stage is not here: ``output.py`` alone writes files.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from svcgen import checks, registry
from svcgen.checks.capabilities import check_capabilities
from svcgen.config import Settings
from svcgen.diagnostics import Report, Rule, Span
from svcgen.evolution import lock
from svcgen.formats import AS_THEY_ARE, Sources, Writing, neutral
from svcgen.languages import TargetFacts
from svcgen.model.bindings import Bound, BoundOperation
from svcgen.model.messages import exchanges
from svcgen.model.plan import GeneratedFile, PlannedFile
from svcgen.model.service import Api
from svcgen.protocols import WireProtocol
from svcgen.render import render

LOCK = "svcgen.lock"

UNKNOWN_FORMAT = Rule(
    code="unknown-format",
    message="no format has files that end in {suffix!r}{alike}",
    fix="give the file one of the endings {known}",
    why=(
        "The ending of a definition's name says in which format it is written; of YAML and JSON a"
        " key at the root does, such as `svcgen` or `openapi`."
    ),
    example="",
)


def generate(settings: Settings, report: Report) -> list[GeneratedFile]:
    """The files of a project, or none of them if the report has an error."""
    sources = Sources(settings.include, settings.lenient)
    api = read(settings.definition, report, sources)
    if api is None:
        return []
    protocols = [registry.protocols()[name] for name in settings.protocols]
    checks.check(api, report)
    check_capabilities(api, protocols, report, registry.protocols().values())
    api, locked = number(api, settings.root / LOCK, report)
    if report.has_errors:
        return []
    bound = [bind(api, protocol, report) for protocol in protocols]
    if report.has_errors:
        return []
    planned = [PlannedFile(LOCK, text=locked), *plan_schemas(bound)]
    for name in settings.languages:
        planned += plan(api, name, bound, settings.definition.name)
    return render(planned)


def check(
    definition: Path,
    protocols: Sequence[WireProtocol],
    report: Report,
    sources: Sources = AS_THEY_ARE,
) -> Api | None:
    """Read and check a definition as far as ``protocols`` need it; nothing is planned."""
    api = read(definition, report, sources)
    if api is None:
        return None
    checks.check(api, report)
    check_capabilities(api, protocols, report, registry.protocols().values())
    if not report.has_errors:
        numbered, _ = number(api, definition.with_name(LOCK), report)
        for protocol in protocols:
            bind(numbered, protocol, report)
    return api


def read(definition: Path, report: Report, sources: Sources = AS_THEY_ARE) -> Api | None:
    """The model of a definition, in whatever format it is."""
    form = registry.reader_of(definition)
    if form is None or form.read is None:
        _unknown(definition, report)
        return None
    api = form.read(definition, report, sources)
    return neutral.restore(api, report) if api else None


def _unknown(definition: Path, report: Report) -> None:
    suffix = definition.suffix
    readable = (form for form in registry.formats().values() if form.read is not None)
    known = list(dict.fromkeys(each for form in readable for each in form.suffixes))
    alike = " and have no key at their root that tells of it" if suffix.lower() in known else ""
    span = Span.at(str(definition))
    report.add(UNKNOWN_FORMAT, span, suffix=suffix, alike=alike, known=", ".join(known))


def number(api: Api, lock_file: Path, report: Report) -> tuple[Api, str]:
    """The definition with every number filled in, and the text of its lock file."""
    found = lock_file.is_file()
    text = lock_file.read_text(encoding="utf-8", errors="replace") if found else None
    return lock.assign(api, text, str(lock_file), report)


def bind(api: Api, protocol: WireProtocol, report: Report) -> Bound:
    """The definition as one protocol sees it; what it cannot carry is left out, and reported by checks."""
    carried = [e for e in exchanges(api) if e.operation.streaming in protocol.carries]
    wires = [(exchange, protocol.bind(api, exchange, report)) for exchange in carried]
    operations = tuple(BoundOperation(e, wire) for e, wire in wires if wire is not None)
    if protocol.check is not None:
        protocol.check(api, operations, report)
    return Bound(api, protocol.name, operations)


def plan_schemas(bound: Sequence[Bound]) -> list[PlannedFile]:
    """The protocols' schema files, the same for all languages."""
    schemas = [(registry.formats()[registry.protocols()[b.protocol].schema], b) for b in bound]
    written = [f.write(b, Writing()) for f, b in schemas if f.write is not None]
    return [
        PlannedFile.of(f"schemas/{path}", content)
        for each in written
        for path, content in each.items()
    ]


def plan(api: Api, language: str, bound: Sequence[Bound], source: str) -> list[PlannedFile]:
    """The files of one language, for those protocols that it speaks."""
    spoken = {t.protocol.name for t in registry.targets() if t.language.name == language}
    facts = [facts_of(b) for b in bound if b.protocol in spoken]
    return registry.languages()[language].plan(api, facts, source)


def facts_of(bound: Bound) -> TargetFacts:
    """What a language may know of a protocol."""
    wire = registry.protocols()[bound.protocol]
    served = registry.formats()[wire.schema].served
    shown = served(bound) if served is not None else {}
    return TargetFacts(
        wire.name, wire.title, wire.schemes, wire.default_port, wire.codec, bound, shown
    )
