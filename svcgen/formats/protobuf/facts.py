"""What the model keeps of a declaration beside its meaning: documentation, options, wire facts."""

from __future__ import annotations

import base64
import math
import re
from collections.abc import Mapping
from pathlib import PurePath

from svcgen.diagnostics import Span
from svcgen.formats import HEADER, KEPT
from svcgen.formats.protobuf.comments import documentation, leading_lines, nothing_trails, split
from svcgen.formats.protobuf.keeping import OPTION_NAMES, OPTIONS
from svcgen.formats.protobuf.tree import Declaration, File, Setting, Settings
from svcgen.frozen import EMPTY
from svcgen.model.naming import Name
from svcgen.model.types import Literal, Meta

_LICENCE = re.compile(r"copyright|licen[cs]e|SPDX-", re.IGNORECASE)
"""Words of a comment that is no documentation, though it may touch the first statement."""

_MEANT = frozenset({"deprecated", "idempotency_level", "allow_alias"})
"""Options that the model itself has."""


def span_of(declared: Declaration) -> Span:
    """The place of a declaration's name."""
    assert declared.file is not None
    return declared.file.tokens.source.span_on_line(declared.at, len(declared.name))


def meta_of(
    declared: Declaration, bind: Mapping[str, Literal] | None = None, meant: str = ""
) -> Meta:
    """Documentation, deprecation, options and the given wire facts of a declaration.

    ``meant`` is an option that these say.
    """
    file, settings = declared.file, declared.settings
    assert file is not None
    span = file.tokens.source.span_on_line(declared.at, len(declared.name))
    doc = _comment(file, declared.gap, declared.first, declared.end)
    if not settings:
        return Meta(span, doc, bind=bind) if bind else Meta(span, doc)
    shared = (id(settings), meant)
    annotations = file.annotations.get(shared)
    if annotations is None:
        annotations = file.annotations[shared] = _annotations(settings, meant)
    deprecated = "" if settings.get("deprecated") is True else None
    since, renamed_from, tags = "", "", ()  # which no .proto says; naming arguments takes long
    return Meta(span, doc, deprecated, since, renamed_from, tags, bind or EMPTY, annotations)


def _annotations(settings: Settings, meant: str = "") -> dict[str, Literal]:
    """The options that the model has no word for, and the definition that svcgen put there."""
    found: dict[str, Literal] = {}
    others: dict[str, Literal] = {}
    for name, value in settings.items():
        if name in OPTION_NAMES:
            found[KEPT] = literal(value)
        elif name not in _MEANT and name != meant:
            others[name] = literal(value)
    return {**found, OPTIONS: others} if others else found


def file_meta(file: File, bind: Mapping[str, Literal], more: Mapping[str, Literal]) -> Meta:
    """The meta of the whole definition: documented at its syntax and its package.

    ``more`` are annotations.
    """
    at = file.package_first
    span = file.tokens.span(at) if file.package else Span.at(file.tokens.source.name)
    text, gap = file.tokens.source.text, file.tokens.gap(0)
    texts = [_comment(file, file.package_gap, at, file.package_end)] if file.package else []
    found = split(gap, text[len(gap) : len(gap) + 1], first=True)
    if file.syntax_at:
        texts.insert(0, documentation(found.leading))
    header = [documentation(text) for text in found.detached]
    header += [text for text in texts if _LICENCE.search(text)]
    annotations: dict[str, Literal] = {HEADER: "\n\n".join(header)} if header else {}
    return Meta(
        span,
        doc="\n\n".join(text for text in texts if text and text not in header),
        bind=bind,
        annotations={**annotations, **_annotations(file.settings), **more},
    )


def package_of(file: File) -> str:
    """The package, or the file's name where it has none."""
    if file.package:
        return file.package
    stem = PurePath(file.tokens.source.name).stem
    return Name.parse(re.sub(r"\W", "_", stem, flags=re.ASCII)).snake


def doc_of(declared: Declaration) -> str:
    """The comments that lead and trail a declaration."""
    assert declared.file is not None
    return _comment(declared.file, declared.gap, declared.first, declared.end)


def _comment(file: File, start: int, first: int, end: int) -> str:
    """Of a declaration from ``first`` to ``end``, and what stands before it from ``start`` on."""
    text = file.tokens.source.text
    gap = text[start:first]
    if "/" not in gap:
        found = ""
    elif "/*" in gap:
        found = documentation(split(gap, text[first], start == 0).leading)
    else:
        found = leading_lines(gap, start == 0)
    if text.startswith("\n\n", end + 1) or nothing_trails(text, end + 1):
        return found
    behind = file.tokens.gap(end + 1)
    if "/" in behind:
        following = text[end + 1 + len(behind) : end + 2 + len(behind)]
        trailing = documentation(split(behind, following).trailing)
        return f"{found}\n\n{trailing}".strip("\n")
    return found


def literal(value: Setting) -> Literal:
    """A setting as a JSON value: bytes in base64, numbers that JSON has not as their names."""
    if isinstance(value, str):
        return value
    if isinstance(value, bytes):
        return base64.b64encode(value).decode("ascii")
    if isinstance(value, float) and not math.isfinite(value):
        return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
    if isinstance(value, dict):
        return {key: literal(item) for key, item in value.items()}
    if isinstance(value, list):
        return [literal(item) for item in value]
    return value
