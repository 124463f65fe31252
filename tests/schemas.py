"""Files of formats as a conversion writes them, and what those find wrong who judge them."""

from __future__ import annotations

import functools
import json
import subprocess
import tempfile
from pathlib import Path
from typing import Any

import lxml.etree as xml
import yaml

from svcgen import checks, pipeline, registry
from svcgen.conversion import writing
from svcgen.diagnostics import Report
from svcgen.formats import Writing
from svcgen.model.bindings import Bound
from svcgen.model.plan import PlannedFile
from svcgen.model.service import Api
from svcgen.render import render
from tests import projects
from tests.tools import node_tool

XS = "{http://www.w3.org/2001/XMLSchema}"
EXAMPLES = sorted(p.parent.name for p in projects.EXAMPLES.glob("*/handler.py"))


def example(name: str) -> Api:
    return read(projects.EXAMPLES / name / f"{name}.yaml")


def read(definition: Path) -> Api:
    """The model of a definition that has no fault."""
    report = Report()
    api = pipeline.read(definition, report)
    assert api is not None, report.diagnostics
    checks.check(api, report)
    assert not report.has_errors, report.diagnostics
    return api


def made_of(text: str, folder: Path) -> Api:
    """The model of a definition without its first line."""
    file = folder / "definition.yaml"
    file.write_text("svcgen: 1\n" + text, encoding="utf-8")
    return read(file)


def written(form: str, api: Api) -> tuple[str, str]:
    """The path and the text of the only file that a format writes of a definition; it carries
    nothing.
    """
    write = registry.formats()[form].write
    assert write is not None
    ((path, content),) = write(Bound(api, "", ()), Writing()).items()
    (file,) = render([PlannedFile.of(path, content)])
    return path, file.content.decode()


@functools.cache
def file(form: str, name: str) -> Path:
    """The file of an example, which carries its definition."""
    [converted] = writing.write([writing.Module(name, example(name))], registry.formats()[form])
    folder = Path(tempfile.mkdtemp(prefix=f"svcgen-{form}-"))
    (folder / converted.path).write_bytes(converted.content)
    return folder / converted.path


def made_at_random(made: dict[str, Any], folder: Path) -> Api | None:
    """The model of a definition that may be wrong: ``None`` if it is."""
    definition = folder / "random.yaml"
    definition.write_text(yaml.safe_dump(made), encoding="utf-8")
    report = Report()
    api = pipeline.check(definition, [], report)
    return None if report.has_errors else api


def xml_schema(wsdl: str) -> xml.XMLSchema:
    """The schema in a WSDL, which must be one."""
    found = xml.fromstring(wsdl.encode()).find(f".//{XS}schema")
    assert found is not None
    return xml.XMLSchema(xml.fromstring(xml.tostring(found)))


def redocly(*files: Path) -> list[object]:
    """What Redocly calls errors in documents of OpenAPI or AsyncAPI; it must have read each of them."""
    command = [node_tool("redocly"), "lint", "--format", "json", *map(str, files)]
    folder = files[0].parent
    done = subprocess.run(
        command, cwd=folder, capture_output=True, text=True, check=False, timeout=120
    )
    text, reports = done.stdout.strip(), []
    while text:
        report, end = json.JSONDecoder().raw_decode(text)
        reports.append(report)
        text = text[end:].lstrip()
    errors = [p for report in reports for p in report["problems"] if p["severity"] == "error"]
    assert len(reports) == len(files), done.stderr
    assert len(errors) == sum(report["totals"]["errors"] for report in reports)
    return errors
