"""The kitchen sink's output, pinned: whoever changes what is generated sees it in a review.

Support files are left out: they are the templates folder's own files, byte for byte.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from svcgen import pipeline, registry
from svcgen.config import Settings
from svcgen.diagnostics import Report

ROOT = Path(__file__).parent.parent
GOLDEN = Path(__file__).parent / "golden" / "kitchen-sink"
DEFINITION = ROOT / "examples" / "kitchen-sink" / "kitchen-sink.yaml"


@pytest.fixture(scope="module")
def generated() -> dict[str, bytes]:
    """What the pipeline gives for every target, by path."""
    report = Report()
    languages, protocols = tuple(registry.languages()), tuple(registry.protocols())
    settings = Settings(GOLDEN / "nowhere", DEFINITION, languages, protocols)
    files = pipeline.generate(settings, report)
    assert not report.diagnostics
    return {f.path: f.content for f in files if "/support/" not in f.path}


def test_the_kitchen_sink_is_unchanged(generated: dict[str, bytes], refresh: bool) -> None:
    """``--refresh`` rewrites the golden; read the difference before you commit it."""
    if refresh:
        shutil.rmtree(GOLDEN, ignore_errors=True)
        for path, content in generated.items():
            (GOLDEN / path).parent.mkdir(parents=True, exist_ok=True)
            (GOLDEN / path).write_bytes(content)
    pinned = {
        p.relative_to(GOLDEN).as_posix(): p.read_bytes()
        for p in sorted(GOLDEN.rglob("*"))
        if p.is_file()
    }

    assert sorted(pinned) == sorted(generated)
    for path, content in generated.items():
        assert content.decode() == pinned[path].decode(), path


def test_every_target_is_pinned(generated: dict[str, bytes]) -> None:
    for target in registry.targets():
        assert any(f"/{target.protocol.name}." in path for path in generated), target


def test_every_template_is_rendered_by_it(generated: dict[str, bytes]) -> None:
    """A template that no case renders could say anything."""
    from svcgen import templates

    names = {Path(path).name for path in generated}
    leaves = [t for t in templates.files("python") if t.endswith(".j2") and "macros" not in t]
    special = {"init.py": "__init__.py", "main.py": "__main__.py", "gen_init.py": "__init__.py"}
    special["test.py"] = "test_kitchen_sink_v1.py"
    for leaf in leaves:
        name = Path(leaf).name.removesuffix(".j2")
        assert special.get(name, name) in names, leaf
