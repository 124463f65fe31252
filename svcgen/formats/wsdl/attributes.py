"""Facts that XML Schema has no words for, as attributes of a namespace of their own.

Texts stand as they are; whatever may be something else is JSON.
"""

from __future__ import annotations

import json

from svcgen.formats import facts
from svcgen.formats.facts import Facts
from svcgen.formats.wsdl.xml import clean
from svcgen.model.types import Example, Meta

NAMESPACE = "urn:svcgen:facts"


def attributes(*groups: Facts) -> dict[str, str]:
    """The facts that are there, as ``svc:`` attributes."""
    return {
        f"svc:{name}": value if isinstance(value, str) else as_json(value)
        for group in groups
        for name, value in facts.present(group).items()
    }


def of_meta(meta: Meta) -> Facts:
    deprecated = None if meta.deprecated is None else meta.deprecated or "deprecated"
    annotations = dict(meta.annotations)
    return {"deprecated": deprecated, **facts.of_meta(meta), "annotations": annotations}


def of_examples(examples: tuple[Example, ...]) -> Facts:
    return {"examples": [example.value for example in examples]}


def as_json(value: object) -> str:
    """JSON of characters that XML has."""
    text = json.dumps(value, ensure_ascii=False)
    return text if clean(text) == text else json.dumps(value)
