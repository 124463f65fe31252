"""Planned files to files with content.

A template sees its view and nothing else; a name that the view lacks is an error. Nothing that comes
from a definition is ever evaluated as a template.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping, Sequence

from svcgen import templates
from svcgen.model.plan import GeneratedFile, PlannedFile


def render(planned: Sequence[PlannedFile]) -> list[GeneratedFile]:
    """The content of every planned file, in the same order."""
    return [GeneratedFile(f.path, _content(f), once=f.once, stubs=f.stubs) for f in planned]


def _content(file: PlannedFile) -> bytes:
    if file.template is None:
        return file.text.encode()
    if not file.template.endswith(".j2"):
        return (templates.ROOT / file.template).read_bytes()
    text = _functions()[file.template](file.view)
    return (text.rstrip("\n") + "\n").encode() if text.strip() else b""


@functools.cache
def _functions() -> Mapping[str, Callable[[object], str]]:
    from svcgen.render import loading

    return loading.load()
