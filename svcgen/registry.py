"""Finds formats, protocols and languages by their folders. Nothing else lists them."""

from __future__ import annotations

import functools
import importlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from svcgen import templates
from svcgen.formats import Format
from svcgen.frozen import frozen
from svcgen.languages import Language
from svcgen.protocols import WireProtocol


@frozen
class Target:
    """A language that speaks a protocol: there is a folder ``templates/<language>/<protocol>``."""

    language: Language
    protocol: WireProtocol


@functools.cache
def formats() -> Mapping[str, Format]:
    return _found("svcgen.formats", "FORMAT", "")


@functools.cache
def protocols() -> Mapping[str, WireProtocol]:
    return _found("svcgen.protocols", "PROTOCOL", ".py")


@functools.cache
def languages() -> Mapping[str, Language]:
    return _found("svcgen.languages", "LANGUAGE", "")


def targets() -> Iterator[Target]:
    """Every language × protocol that there is, sorted by language and protocol."""
    for language in languages().values():
        for protocol in protocols().values():
            if templates.exists(f"{language.name}/{protocol.name}"):
                yield Target(language, protocol)


def reader_of(path: Path) -> Format | None:
    """The format that reads a file: by the ending of its name, and by its keys if several may."""
    name = path.name.lower()
    found = [f for f in formats().values() if f.read is not None and name.endswith(f.suffixes)]
    if not any(form.roots for form in found):
        return next(iter(found), None)
    from svcgen.formats.roots import root_keys

    keys = root_keys(path)
    told = [f for f in found if keys.intersection(f.roots)]
    usual = [f for f in found if name.endswith(f.suffixes[0])]
    by_key = min(told, key=lambda f: not f.complete, default=None)
    return by_key or max(usual, key=lambda f: len(f.suffixes[0]), default=None)


def _found(package: str, constant: str, suffix: str) -> Mapping[str, Any]:
    """By its name, the declared object of every folder of ``package``, or of every ``.py`` file."""
    folder = Path(__file__).parent / package.rpartition(".")[2]
    found = [p.stem for p in folder.iterdir() if p.suffix == suffix and p.name[0] not in "._"]
    modules = (importlib.import_module(f"{package}.{name}") for name in sorted(found))
    declared = (getattr(module, constant, None) for module in modules)
    return {each.name: each for each in declared if each is not None}
