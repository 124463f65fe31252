"""The rules at length: what ``svcgen explain`` prints and ``docs/rules.md`` holds.

A rule exists once the module that owns it is imported, so all of svcgen is imported to find them.
"""

from __future__ import annotations

import importlib
import pkgutil
import textwrap
from string import Formatter

import svcgen
from svcgen.diagnostics import RULES, Rule, did_you_mean


def all_rules() -> list[Rule]:
    """Every rule of svcgen, sorted by code."""
    for module in pkgutil.walk_packages(svcgen.__path__, "svcgen."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    return [rule for _, rule in sorted(RULES.items())]


def explain(code: str) -> str:
    """The rule at length. Raises :class:`LookupError`, its text fit for the user, if there is
    none.
    """
    rules = {rule.code: rule for rule in all_rules()}
    if code not in rules:
        raise LookupError(f"there is no rule {code[:100]!r}{did_you_mean(code, rules)}")
    rule = rules[code]
    return (
        f"{rule.severity}[{rule.code}]: {_words(rule.message)}\n\n{textwrap.fill(rule.why, 88)}\n\n"
        f"fix: {_words(rule.fix)}\n" + _indented(rule.example)
    )


def markdown() -> str:
    """The page ``docs/rules.md``."""
    intro = (
        "# Rules\n\nEvery finding that svcgen can report;"
        " `svcgen explain CODE` prints the same text.\n"
        "This page is generated from the rules:"
        " `pytest tests/test_errors.py --refresh` rewrites it.\n"
    )
    return intro + "".join(map(_section, all_rules()))


def _section(rule: Rule) -> str:
    section = (
        f"\n## {rule.code}\n\n*{rule.severity}*: {_escaped(_words(rule.message))}\n\n{rule.why}\n\n"
        f"Fix: {_escaped(_words(rule.fix))}.\n"
    )
    return section + (
        f"\n```{rule.language}\n{rule.example.rstrip()}\n```\n" if rule.example else ""
    )


def _words(pattern: str) -> str:
    """A pattern with its holes as words: ``{name!r}`` becomes ``<name>``; optional hints go."""
    holes = Formatter().parse(pattern)
    return "".join(
        text + (f"<{hole}>" if hole and hole != "hint" else "") for text, hole, _, _ in holes
    )


def _escaped(words: str) -> str:
    return words.replace("<", "\\<").replace("*", "\\*")


def _indented(example: str) -> str:
    if not example:
        return ""
    return "\nexample:\n\n" + "".join(
        f"    {line}\n" if line else "\n" for line in example.splitlines()
    )
