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

`svcgen convert SOURCE --to FORMAT` writes a definition in another form. No form but the definition
language says everything that a definition can say:

| | |
|---|---|
| same | the form has a word for it |
| kept | other readers see what is named below; svcgen reads the original, which the form carries |
| changed | something near to it, from which the original cannot be told |
| lost | it is not there |

What is changed or lost is reported with its place, and fails with `--strict`; `--report json` lists
what is kept as well. A declaration carries what its form does not say of it, in the definition language: in a
.proto as the option `(svcgen.message_definition)`, in a .thrift as the annotation `svcgen`, in SDL as the
directive `@svcgen`. It speaks of the declaration as it was converted. Once that is edited, the edit
holds, and what was kept is void, which the next reading says (`kept-stale`). WSDL and AsyncAPI are
written and not read: there it stands in attributes and in `x-` keys, for people and other programs.

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
        f"| {c.words} | {table[c.code].verdict.value} | {_words(table[c.code])} |"
        for c in CONSTRUCTS.values()
        if c.code in table
    ]
    head = [f"\n## {form.title}\n", "| construct | | what becomes of it |", "|---|---|---|"]
    return "\n".join([*head, *rows]) + "\n"


def _words(said: Said) -> str:
    return f"{said.how}; {said.instead}" if said.instead else said.how
