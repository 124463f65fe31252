"""Scalars that a document declares: ours by what svcgen writes of them, others by their names."""

from __future__ import annotations

from svcgen.formats.graphql.declarations import SCALAR, Declared, Document
from svcgen.formats.graphql.facts import argument, doc_of, meta_of, uses
from svcgen.formats.graphql.mentions import Mentions
from svcgen.formats.graphql.scalars import DOCS, NAMES, SPECIFIED_BY
from svcgen.model.naming import Name
from svcgen.model.types import Alias, Literal, Scalar, ScalarRef

BUILT_IN = {
    "Int": Scalar.INT32,
    "Float": Scalar.FLOAT64,
    "String": Scalar.STRING,
    "Boolean": Scalar.BOOL,
}
_OURS = {name: scalar for scalar, name in NAMES.items() if name not in BUILT_IN}
_NAMED = {**_OURS, "DateTime": Scalar.TIMESTAMP}
"""What a scalar of somebody else's is by its name; any other is a string."""


class Customs:
    """``plain`` gives those that are types of the model; all others are aliases."""

    def __init__(self, document: Document, mentions: Mentions) -> None:
        self.plain: dict[str, Scalar] = dict(BUILT_IN)
        self.aliases: dict[str, Declared] = {}
        self._mentions = mentions
        self._known: dict[str, Scalar] = {}  # ours, under another name
        for name, declared in document.declared(SCALAR):
            own = name.rstrip("_").removesuffix("Scalar")
            scalar = _OURS.get(own)
            is_ours = scalar is not None and self._is_ours(name, declared, scalar)
            if scalar is not None and is_ours and (name == own or own in document.types):
                self.plain[name] = scalar
                continue
            self.aliases[name] = declared
            if scalar is not None and is_ours:
                self._known[name] = scalar

    def _is_ours(self, name: str, declared: Declared, scalar: Scalar) -> bool:
        """Whether svcgen writes it just so: JSON is always nullable there."""
        return (
            not uses(declared.directives)
            and doc_of(declared) == DOCS[scalar]
            and specified_by(declared) == SPECIFIED_BY.get(scalar, "")
            and name in self._mentions.by_fields
            and not (scalar is Scalar.ANY and name in self._mentions.never_null)
        )

    def alias(self, name: str, model_name: str) -> Alias:
        declared = self.aliases[name]
        bind: dict[str, Literal] = {"scalar": name}
        if by := specified_by(declared):
            bind["specified_by"] = by
        meta = meta_of(declared, bind)
        return Alias(Name.parse(model_name), ScalarRef(self._target(name), meta.span), meta)

    def _target(self, name: str) -> Scalar:
        """A default says more than a name: what is no string can only be any JSON."""
        if name in self._known:
            return self._known[name]
        if not self._mentions.defaults.get(name):
            return _NAMED.get(name, Scalar.STRING)
        return Scalar.STRING if self._mentions.only_strings(name) else Scalar.ANY


def specified_by(declared: Declared) -> str:
    for directive in declared.directives:
        if directive.name.value == "specifiedBy":
            return argument(directive, "url")
    return ""
