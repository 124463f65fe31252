"""How a method behaves beyond its types: deadline, authentication, pagination."""

from __future__ import annotations

import re

from svcgen.diagnostics import Report, Span
from svcgen.formats.neutral import keys, scalars
from svcgen.formats.neutral.section import Section, open_section, wrong_word
from svcgen.formats.neutral.tree import Mapping, Node, Sequence, Text
from svcgen.model.service import Auth, Pagination

USUAL_PAGINATION = Pagination("page_token", "next_page_token", "items")
SCHEMES = ("bearer", "api_key")
_DURATION = r"([0-9]{1,9}(?:\.[0-9]{1,9})?)(ms|s|m|h)"
_SECONDS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0}


def read_deadline(section: Section) -> float | None:
    """Seconds, from a positive number or a text such as ``500ms``, ``2s``, ``1m``, ``1h``."""
    node = section.node("deadline")
    if node is None:
        return None
    match = re.fullmatch(_DURATION, node.text) if isinstance(node, Text) else None
    seconds = float(match[1]) * _SECONDS[match[2]] if match else scalars.number(node)
    if not seconds or seconds < 0:
        section.wrong("deadline", "a positive number of seconds, or a text such as 500ms or 2s")
        return None
    return round(float(seconds), 9)


def read_auth(section: Section, report: Report) -> Auth | None:
    """``none``, a scheme, a list of schemes, or a mapping with schemes and scopes."""
    node = section.node("auth")
    if node is None:
        return None
    what = f"'auth' of {section.what}"
    if isinstance(node, Mapping):
        return _auth(node, report, what, section.key_span("auth"))
    if isinstance(node, Sequence):
        if not node.items:
            section.wrong("auth", "none, or a list with a scheme in it")
        return Auth(_schemes(section.texts("auth"), report, what))
    if node.text == "none":
        return Auth(())
    return Auth(_schemes([node], report, what, ("none", *SCHEMES)))


def _auth(node: Mapping, report: Report, what: str, span: Span) -> Auth:
    section = Section(node, keys.AUTH, report, what, span)
    section.require("schemes")
    schemes = _schemes(section.texts("schemes"), report, what)
    return Auth(schemes, tuple(scope.text for scope in section.texts("scopes")))


def _schemes(
    texts: list[Text], report: Report, what: str, known: tuple[str, ...] = SCHEMES
) -> tuple[str, ...]:
    for text in texts:
        if text.text not in SCHEMES:
            wrong_word(report, text, what, known)
    return tuple(text.text for text in texts if text.text in SCHEMES)


def read_pagination(section: Section, report: Report) -> Pagination | None:
    """``true`` for the usual names of the three fields, or a mapping with others."""
    node = section.node("pagination")
    if node is None or scalars.boolean(node) is False:
        return None
    if scalars.boolean(node):
        return USUAL_PAGINATION
    what = f"'pagination' of {section.what}"
    span = section.key_span("pagination")
    return _pagination(node, USUAL_PAGINATION, report, what, span)


def _pagination(
    node: Node, usual: Pagination, report: Report, what: str, span: Span
) -> Pagination | None:
    section = open_section(node, keys.PAGINATION, report, what, span)
    if section is None:
        return None
    return Pagination(
        token=section.text("token") or usual.token,
        next_token=section.text("next_token") or usual.next_token,
        items=section.text("items") or usual.items,
    )
