"""Definitions as the files of another form, which carry what it cannot say.

A tree of definitions becomes a tree of files: what one imports from another is written once, in the
file of its own. A single one takes what it imports into its file.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from svcgen import output, pipeline, registry
from svcgen.conversion.unsaid import Unsaid
from svcgen.diagnostics import Report
from svcgen.formats import Format, Inherited, Sources, Writing, flat_name
from svcgen.formats.neutral import choosing, keeping
from svcgen.formats.neutral.choosing import Choice
from svcgen.formats.neutral.fragments import declarations, text
from svcgen.formats.neutral.writer import write as definition
from svcgen.frozen import EMPTY, frozen
from svcgen.model.bindings import Bound
from svcgen.model.plan import GeneratedFile, PlannedFile
from svcgen.model.service import Api
from svcgen.render import render

_NO_PROTOCOL = ""


@frozen
class Module:
    """A definition in a tree, by its path without a suffix: ``shop/orders``."""

    name: str
    api: Api
    elsewhere: Mapping[str, str] = EMPTY  # what it names of other modules, by type and error
    inherited: Mapping[str, Inherited] = EMPTY  # what its services extend in other modules
    tree: frozenset[str] = frozenset()  # the names of all modules that were asked for


def write(modules: Sequence[Module], form: Format) -> list[GeneratedFile]:
    """The files of all modules, each once."""
    with TemporaryDirectory(prefix="svcgen-") as folder:
        draft(modules, form, Path(folder))
        drafts = Sources(include=(Path(folder),))
        return files(gathered({m.name: final(m, form, drafts).files for m in modules}))


@frozen
class Written:
    """The files of modules by their names; and those that these need beside them, by their paths.

    A file that is a module's own is not one that others need beside them.
    """

    own: Mapping[str, GeneratedFile]
    common: Mapping[str, GeneratedFile]


def files(written: Written) -> list[GeneratedFile]:
    """Each file once."""
    own = {file.path: file for file in written.own.values()}
    return [*own.values(), *(file for path, file in written.common.items() if path not in own)]


def draft(modules: Sequence[Module], form: Format, folder: Path) -> None:
    """Write into a scratch folder what labels everything, if what a form says has to be tried.

    What that needs beside it, the reader has.
    """
    if not _is_tried(form):
        return
    for module in modules:
        carried = _placed(module, form, keeping.labels(module.api))
        own, *_ = _files(module, form, carried)
        output.put(folder, own.path, own.content)


@frozen
class Final:
    """A module's own file, those that it needs beside it, and what the form does not say of it."""

    files: list[GeneratedFile]
    unsaid: Unsaid | None = None  # where that has been tried


def final(module: Module, form: Format, drafts: Sources, *, plain: bool = False) -> Final:
    """The files of a module, which carry nothing if they are to be ``plain``.

    ``drafts`` has the folder of those of the whole tree, and is the same for all of it.
    """
    tried = _is_tried(form)
    choice = choosing.choose(module.api, _read(module, form, drafts)) if tried else None
    kept = EMPTY if plain else _kept(module, form, choice, drafts)
    return Final(_files(module, form, kept), choice.unsaid if choice else None)


def gathered(files: Mapping[str, Sequence[GeneratedFile]]) -> Written:
    """The files of modules by their names, each module's own the first."""
    common = {file.path: file for _, *others in files.values() for file in others}
    return Written({name: own for name, (own, *_) in files.items()}, common)


def _kept(
    module: Module, form: Format, choice: Choice | None, drafts: Sources
) -> Mapping[str, str]:
    """What the form has to carry of a module."""
    if form.whole:
        return {"": definition(module.api)}
    if choice is None:
        return EMPTY
    kept = choice.texts
    if not kept and not _says_all(module, form, drafts):
        kept = {"": text(declarations(module.api)[""].fragment)}
    return _placed(module, form, kept)


def _says_all(module: Module, form: Format, drafts: Sources) -> bool:
    """Whether a file in which nothing is carried is read as one in which something is."""
    with TemporaryDirectory(prefix="svcgen-") as folder:
        own, *_ = _files(module, form, EMPTY)
        output.put(Path(folder), own.path, own.content)
        read = _read(module, form, Sources(include=(Path(folder), *drafts.include)))
    said, wanted = (
        {key: each for key, each in declarations(api).items() if each.name not in api.origins}
        for api in (read, module.api)
    )
    return said == wanted


def _placed(module: Module, form: Format, kept: Mapping[str, str]) -> Mapping[str, str]:
    """What a file carries, and where it was if it does not lie there in this form."""
    if not form.flat or flat_name(module.name) == module.name:
        return kept
    return {**kept, "": keeping.with_path(kept.get("", ""), module.name)}


def _is_tried(form: Format) -> bool:
    """Whether a reader has to find out which declarations carry something."""
    return form.read is not None and not form.complete and not form.whole


def place(name: str, form: Format) -> str:
    """The path of a module's file."""
    return (flat_name(name) if form.flat else name) + form.suffixes[0]


def _files(module: Module, form: Format, kept: Mapping[str, str]) -> list[GeneratedFile]:
    """A module's own file, and those that it needs beside it."""
    assert form.write is not None
    writing = Writing(
        kept, module.elsewhere, module.inherited, module.name, module.tree, is_converted=True
    )
    written = form.write(_bound(module.api, form), writing)
    own, *others = written.items()
    planned = [(place(module.name, form), own[1]), *others]
    return render([PlannedFile.of(path, content) for path, content in planned])


def _bound(api: Api, form: Format) -> Bound:
    """The definition as that protocol sees it whose schema the form is."""
    protocols = registry.protocols().values()
    protocol = next((p for p in protocols if p.schema == form.name), None)
    if protocol is None:
        return Bound(api, _NO_PROTOCOL, ())
    return pipeline.bind(api, protocol, Report())


def _read(module: Module, form: Format, drafts: Sources) -> Api:
    """What the form's own reader makes of a file in which everything is labelled."""
    assert form.read is not None
    report = Report()
    path = drafts.include[0] / place(module.name, form)
    api = form.read(path, report, drafts)
    if api is None or report.has_errors:
        found = "; ".join(f"{d.span}: {d.message}" for d in report.diagnostics[:5])
        raise RuntimeError(f"{module.name} was written as {form.title} that is not valid: {found}")
    return api
