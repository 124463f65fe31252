"""Templates as plain Python: the same text as Jinja's own, and a cache that is never stale."""

from __future__ import annotations

from pathlib import Path

import pytest
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from svcgen import pipeline, registry, templates
from svcgen.config import Settings
from svcgen.diagnostics import Report
from svcgen.model.plan import GeneratedFile, PlannedFile
from svcgen.render import filters, loading, render

ROOT = Path(__file__).parent.parent
DEFINITION = ROOT / "examples" / "kitchen-sink" / "kitchen-sink.yaml"


def by_jinja(template: str, view: object) -> str:
    environment = Environment(
        loader=FileSystemLoader(templates.ROOT),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= {name: getattr(filters, name) for name in ("indent", "some", "tojson")}
    return environment.get_template(template).render(view=view)


def test_every_template_says_what_jinja_makes_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    planned: list[PlannedFile] = []

    def kept(files: list[PlannedFile]) -> list[GeneratedFile]:
        planned.extend(f for f in files if f.template and f.template.endswith(".j2"))
        return []

    monkeypatch.setattr(pipeline, "render", kept)
    chosen = tuple(registry.languages()), tuple(registry.protocols())
    pipeline.generate(Settings(ROOT / "nowhere", DEFINITION, *chosen), Report())

    leaves = {t for t in templates.files() if t.endswith(".j2") and "macros" not in t}
    assert {f.template for f in planned} == leaves
    for file, made in zip(planned, render(planned), strict=True):
        text = by_jinja(file.template or "", file.view)
        assert made.content.decode() == (text.rstrip("\n") + "\n" if text.strip() else "")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of templates of the test's own, and beside it a cache."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr(templates, "ROOT", tmp_path / "templates")
    (tmp_path / "templates").mkdir()
    return tmp_path / "templates"


def loaded(folder: Path, text: str) -> str:
    """What a template of this text makes of two pairs of letters."""
    templates._files.cache_clear()
    (folder / "a.j2").write_text(text, encoding="utf-8")
    try:
        return loading.load()["a.j2"](["ab", "cd"])
    finally:
        templates._files.cache_clear()


@pytest.mark.parametrize(
    "text",
    [
        "{% for x in view %}{{ x }}{% for x in x %}({{ x }}){% endfor %}{{ x | tojson }}{% endfor %}",
        "{% for a, b in view %}{{ b }}{{ loop.first }}{{ a }}{{ loop.last }}{% endfor %}",
        "{% for a in view %}{% for b in a %}{{ loop.last }}{% else %}-{% endfor %}{% endfor %}",
        "{% if not view %}a{% elif view and 1 + 1 %}b{% else %}c{% endif %}{{ 1 if 0 }}",
        "{% macro m(a) %}<{{ a }}>\n\nb{% endmacro %}{{ m(view) }}{{ m('x') | indent(2) }}",
        "{% from 'b.j2' import n %}{{ n(view.count('ab')) }} {{ 'x' if view or 1 else 'z' }}\n",
    ],
)
def test_what_a_template_may_hold_means_what_it_means_to_jinja(folder: Path, text: str) -> None:
    (folder / "b.j2").write_text("{% macro n(a) %}{{ a }}{% endmacro %}")

    assert loaded(folder, text) == by_jinja("a.j2", ["ab", "cd"])


@pytest.mark.parametrize(
    "text",
    ["{{ name }}", "{% set a = 1 %}", "{{ view[0] }}", "{{ loop.index }}", "{% include 'a.j2' %}"],
)
def test_what_a_template_must_not_hold_is_refused(folder: Path, text: str) -> None:
    with pytest.raises(NotImplementedError, match="line 1 of a template"):
        loaded(folder, text)


def test_a_changed_template_is_compiled_again(folder: Path) -> None:
    assert loaded(folder, "one") == "one"
    assert loaded(folder, "two") == "two"


def test_a_broken_cache_is_replaced(folder: Path) -> None:
    assert loaded(folder, "one") == "one"
    (kept,) = (folder.parent / "cache" / "svcgen").iterdir()
    whole = kept.read_bytes()
    kept.write_bytes(whole[:40])

    assert loaded(folder, "one") == "one"
    assert kept.read_bytes() == whole


def test_a_cache_that_others_can_write_is_not_believed(folder: Path) -> None:
    cache = folder.parent / "cache" / "svcgen"
    cache.mkdir(parents=True)
    cache.chmod(0o777)

    assert loaded(folder, "one") == "one"
    assert not list(cache.iterdir())
