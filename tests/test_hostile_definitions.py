"""Random definitions full of hostile names and texts: findings or code that parses, never a traceback."""

from __future__ import annotations

import json
import string
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from svcgen import pipeline, registry
from svcgen.config import Settings
from svcgen.diagnostics import Report
from svcgen.model.plan import GeneratedFile

RESERVED = [
    "self", "None", "type", "float", "__init__", "class", "import", "int", "str", "list", "dict",
    "default", "field", "package", "interface", "func", "function", "constructor", "message",
    "code", "value", "kind", "items", "options", "operations", "response", "request", "runtime",
    "models", "errors", "Struct", "Any", "Client", "connect", "serve", "x", "y1", "Ünï", "日本",
    "a" * 200, "camelCase", "PascalCase", "SCREAMING", "_leading", "trailing_", "double__under",
]  # fmt: skip
TEXTS = [
    '"; import os', "{{ 7*7 }}", "{% raw %}", "*/", "/*", '"""', "'''", "${x}", "a\nb", "\\", "#",
    "`id`", "<script>", "\\u0041", "%s", "{0}", "../../etc/passwd", "é ü 日本 🎉", '"', "'", "", " ",
    "very long " * 30,
]  # fmt: skip

names = st.sampled_from(RESERVED) | st.text(string.ascii_letters, min_size=1, max_size=8)
texts = st.sampled_from(TEXTS) | st.lists(st.sampled_from(TEXTS), max_size=3).map("".join)
scalars = st.sampled_from(
    "bool int8 int32 int64 uint8 uint64 float32 float64 decimal string bytes timestamp date time "
    "duration uuid any".split()
)
keys = st.sampled_from(["string", "int32", "uint64", "bool", "uuid", "date"])


@st.composite
def expressions(draw: st.DrawFn, types: list[str], depth: int = 2) -> str:
    """A type expression over scalars and the definition's own types."""
    if depth == 0 or draw(st.integers(0, 3)) < 2:
        return draw(scalars if not types else scalars | st.sampled_from(types))
    inner = draw(expressions(types, depth - 1))
    match draw(st.integers(0, 2)):
        case 0:
            return f"list<{inner}>"
        case 1:
            return f"map<{draw(keys)}, {inner}>"
        case _:
            return f"list<{inner}|null>" if not inner.endswith("any") else f"list<{inner}>"


@st.composite
def fields(draw: st.DrawFn, types: list[str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name in draw(st.lists(names, min_size=1, max_size=5, unique_by=squashed)):
        field: dict[str, Any] = {"type": draw(expressions(types)), "doc": draw(texts)}
        if field["type"] == "string" and draw(st.booleans()):
            field["default"] = draw(texts)
        elif draw(st.booleans()):
            field["optional"] = True
        if field["type"] in {"string", "int32"} and draw(st.booleans()):
            field["nullable"] = True
            field.pop("default", None)
        found[name] = field
    return found


def squashed(name: str) -> str:
    return name.replace("_", "").lower()


@st.composite
def definitions(draw: st.DrawFn) -> dict[str, Any]:
    spelled = draw(st.lists(names, min_size=2, max_size=6, unique_by=squashed))
    service, *types = [name[:1].upper() + name[1:] for name in spelled]
    types = [name for name in types if name[0].isalpha()]
    bodies: dict[str, Any] = {}
    for name in types:
        match draw(st.integers(0, 3)):
            case 0:
                values = draw(st.lists(names, min_size=1, max_size=4, unique_by=squashed))
                bodies[name] = {"enum": values, "doc": draw(texts)}
            case 1:
                bodies[name] = {"union": draw(fields([])), "doc": draw(texts)}
                for member in bodies[name]["union"].values():
                    for key in ("optional", "nullable", "default"):
                        member.pop(key, None)
            case _:
                bodies[name] = {"fields": draw(fields(types)), "doc": draw(texts)}
    methods = {
        name: draw(operations(types))
        for name in draw(st.lists(names, min_size=1, max_size=4, unique_by=squashed))
    }
    return {
        "svcgen": 1,
        "package": draw(st.sampled_from(["p", "class.def", "a.b.v1", "json", "typing"])),
        "doc": draw(texts),
        "types": bodies,
        "errors": {"Failed" + str(len(types)): {"code": "aborted", "fields": draw(fields([]))}},
        "services": {service: {"doc": draw(texts), "methods": methods}},
    }


@st.composite
def operations(draw: st.DrawFn, types: list[str]) -> dict[str, Any]:
    operation: dict[str, Any] = {"doc": draw(texts)}
    match draw(st.integers(0, 3)):
        case 0:
            operation["params"] = draw(fields(types))
        case 1:
            operation["input"] = draw(expressions(types))
        case 2:
            operation["input"] = "stream " + draw(expressions(types))
    match draw(st.integers(0, 2)):
        case 0:
            operation["output"] = draw(expressions(types))
        case 1:
            operation["output"] = "stream " + draw(expressions(types))
    if draw(st.booleans()):
        operation["deprecated"] = draw(texts.filter(bool))
    operation["readonly"] = draw(st.booleans())
    return operation


def generated(folder: Path, definition: Any) -> tuple[list[GeneratedFile], Report]:
    file = folder / "definition.yaml"
    file.write_text(yaml.safe_dump(definition, allow_unicode=True, sort_keys=False))
    report = Report()
    wanted = Settings(folder, file, tuple(registry.languages()), tuple(registry.protocols()))
    return pipeline.generate(wanted, report), report


@pytest.mark.slow
@settings(
    max_examples=150, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True
)
@given(definitions())
def test_whatever_is_generated_parses(tmp_path_factory: Any, definition: dict[str, Any]) -> None:
    files, report = generated(tmp_path_factory.mktemp("hostile"), definition)

    assert files or report.has_errors
    for file in files:
        if file.path.endswith(".py") and "/support/" not in file.path:
            compile(file.content, file.path, "exec")
        elif file.path.endswith(".json"):
            json.loads(file.content)
        elif file.path.endswith(".yaml"):
            yaml.safe_load(file.content)


@pytest.mark.slow
@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
@given(definitions())
def test_whatever_is_generated_can_be_imported(
    tmp_path_factory: Any, definition: dict[str, Any]
) -> None:
    """Every module of the package, with all of its protocols: descriptors, codecs, routes."""
    folder = tmp_path_factory.mktemp("imported")
    files, _ = generated(folder, definition)
    for file in files:
        (folder / file.path).parent.mkdir(parents=True, exist_ok=True)
        (folder / file.path).write_bytes(file.content)
    modules = sorted(f.path for f in files if "/_gen/" in f.path and f.path.endswith(".py"))
    code = "import importlib, sys\nfor m in sys.argv[1:]: importlib.import_module(m)"
    dotted = [p.removeprefix("python/src/").removesuffix(".py").replace("/", ".") for p in modules]
    dotted = [name.removesuffix(".__init__") for name in dotted]

    done = subprocess.run(
        [sys.executable, "-c", code, *dotted], cwd=folder / "python" / "src" if files else folder,
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip

    assert done.returncode == 0, done.stderr[-3000:]
