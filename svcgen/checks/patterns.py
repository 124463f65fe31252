"""Regular expressions that mean the same in every language: what RE2, Python, Java and ECMAScript
share.
"""

from __future__ import annotations

import re
import warnings

LONGEST = 500

_UNPORTABLE = (
    (r"\(\?<?[=!]", "uses a lookaround"),
    (r"\(\?P[=>]|\\[1-9]|\\k<|\\g<", "uses a backreference"),
    (r"\(\?>", "uses an atomic group"),
    (r"\(\?\(", "uses a conditional group"),
    (r"\(\?[#P<]", "names a group or holds a comment"),
    (r"\(\?[a-zA-Z-]", "sets a flag"),
    (r"\\[AZzbBGCXRpP]", "uses an escape that languages read differently"),
    (r"[*+?}]\+", "uses a possessive quantifier"),
    (
        r"\{(\d*,)?(\d{5,}|[2-9]\d{3}|1\d\d[1-9]|1\d[1-9]\d|1[1-9]\d\d)",
        "repeats more than 1000 times",
    ),
)
_ESCAPED_OR_CLASS = r"(?s)\\([^A-Za-z1-9])|\[\^?\]?(?:\\.|[^\]\\])*\]"
_REPEAT = r"[*+]|\{\d*,\d*\}"
_REPEATED_GROUP = r"\)(?:[*+]|\{)"


def problem(pattern: str) -> str:
    """Why ``pattern`` is not usable everywhere; empty if it is."""
    if len(pattern) > LONGEST:
        return f"is longer than {LONGEST} characters"
    bare = _bare(pattern)
    for unportable, what in _UNPORTABLE:
        if re.search(unportable, bare):
            return what
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            re.compile(pattern)
    except (re.error, OverflowError, RecursionError, FutureWarning) as error:
        return f"does not compile ({error})"
    return ""


def rejects(pattern: str, value: str) -> bool:
    """Whether ``value`` has no match; ``False`` as well where the answer could take long to
    find.
    """
    bare = _bare(pattern)
    quick = len(re.findall(_REPEAT, bare)) <= 3 and not re.search(_REPEATED_GROUP, bare)
    return (
        quick and len(value) <= LONGEST and not problem(pattern) and not re.search(pattern, value)
    )


def _bare(pattern: str) -> str:
    """``pattern`` without classes and escaped punctuation, so that what is left is syntax."""
    return re.sub(_ESCAPED_OR_CLASS, "x", pattern)
