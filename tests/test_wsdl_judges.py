"""The WSDL judged by programs that nobody here wrote: zeep, JAX-WS, gSOAP, and the compilers of Java
and C.
"""

from __future__ import annotations

import copy
import datetime
import decimal
import os
import subprocess
from pathlib import Path
from typing import Any

import isodate
import lxml.etree as xml
import pytest
import requests
import zeep

from tests import schemas
from tests.tools import tool

LIMIT = 120.0  # seconds
JARS = ("jaxws-api", "jaxb-api", "jws-api", "geronimo-annotation-1.3-spec")


class Echo(zeep.Transport):  # type: ignore[misc]
    """A server that answers an operation with what it was asked; its body is held to the schema."""

    def __init__(self, example: str) -> None:
        super().__init__()
        self.schema = schemas.xml_schema(schemas.file("wsdl", example).read_text())
        self.bodies: list[xml._Element] = []

    def post(self, address: str, message: bytes, headers: dict[str, str]) -> requests.Response:
        envelope = xml.fromstring(message)
        body = envelope[-1][0]
        self.schema.assertValid(xml.fromstring(xml.tostring(body)))
        self.bodies.append(copy.deepcopy(body))
        name = xml.QName(body)
        answer = xml.SubElement(envelope[-1], f"{{{name.namespace}}}{name.localname}Response")
        for asked in list(body):
            asked.tag = f"{{{name.namespace}}}result"
            answer.append(asked)
        envelope[-1].remove(body)
        self.schema.assertValid(xml.fromstring(xml.tostring(answer)))
        response = requests.Response()
        response.status_code = 200
        response._content = xml.tostring(envelope)
        return response


TREE = {
    "value": "root",
    "children": [{"value": "leaf", "children": [], "left": None}],
    "left": None,
}
CIRCLE = {"circle": {"radius": 1.5}}
SCALARS = {
    "a_bool": True, "an_int8": -128, "an_int16": 1, "an_int32": 1, "an_int64": -(2**63),
    "a_uint8": 255, "a_uint16": 1, "a_uint32": 1, "a_uint64": 2**64 - 1, "a_float32": 0.5,
    "a_float64": -1e300, "a_decimal": decimal.Decimal("1.10"), "a_string": "<&>",
    "some_bytes": b"\x00\xff", "a_date": datetime.date(2024, 2, 29),
    "a_timestamp": datetime.datetime(2024, 1, 2, 3, 4, 5, 6, tzinfo=isodate.UTC),
    "a_time": datetime.time(3, 4, 5), "a_duration": datetime.timedelta(days=1, seconds=2),
    "a_uuid": "12345678-1234-5678-1234-567812345678", "anything": '{"a": [1, null]}',
}  # fmt: skip
ASKED: list[tuple[str, dict[str, Any]]] = [
    ("echo_tree", TREE),
    ("echo_shape", CIRCLE),
    ("echo_shape", {"points": {"item": [1.0, 2.5]}}),
    ("echo_shape", {"nested": {"plus": {"left": {"number": 1.0}, "right": {"number": 2.0}}}}),
    ("echo_scalars", SCALARS),
    (
        "echo_containers",
        {
            "strings": ["a", "b"], "numbers": [1, 2], "matrix": [{"item": [1.0]}, {"item": [2.0, 3.0]}],
            "holes": [1, 3], "by_name": {"entry": [{"key": "x", "value": SCALARS}]}, "by_number": {"entry": [{"key": 1, "value": "x"}]},
            "by_flag": {"entry": [{"key": True, "value": "x"}]}, "by_color": {"entry": [{"key": "RED", "value": 1}]},
            "by_day": {"entry": [{"key": datetime.date(2024, 1, 1), "value": {"item": ["x"]}}]},
            "shapes": [CIRCLE, {"label": "x"}],
        },
    ),
    (
        "echo_presence",
        {
            "required": 1, "nullable": 2, "both": 3, "defaulted": 7, "nullable_list": {"item": ["x"]},
            "nullable_struct": TREE, "default_color": "PURPLE", "default_text": "x",
        },
    ),
]  # fmt: skip


@pytest.mark.parametrize("version", ["KitchenSinkSoap", "KitchenSinkSoap12"])
@pytest.mark.parametrize(
    ("operation", "value"), ASKED, ids=[f"{o}{n}" for n, (o, _) in enumerate(ASKED)]
)
def test_zeep_sends_what_the_schema_takes_and_reads_it_back(
    operation: str, value: dict[str, Any], version: str
) -> None:
    echo = Echo("kitchen-sink")
    client = zeep.Client(str(schemas.file("wsdl", "kitchen-sink")), transport=echo)
    port = client.bind("KitchenSinkService", version)

    answer = zeep.helpers.serialize_object(port[operation](request=value), dict)

    assert said(answer) == said(value)


def test_absent_and_null_are_two_things_on_the_wire() -> None:
    echo = Echo("kitchen-sink")
    client = zeep.Client(str(schemas.file("wsdl", "kitchen-sink")), transport=echo)
    sent = {"required": 1, "nullable": None, "nullable_list": None, "nullable_struct": None}

    client.service.echo_presence(request=sent)
    client.service.echo_presence(request={**sent, "both": zeep.xsd.Nil})

    nil = "{http://www.w3.org/2001/XMLSchema-instance}nil"
    found = [{xml.QName(e).localname: e.get(nil) for e in body[0]} for body in echo.bodies]
    assert {k: found[0][k] for k in sent} == {k: "true" if k != "required" else None for k in sent}
    assert "both" not in found[0]
    assert found[1]["both"] == "true"


def said(value: Any) -> Any:
    """A value without what is absent."""
    if isinstance(value, dict):
        kept = {k: said(v) for k, v in value.items() if v is not None}
        return {k: v for k, v in kept.items() if v != []}
    return [said(v) for v in value] if isinstance(value, list) else value


def test_zeep_reads_the_payload_of_a_fault() -> None:
    target = "http://calculator/"
    client = zeep.Client(str(schemas.file("wsdl", "calculator")))
    detail = xml.fromstring(
        f'<e:DivisionByZero xmlns:e="{target}"><e:dividend>1.5</e:dividend></e:DivisionByZero>'
    )

    assert client.wsdl.types.deserialize(detail).dividend == 1.5
    (message,) = client.service._binding._operations["divide"].abstract.fault_messages.values()
    assert message.parts["fault"].element.qname == f"{{{target}}}DivisionByZero"


@pytest.mark.slow
@pytest.mark.parametrize("example", schemas.EXAMPLES)
def test_jax_ws_makes_java_of_it_that_compiles(example: str, tmp_path: Path) -> None:
    jars = [Path(f"/usr/share/java/{name}.jar") for name in JARS]
    if not all(jar.exists() for jar in jars):
        tool("jaxws")
    wsimport = [tool("wsimport"), "-extension", "-Xnocompile", "-keep", "-encoding", "UTF-8"]
    said = run(*wsimport, "-s", str(tmp_path), str(schemas.file("wsdl", example)))
    sources = [str(p) for p in tmp_path.rglob("*.java")]

    assert "[ERROR]" not in said
    assert any(Path(p).name.endswith("Service.java") for p in sources)
    classes = tmp_path / "classes"
    classes.mkdir()
    path = os.pathsep.join(map(str, jars))
    run(tool("javac"), "-nowarn", "-encoding", "UTF-8", "-cp", path, "-d", str(classes), *sources)


@pytest.mark.slow
@pytest.mark.parametrize("example", schemas.EXAMPLES)
def test_gsoap_makes_c_of_it_that_compiles(example: str, tmp_path: Path) -> None:
    file = schemas.file("wsdl", example)
    run(tool("wsdl2h"), "-c", "-o", "service.h", str(file), folder=tmp_path)
    said = run(tool("soapcpp2"), "-c", "-C", "-L", "service.h", folder=tmp_path)
    run(tool("gcc", "cc"), "-fsyntax-only", "-w", "soapC.c", "soapClient.c", folder=tmp_path)

    client = (tmp_path / "soapClient.c").read_text()
    binding = xml.parse(file).find(".//{*}binding")
    assert binding is not None
    assert "error" not in said.lower()
    for operation in binding.findall("{http://schemas.xmlsoap.org/wsdl/}operation"):
        name = operation.get("name", "").replace("_", "_USCORE")
        assert f"__{name}(" in client, name


def run(*command: str, folder: Path | None = None) -> str:
    """What a program says; it must end well."""
    done = subprocess.run(
        command, cwd=folder, capture_output=True, text=True, check=False, timeout=LIMIT
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout
