"""The files that ``svcgen new`` seeds beside the generated code, through cookiecutter's renderer.

Its prompts, hooks, user configuration and replay files stay out of it: the template is svcgen's own
and every value is known. Values are data; cookiecutter renders none of them as a template.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from svcgen import templates
from svcgen.frozen import attributes, frozen
from svcgen.model.plan import GeneratedFile

_TEMPLATE = "project"


@frozen
class Endpoint:
    """Where the container serves one protocol."""

    url: str
    port: int
    health: str = ""  # URL of the health check, if it has one over HTTP


@frozen
class Skeleton:
    """What the seeded files say. Strings of the user are plain here and quoted by ``files``."""

    title: str
    definition: str  # relative to the project, with "/"
    include: tuple[str, ...]  # likewise
    lenient: bool
    languages: tuple[str, ...]
    protocols: tuple[str, ...]
    module: str  # of the Python package; letters, digits and "_" only
    endpoints: tuple[Endpoint, ...]


def files(skeleton: Skeleton) -> list[GeneratedFile]:
    """The seeded files, in the order of their paths."""
    from cookiecutter.generate import generate_files  # type: ignore[import-untyped]

    context = {"project": "project", **_values(skeleton)}
    context["_jinja2_env_vars"] = {"trim_blocks": True, "lstrip_blocks": True}
    with tempfile.TemporaryDirectory() as folder:
        made = generate_files(
            templates.ROOT / _TEMPLATE, {"cookiecutter": context}, folder, accept_hooks=False
        )
        root = Path(made)
        paths = sorted(path for path in root.rglob("*") if path.is_file())
        return [
            GeneratedFile(path.relative_to(root).as_posix(), path.read_bytes(), once=True)
            for path in paths
        ]


def starter(package: str) -> bytes:
    """The commented definition that ``svcgen new`` writes where there is none."""
    text = (templates.ROOT / _TEMPLATE / "starter.yaml").read_text(encoding="utf-8")
    return text.replace("package: starter\n", f"package: {package}\n", 1).encode()


def package_of(stem: str) -> str:
    """A package name from a file's name: lower-case ASCII words that start with a letter."""
    words = re.findall(r"[a-z0-9]+", stem.lower())
    name = "_".join(words).lstrip("0123456789_")
    return name or "service"


def quoted(text: str) -> str:
    """A string of TOML and of YAML alike: in double quotes, all that is not printable escaped."""
    escapes = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r"}
    return '"' + "".join(escapes.get(char) or _escaped(char) for char in text) + '"'


def _escaped(char: str) -> str:
    if char.isprintable():
        return char
    return f"\\u{ord(char):04x}" if ord(char) < 0x10000 else f"\\U{ord(char):08x}"


def _prose(text: str) -> str:
    """Text that Markdown shows as it is, on one line, also between backquotes."""
    line = " ".join("".join(char if char.isprintable() else " " for char in text).split())
    return re.sub(r"[`*_\[\]<>|\\#]", " ", line).strip() or "service"


def _values(skeleton: Skeleton) -> dict[str, object]:
    return {
        "title": _prose(skeleton.title),
        "definition": quoted(skeleton.definition),
        "definition_name": _code(skeleton.definition),
        "include": _quoted_all(skeleton.include),
        "lenient": skeleton.lenient,
        "languages": _quoted_all(skeleton.languages),
        "protocols": _quoted_all(skeleton.protocols),
        "python": _python(skeleton.module),
        "endpoints": [attributes(endpoint) for endpoint in skeleton.endpoints],
        "health": next((e.health for e in skeleton.endpoints if e.health), ""),
        "service": package_of(skeleton.module).replace("_", "-"),
    }


def _code(text: str) -> str:
    return "".join(char if char.isprintable() and char != "`" else " " for char in text)


def _quoted_all(names: Sequence[str]) -> list[str]:
    return [quoted(name) for name in names]


def _python(module: str) -> Mapping[str, str]:
    return {"module": module, "handler": f"python/src/{module.replace('.', '/')}/handler.py"}
