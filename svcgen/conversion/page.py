"""The page ``docs/fidelity.md``: what each form makes of each construct, from the same tables that
``svcgen convert`` reports from.
"""

from __future__ import annotations

from collections.abc import Mapping

from svcgen import registry
from svcgen.conversion.constructs import CONSTRUCTS
from svcgen.formats import Format
from svcgen.formats.fidelity import Said, Verdict

_INTRO = """# What survives a conversion

`svcgen convert SOURCE --to FORMAT` writes a definition in another form, and every form is read again:
A → B → A is A. No form but the definition language says everything that a definition can say:

| | |
|---|---|
| same | the form has a word for it |
| kept | other readers see what is named below; svcgen reads the original, which the form carries |
| changed | something near to it, from which the original cannot be told |
| lost | it is not there |

With `--plain` a file carries nothing, and what would be kept is changed or lost there, as the last
tables say. Each such use of a construct is then reported with its place, and fails with `--strict`.
`--report json` lists what is kept as well.

The tables say what may become of a construct. Where a .proto, a .thrift or SDL says a use of one
after all, as a .proto does of an instant that may be absent, nothing is kept or reported of it.

In a .proto, a .thrift and SDL each declaration carries what the form does not say of it, in the
definition language: as the option `(svcgen.message_definition)`, the annotation `svcgen`, the
directive `@svcgen`. It speaks of the declaration as it was converted. Once that is edited, the edit
holds, and what was kept is void, which the next reading says (`kept-stale`). OpenAPI, OpenRPC,
AsyncAPI and WSDL carry the whole definition once, under `x-svcgen`, and are read from it alone: an edit
of such a document cannot be read, which is an error (`document-edited`). [formats.md](formats.md) has
examples.

A definition without numbers of its own gets them on the way into a form that has numbers, from the
`svcgen.lock` beside it if there is one. What a definition imports from another of the same tree is
imported in the new form too; from elsewhere, it is copied into the file. A definition language's
mixins and `resource:` are expanded.

"""


def markdown() -> str:
    """The page; generated, so that it cannot say another thing than the command."""
    forms = [form for form in registry.formats().values() if form.write is not None]
    tables = {form: form.fidelity() if form.fidelity else {} for form in forms}
    head = "| construct | " + " | ".join(form.word for form in forms) + " |"
    rows = [
        f"| {c.words} | " + " | ".join(_cell(tables[form], c.code) for form in forms) + " |"
        for c in CONSTRUCTS.values()
    ]
    table = "\n".join([head, "|---" * (len(forms) + 1) + "|", *rows])
    return _INTRO + table + "\n" + "".join(_section(f, t) for f, t in tables.items() if t)


def _cell(table: Mapping[str, Said], code: str) -> str:
    return table[code].verdict.value if code in table else Verdict.SAME.value


def _section(form: Format, table: Mapping[str, Said]) -> str:
    rows = [
        f"| {c.words} | {_words(table[c.code])} | {table[c.code].plain.value} |"
        for c in CONSTRUCTS.values()
        if c.code in table
    ]
    columns = "| construct | what other readers see | with `--plain` |"
    head = [f"\n## {form.title}\n", columns, "|---|---|---|"]
    return "\n".join([*head, *rows]) + "\n"


def _words(said: Said) -> str:
    return f"{said.how}; {said.instead}" if said.instead else said.how
