"""Schemas of OpenAPI 3.1 in the dialect of AsyncAPI 3.0, which is draft 07 and some more.

There nothing may stand beside a ``$ref``, and a discriminator names schemas, which ours does not.
"""

from __future__ import annotations

import re

from svcgen.formats.facts import Facts, present
from svcgen.formats.openapi.schemas import Schema, described
from svcgen.model.types import Meta

_ONE = ("items", "additionalProperties", "propertyNames")
_MANY = ("oneOf", "anyOf", "allOf")
_FORBIDDEN = re.compile(r"[^A-Za-z0-9._-]")


def translated(schema: Schema) -> Schema:
    """The same schema in AsyncAPI's words."""
    found: Schema = {}
    for key, value in schema.items():
        if key in _ONE and isinstance(value, dict):
            found[key] = translated(value)
        elif key in _MANY and isinstance(value, list):
            found[key] = [translated(each) for each in value]
        elif key == "properties" and isinstance(value, dict):
            found[key] = {name: translated(each) for name, each in value.items()}
        elif key != "discriminator":
            found[_extension(key)] = value
    target = found.pop("$ref", None)
    if target is None:
        return found
    return {"allOf": [{"$ref": target}], **found} if found else {"$ref": target}


def about(meta: Meta) -> Schema:
    """Description and annotations of what is no schema, and so cannot be deprecated as one is."""
    found = {_extension(key): value for key, value in described(meta).items()}
    if found.pop("deprecated", None):
        found["x-deprecated"] = True
    return found


def extensions(*groups: Facts) -> Schema:
    """Facts as ``x-`` keys."""
    return {f"x-{name}": value for group in groups for name, value in present(group).items()}


def _extension(key: str) -> str:
    """A key of the definition's own, of characters that AsyncAPI takes in one."""
    if not key.startswith("x-"):
        return key
    return _FORBIDDEN.sub(lambda match: f"_{ord(match[0]):x}_", key)
