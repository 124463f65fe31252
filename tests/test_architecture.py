"""The house's rules, held: who may import whom, who may name whom, what every target has."""

from __future__ import annotations

import ast
import re
import tomllib
from pathlib import Path

import pytest

from svcgen import registry, templates

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "svcgen"

MAY_IMPORT = {
    "frozen": set(),
    "diagnostics": set(),
    "templates": set(),
    "model": {"diagnostics"},
    "formats": {"diagnostics", "model", "templates"},
    "checks": {"diagnostics", "model", "protocols"},
    "protocols": {"diagnostics", "model"},
    "evolution": {"diagnostics", "model"},
    "languages": {"diagnostics", "model", "templates"},
    "render": {"model", "templates", "__version__"},
    "registry": {"formats", "protocols", "languages", "templates"},
    "config": {"diagnostics"},
    "reporting": {"diagnostics"},
    "rulebook": {"diagnostics", "reporting"},
    "pipeline": {
        "checks", "config", "diagnostics", "evolution", "formats", "languages", "model",
        "protocols", "registry", "render",
    },
    "conversion": {
        "checks", "diagnostics", "formats", "model", "output", "pipeline", "registry", "render",
    },
    "project": {
        "config", "diagnostics", "evolution", "languages", "model", "output", "pipeline", "registry",
        "templates", "__version__",
    },
    "output": {"model", "project"},
}  # fmt: skip
"""What each part may import of the others and of ``frozen``; the command line may import everything."""

SHAPES = re.compile(r"svcgen\.(?:languages\.\w+\.codecs|protocols)\.(\w+)(\.\w+)?")
"""A codec and a protocol may read the shape of the format of their name."""


def modules() -> list[Path]:
    return sorted(p for p in PACKAGE.rglob("*.py") if "_templates" not in p.parts)


def dotted(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports(path: Path) -> set[str]:
    """The modules of svcgen that a file imports, at its top or inside a function."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module == "svcgen":
            found |= {f"svcgen.{alias.name}" for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
    return {name for name in found if name.startswith("svcgen.")}


def part(module: str) -> str:
    return module.split(".")[1]


@pytest.mark.parametrize("path", modules(), ids=dotted)
def test_imports_go_down_the_pipeline(path: Path) -> None:
    """A stage knows the values that it takes and gives, never a later stage."""
    module = dotted(path)
    if module in {"svcgen", "svcgen.__main__"} or part(module) == "cli":
        return
    codec = SHAPES.fullmatch(module)
    for imported in sorted(imports(path)):
        own = part(imported) == part(module)
        shape = codec is not None and imported == f"svcgen.formats.{codec[1]}.shape"
        message = f"{module} imports {imported}"
        assert own or shape or part(imported) in MAY_IMPORT[part(module)] | {"frozen"}, message


def mentioned(path: Path, words: set[str]) -> set[str]:
    """Which of ``words`` are whole strings of a module, or names in a template."""
    text = path.read_text(encoding="utf-8")
    if path.suffix != ".py":
        return {word for word in words if re.search(rf"[^\w ]{word}(?!://)\b", text)}
    found = {node.value for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Constant)}
    return {word for word in words if word in found}


def test_no_protocol_names_a_language() -> None:
    languages = set(registry.languages())

    named = {p.name: mentioned(p, languages) for p in (PACKAGE / "protocols").glob("*.py")}

    assert {} == {name: words for name, words in named.items() if words}


def test_no_language_and_no_base_template_names_a_protocol() -> None:
    """What a language shares between protocols knows none of them; a codec may be named like one."""
    protocols = set(registry.protocols())
    bases = [templates.ROOT / language / "base" for language in registry.languages()]
    shared = [
        *(p for p in (PACKAGE / "languages").rglob("*.py") if "codecs" not in p.parts),
        *(path for base in bases for path in base.glob("*.j2")),
    ]

    named = {p.name: mentioned(p, protocols) for p in shared}

    assert {} == {name: words for name, words in named.items() if words}


@pytest.mark.parametrize(
    "target", list(registry.targets()), ids=lambda t: f"{t.language.name}-{t.protocol.name}"
)
def test_a_target_is_complete(target: registry.Target) -> None:
    """A leaf template and the list of libraries that its support files stand on."""
    folder = f"{target.language.name}/{target.protocol.name}"

    assert any(p.endswith(".j2") for p in templates.files(folder))
    assert templates.lines(f"{folder}/requirements.txt")
    assert target.protocol.schema in registry.formats()
    assert templates.exists(f"{target.language.name}/codec/{target.protocol.codec}")


def test_the_runtime_extra_is_what_the_targets_need() -> None:
    """A new target's libraries reach the environment in which its tests run."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    needed = {"msgspec>=0.20"}
    for target in registry.targets():
        folder = f"{target.language.name}/{target.protocol.name}"
        needed |= set(templates.lines(f"{folder}/requirements.txt"))

    assert needed <= {*project["optional-dependencies"]["runtime"], *project["dependencies"]}


def test_there_are_targets() -> None:
    assert {("python", "grpc"), ("python", "rest")} <= {
        (t.language.name, t.protocol.name) for t in registry.targets()
    }


def test_the_pipeline_fits_a_screen() -> None:
    """``generate`` reads as the recipe."""
    source = (PACKAGE / "pipeline.py").read_text()
    function = next(
        n for n in ast.parse(source).body if isinstance(n, ast.FunctionDef) and n.name == "generate"
    )

    assert function.end_lineno is not None
    assert function.end_lineno - function.lineno < 25


@pytest.mark.parametrize("path", modules(), ids=dotted)
def test_files_stay_small(path: Path) -> None:
    assert len(path.read_text().splitlines()) <= 400


@pytest.mark.parametrize("name", [t for t in templates.files() if t.endswith(".j2")])
def test_templates_lay_out_and_never_decide(name: str) -> None:
    """No comparison, no ``set``, no string building: the view has finished texts and booleans."""
    text = (templates.ROOT / name).read_text()
    statements = re.findall(r"{%(.*?)%}|{{(.*?)}}", text, re.DOTALL)

    for statement in ("".join(pair) for pair in statements):
        assert "==" not in statement, statement
        assert not re.match(r"-?\s*set\b", statement), statement
        assert "~" not in statement, statement
    assert len(text.splitlines()) <= 120
