"""The WSDL: it is one, and what each type of a definition becomes in it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import google.api
import lxml.etree as xml
import pytest
import zeep
from hypothesis import HealthCheck, given, settings

from svcgen.formats.wsdl.names import Names, namespace, ncname
from svcgen.formats.wsdl.patterns import to_xsd
from tests import schemas
from tests.random_definitions import Definition
from tests.test_hostile_definitions import definitions

XS = schemas.XS


def element(api_text: str, folder: Path, name: str) -> str:
    """The declaration of a local element, or of a global type, on one line without namespaces."""
    text = schemas.written("wsdl", schemas.made_of(api_text, folder))[1]
    schemas.xml_schema(text)
    head = re.search(rf'^( *)<(xs:\w+) (?:ref|name)="{name}"', text, re.M)
    assert head is not None, text
    block = text[head.start() :].split("\n")
    if not block[0].endswith("/>"):
        end = block.index(f"{head[1]}</{head[2]}>")
        return "".join(line.strip() for line in block[: end + 1]).replace("xs:", "")
    return block[0].strip().replace("xs:", "")


@pytest.mark.parametrize("example", schemas.EXAMPLES)
def test_the_schema_is_a_schema(example: str) -> None:
    schemas.xml_schema(schemas.file("wsdl", example).read_text())


@pytest.mark.parametrize("seed", range(30))
def test_any_definition_gives_a_schema_that_zeep_reads(seed: int, tmp_path: Path) -> None:
    text = Definition(seed).text.removeprefix("svcgen: 1\n")
    path, written = schemas.written("wsdl", schemas.made_of(text, tmp_path))
    (tmp_path / path).write_text(written)

    schemas.xml_schema(written)
    assert zeep.Client(str(tmp_path / path)).wsdl.services


@settings(
    deadline=None,
    max_examples=25,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@given(definitions())
def test_no_name_and_no_text_leaves_its_place(tmp_path: Path, made: dict[str, Any]) -> None:
    api = schemas.made_at_random(made, tmp_path)
    if api is not None:
        schemas.xml_schema(schemas.written("wsdl", api)[1])


TYPES = [
    ("bool", '<element name="f" type="boolean"/>'),
    ("int8", '<element name="f" type="byte"/>'),
    ("int16", '<element name="f" type="short"/>'),
    ("int32", '<element name="f" type="int"/>'),
    ("int64", '<element name="f" type="long"/>'),
    ("uint8", '<element name="f" type="unsignedByte"/>'),
    ("uint16", '<element name="f" type="unsignedShort"/>'),
    ("uint32", '<element name="f" type="unsignedInt"/>'),
    ("uint64", '<element name="f" type="unsignedLong"/>'),
    ("float32", '<element name="f" type="float"/>'),
    ("float64", '<element name="f" type="double"/>'),
    ("decimal", '<element name="f" type="decimal"/>'),
    ("string", '<element name="f" type="string"/>'),
    ("bytes", '<element name="f" type="base64Binary"/>'),
    ("timestamp", '<element name="f" type="dateTime"/>'),
    ("date", '<element name="f" type="date"/>'),
    ("time", '<element name="f" type="time"/>'),
    ("duration", '<element name="f" type="duration"/>'),
    ("uuid", '<element name="f" type="tns:Uuid"/>'),
    ("any", '<element name="f" type="tns:Json"/>'),
    ("S?", '<element name="f" type="tns:S" minOccurs="0"/>'),
    ("E", '<element name="f" type="tns:E"/>'),
    ("U", '<element name="f" type="tns:U"/>'),
    ("int32?", '<element name="f" type="int" minOccurs="0"/>'),
    ("int32|null", '<element name="f" type="int" nillable="true"/>'),
    ("int32|null?", '<element name="f" type="int" nillable="true" minOccurs="0"/>'),
    ("any|null", '<element name="f" type="tns:Json"/>'),
    ("{type: int32, default: 4}", '<element name="f" type="int" minOccurs="0" default="4"/>'),
    (
        "{type: string, default: a}",
        '<element name="f" type="string" minOccurs="0" svc:default="&quot;a&quot;"/>',
    ),
    (
        "{type: float64, default: -.inf}",
        '<element name="f" type="double" minOccurs="0" default="-INF"/>',
    ),
    ("{type: E, default: B}", '<element name="f" type="tns:E" minOccurs="0" default="B"/>'),
    (
        "{type: decimal, default: '1e3'}",
        '<element name="f" type="decimal" minOccurs="0" default="1000"/>',
    ),
    ("list<int32>", '<element name="f" type="int" minOccurs="0" maxOccurs="unbounded"/>'),
    (
        "list<int32|null>",
        '<element name="f" type="int" nillable="true" minOccurs="0" maxOccurs="unbounded"/>',
    ),
    (
        "set<int32>",
        '<element name="f" type="int" minOccurs="0" maxOccurs="unbounded" svc:unique="true"/>',
    ),
    ("list<int32>?", '<element name="f" type="tns:ListOfInt32" minOccurs="0"/>'),
    ("list<int32>|null", '<element name="f" type="tns:ListOfInt32" nillable="true"/>'),
    (
        "list<list<int32>>",
        '<element name="f" type="tns:ListOfInt32" minOccurs="0" maxOccurs="unbounded"/>',
    ),
    ('"map<string, int32>"', '<element name="f" type="tns:MapOfStringToInt32"/>'),
    (
        "{type: list<int32>, min_items: 1, max_items: 3}",
        '<element name="f" type="int" minOccurs="1" maxOccurs="3"/>',
    ),
    (
        "{type: list<int32>, optional: true, max_items: 3}",
        '<element name="f" type="tns:ListOfInt320To3" minOccurs="0"/>',
    ),
    (
        "{type: int32, min: 1, exclusive_max: 9.5}",
        (
            '<element name="f"><simpleType><restriction base="int"><minInclusive value="1"/>'
            '<maxInclusive value="9"/></restriction></simpleType></element>'
        ),
    ),
    (
        "{type: float64, exclusive_min: 0, max: 1}",
        (
            '<element name="f"><simpleType><restriction base="double"><minExclusive value="0"/>'
            '<maxInclusive value="1"/></restriction></simpleType></element>'
        ),
    ),
    (
        "{type: string, min_length: 2, max_length: 5, pattern: '^[A-Z]+$', nullable: true}",
        (
            '<element name="f" nillable="true"><simpleType><restriction base="string">'
            '<minLength value="2"/><maxLength value="5"/><pattern value="[A-Z]+"/></restriction>'
            "</simpleType></element>"
        ),
    ),
    (
        "{type: P, max: 50}",
        (
            '<element name="f"><simpleType><restriction base="tns:P"><maxInclusive value="50"/>'
            "</restriction></simpleType></element>"
        ),
    ),
    ("{type: P, max: 500}", '<element name="f" type="tns:P"/>'),
    ("N", '<element name="f" type="tns:N" nillable="true"/>'),
    ("{type: int32, number: 7}", '<element name="f" type="int" svc:number="7"/>'),
    (
        "{type: int32, doc: 'a < b', deprecated: no more, tags: [x], x-a: [1]}",
        (
            '<element name="f" type="int" svc:deprecated="no more" svc:tags="[&quot;x&quot;]" '
            'svc:annotations="{&quot;x-a&quot;: [1]}"><annotation><documentation>a &lt; b'
            "Deprecated: no more</documentation></annotation></element>"
        ),
    ),
]


@pytest.mark.parametrize(("field", "expected"), TYPES, ids=[t for t, _ in TYPES])
def test_a_field_becomes_an_element(field: str, expected: str, tmp_path: Path) -> None:
    text = (
        "package: p\ntypes:\n  S: {g: int32}\n  E: {enum: [A, B]}\n  U: {union: {s: S, l: list<string>}}\n"
        "  P: {alias: int32, min: 0, max: 100}\n  N: {alias: string|null}\n"
        f"  T: {{fields: {{f: {field}}}}}\n"
    )

    assert element(text, tmp_path, "f") == expected


DEFINITIONS = [
    (
        "{fields: {a: {type: int32, optional: true, oneof: k}, b: string, c: {type: S, optional: true, oneof: k}}}",
        (
            '<complexType name="T"><sequence><choice minOccurs="0" svc:oneof="k">'
            '<element name="a" type="int"/><element name="c" type="tns:S"/></choice>'
            '<element name="b" type="string"/></sequence></complexType>'
        ),
    ),
    (
        "{enum: [A, B], closed: true}",
        (
            '<simpleType name="T"><restriction base="string"><enumeration value="A"/>'
            '<enumeration value="B"/></restriction></simpleType>'
        ),
    ),
    (
        "{enum: {A: 1}}",
        (
            '<simpleType name="T"><union memberTypes="string"><simpleType><restriction base="string">'
            '<enumeration value="A" svc:number="1"/></restriction></simpleType></union></simpleType>'
        ),
    ),
    (
        "{union: {n: int32, l: list<int32>}}",
        (
            '<complexType name="T"><choice><element name="n" type="int"/>'
            '<element name="l" type="tns:ListOfInt32"/></choice></complexType>'
        ),
    ),
    (
        "{fields: {t: T?}}",
        (
            '<complexType name="T"><sequence><element name="t" type="tns:T" minOccurs="0"/>'
            "</sequence></complexType>"
        ),
    ),
    (
        "{alias: float64, min: 0}",
        (
            '<simpleType name="T"><restriction base="double"><minInclusive value="0"/></restriction>'
            "</simpleType>"
        ),
    ),
    (
        "{alias: list<string>, max_items: 2}",
        (
            '<complexType name="T"><sequence><element name="item" type="string" minOccurs="0" '
            'maxOccurs="2"/></sequence></complexType>'
        ),
    ),
    (
        "{alias: S}",
        (
            '<complexType name="T"><complexContent><extension base="tns:S"/></complexContent>'
            "</complexType>"
        ),
    ),
    (
        "{fields: {camelCase: int32}, reserved: {numbers: [3], names: [old]}}",
        (
            '<complexType name="T" svc:reserved-numbers="[3]" svc:reserved-names="[&quot;old&quot;]">'
            '<sequence><element name="camelCase" type="int"/></sequence></complexType>'
        ),
    ),
]


@pytest.mark.parametrize(("definition", "expected"), DEFINITIONS, ids=[t for t, _ in DEFINITIONS])
def test_a_type_becomes_a_component(definition: str, expected: str, tmp_path: Path) -> None:
    text = f"package: p\ntypes:\n  S: {{g: int32}}\n  T: {definition}\n"

    assert element(text, tmp_path, "T") == expected


def test_streams_and_events_stay_out_and_one_way_has_no_answer() -> None:
    tree = xml.parse(schemas.file("wsdl", "calculator"))
    wsdl = {"w": "http://schemas.xmlsoap.org/wsdl/"}
    operations = {
        o.get("name"): [xml.QName(part).localname for part in o if isinstance(part.tag, str)]
        for o in tree.iterfind(".//w:portType/w:operation", wsdl)
    }

    assert list(operations) == ["add", "subtract", "divide", "log"]
    assert operations["divide"] == ["documentation", "input", "output", "fault"]
    assert operations["log"] == ["documentation", "input"]


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        ("package: calculator", "http://calculator/"),
        ("package: shop.catalog\nversion: 2.1.0", "http://catalog.shop/v2"),
        ("package: shop.v2\nversion: 2.1.0", "http://v2.shop/"),
        ("version: one", "http://definition/"),
        ("bind: {soap: {namespace: 'urn:books'}}", "urn:books"),
    ],
)
def test_the_target_namespace_is_the_package(head: str, expected: str, tmp_path: Path) -> None:
    assert namespace(schemas.made_of(head + "\ntypes: {A: {b: int32}}\n", tmp_path)) == expected


@pytest.mark.parametrize(
    ("wire", "expected"),
    [
        ("add", "add"),
        ("__init__", "__init__"),
        ("Ünïcödé", "Ünïcödé"),
        ("日本語", "日本語"),
        ("a b", "a_x0020_b"),
        ("1st", "_x0031_st"),
        ("😀", "_x1F600_"),
        ('"><', "_x0022__x003E__x003C_"),
        ("", "_"),
    ],
)
def test_a_name_is_an_ncname(wire: str, expected: str) -> None:
    assert ncname(wire) == expected
    assert xml.fromstring(f"<{expected}/>".encode()).tag == expected


def test_names_that_java_could_not_tell_apart_are_numbered() -> None:
    names = Names("taken")

    assert [names.choose(n) for n in ("aB", "a_b", "AB", "Taken")] == [
        "aB",
        "a_b2",
        "AB3",
        "Taken2",
    ]


PATTERNS = [
    "^[A-Z]{3}-[0-9]+$", "^[^@ ]+@[^@ ]+$", "@", "^a|b$", "x+?", r"^\d{2,4}\.\w*$", r"^[\w.-]+$",
    r"^(?:ab|cd)*$", r"^[^\d]$", "a.c", r"^\{\}$", r"^\S+ \D$", r"^[]a]$", "^$", "", "^é+$",
]  # fmt: skip
SAMPLES = ["", "a", "b", "ab", "xb", "ax", "ABC-1", "ada@x.de", "12.a_b", "abcd", "a\nc", "abc", "{}",
           "]", "x y", "é", "12.", "xx", "-", "q.r-s", " ", "cdab", "5", "^", "$"]  # fmt: skip


@pytest.mark.parametrize("pattern", PATTERNS)
def test_a_pattern_takes_the_same_texts(pattern: str) -> None:
    translated = to_xsd(pattern)
    assert translated is not None
    facet = f'<xs:pattern value="{translated}"/>'
    schema = xml.XMLSchema(
        xml.fromstring(
            f'<xs:schema xmlns:xs="{XS[1:-1]}"><xs:element name="t"><xs:simpleType>'
            f'<xs:restriction base="xs:string">{facet}</xs:restriction></xs:simpleType></xs:element></xs:schema>'
        )
    )

    for sample in SAMPLES:
        value = xml.Element("t")
        value.text = sample
        assert schema.validate(value) == bool(re.search(pattern, sample, re.ASCII)), sample


@pytest.mark.parametrize("pattern", ["a^b", r"\bword\b", "(^a)", "a{,3}"])
def test_a_pattern_that_xml_schema_cannot_say_is_none(pattern: str) -> None:
    assert to_xsd(pattern) is None


def test_what_is_bound_by_hand_is_called_so(tmp_path: Path) -> None:
    text = (
        "package: p\nservices:\n  Books:\n    bind: {soap: {service: Library}}\n    methods:\n"
        "      find: {bind: {soap: {method: Find, action: 'urn:find'}}}\n"
        "servers: {here: 'soap+http://h:1/x'}\n"
    )
    written = schemas.written("wsdl", schemas.made_of(text, tmp_path))[1]

    assert '<wsdl:service name="LibraryService">' in written
    assert '<wsdl:operation name="Find">' in written
    assert 'soapAction="urn:find"' in written
    assert '<xs:element name="Find" type="tns:FindInput" svc:name="find"' in written
    assert '<soap:address location="http://h:1/x"/>' in written


def test_the_same_method_of_a_second_service_is_named_after_it(tmp_path: Path) -> None:
    text = "package: p\nservices:\n  A: {methods: {get: {}}}\n  B: {methods: {get: {}}}\n"
    written = schemas.written("wsdl", schemas.made_of(text, tmp_path))[1]

    assert re.findall(r'<xs:element name="(\w+)"', written) == [
        "get",
        "getResponse",
        "B_get",
        "B_getResponse",
    ]


def test_definitions_of_others_give_schemas() -> None:
    """Every .proto of ``googleapis-common-protos``: oneofs, maps, recursion, any, many files."""
    (folder,) = map(Path, google.api.__path__)
    files = sorted(folder.parent.rglob("*.proto"))

    for file in files:
        schemas.xml_schema(schemas.written("wsdl", schemas.read(file))[1])
    assert len(files) > 50
