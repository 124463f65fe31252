"""Names of XML: the definition's own where they are NCNames that everybody reads, else encoded.

A character that cannot stand where it is becomes ``_xHHHH_``, its code point in hexadecimal. Letters
are those that the fourth *and* the fifth edition of XML 1.0 know (appendix B; 2.3), for readers of
either are in use. Names that differ in nothing but case and punctuation get a number: the classes
and members that tools make of them would be the same.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from svcgen.model.rpc import package_parts
from svcgen.model.service import Api
from svcgen.model.types import Meta

_LETTERS = (
    "A-Za-z_\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u00ff\u0100-\u0131\u0134-\u013e\u0141-\u0148\u014a-\u017e"
    "\u038e-\u03a1\u03a3-\u03ce\u0401-\u040c\u040e-\u044f\u0451-\u045c\u05d0-\u05ea\u0621-\u063a"
    "\u0641-\u064a\u0905-\u0939\u0e01-\u0e2e\u3041-\u3094\u30a1-\u30fa\u4e00-\u9fa5\uac00-\ud7a3"
)
_ILLEGAL = re.compile(f"^[^{_LETTERS}]|[^{_LETTERS}0-9.-]")
_VERSION = re.compile(r"v\d+\Z")
_LONGEST = 120  # of a name that is made up


def ncname(text: str) -> str:
    """An XML name without a colon (Namespaces in XML 1.0, 3)."""
    return _ILLEGAL.sub(lambda match: f"_x{ord(match[0]):04X}_", text) or "_"


class Names:
    """Gives the things of one symbol space names that nothing else has, in any case."""

    def __init__(self, *taken: str) -> None:
        self._taken = {_folded(name) for name in taken}

    def choose(self, wanted: str, instead: str = "") -> str:
        """``wanted`` as an NCName; if it is taken then ``instead``, or a number behind it."""
        name = plain = ncname(wanted)
        if instead and _folded(name) in self._taken:
            name = plain = ncname(instead)
        number = 1
        while _folded(name) in self._taken:
            number += 1
            name = f"{plain}{number}"
        self._taken.add(_folded(name))
        return name

    def make(self, wanted: str) -> str:
        """A name that no definition wrote, kept to a length that is good for a file."""
        return self.choose(wanted[:_LONGEST])


def namespace(api: Api) -> str:
    """The target namespace: ``bind: {soap: {namespace: …}}``, else one made as JAX-WS does (3.2).

    It is the package backwards as a host, and the major version behind it, unless the package ends
    with a version itself: ``shop.catalog`` 2.1.0 is ``http://catalog.shop/v2``.
    """
    if bound := bound_name(api.meta, "namespace"):
        return bound
    parts = _parts(api)
    major = api.version.partition(".")[0]
    versioned = major.isascii() and major.isdigit() and not _VERSION.match(parts[-1])
    return f"http://{'.'.join(reversed(parts))}/" + (f"v{int(major)}" if versioned else "")


def file_name(api: Api) -> str:
    return ".".join(_parts(api)) + ".wsdl"


def bound_name(meta: Meta, key: str) -> str:
    """What is written by hand under ``bind: soap:``, the empty string if nothing is."""
    facts = meta.bind.get("soap")
    value = facts.get(key) if isinstance(facts, Mapping) else None
    return value if isinstance(value, str) else ""


def _parts(api: Api) -> list[str]:
    return package_parts(api.package) or ["service"]


def _folded(name: str) -> str:
    return re.sub(r"[\W_]+", "", name).casefold() or name
