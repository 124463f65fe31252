"""Planned files to files with content: one Jinja environment, its templates compiled once.

A template sees its view and nothing else; a name that the view lacks is an error. Nothing that comes
from a definition is ever evaluated as a template.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from typing import TYPE_CHECKING

from svcgen import templates
from svcgen.model.plan import GeneratedFile, PlannedFile

if TYPE_CHECKING:
    from jinja2 import Environment


def render(planned: Sequence[PlannedFile]) -> list[GeneratedFile]:
    """The content of every planned file, in the same order."""
    return [GeneratedFile(f.path, _content(f), once=f.once, stubs=f.stubs) for f in planned]


def _content(file: PlannedFile) -> bytes:
    if file.template is None:
        return file.text.encode()
    if not file.template.endswith(".j2"):
        return (templates.ROOT / file.template).read_bytes()
    text = _environment().get_template(file.template).render(view=file.view)
    return (text.rstrip("\n") + "\n").encode() if text.strip() else b""


@functools.cache
def _environment() -> Environment:
    from jinja2 import Environment, StrictUndefined

    from svcgen.render.loading import bytecode_cache, loader

    environment = Environment(
        loader=loader(),
        bytecode_cache=bytecode_cache(),
        cache_size=-1,
        auto_reload=False,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,  # the output is code, quoted by the views
    )
    # Escapes of JSON beyond U+FFFF are pairs of surrogates, which other languages read as two characters.
    environment.policies["json.dumps_kwargs"] = {"ensure_ascii": False}
    return environment
