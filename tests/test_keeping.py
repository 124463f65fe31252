"""What a form carries of a definition brings the definition back, until somebody edits the form."""

from __future__ import annotations

from pathlib import Path

import pytest

from svcgen import pipeline
from svcgen.diagnostics import Report
from svcgen.formats import KEPT
from svcgen.formats.neutral import keeping
from svcgen.formats.neutral.choosing import choose
from svcgen.formats.neutral.restoring import restore
from svcgen.frozen import replace
from svcgen.model.dump import dump
from svcgen.model.naming import Name
from svcgen.model.service import Api
from svcgen.model.types import Constraints, Meta, Struct, TypeDef

DEFINITION = """\
svcgen: 1
package: shop
version: "2"
types:
  Item: {name: {type: string, max_length: 5}, count: uint8}
  Order: {items: list<Item>}
errors:
  Missing: {code: not_found, fields: {item: Item}}
services:
  Shop:
    auth: bearer
    methods:
      watch: {output: stream Order}
      buy: {params: {order: Order}, returns: Item, errors: [Missing]}
      sell: {input: Order, deadline: 2}
"""


def api_of(tmp_path: Path, text: str = DEFINITION) -> Api:
    file = tmp_path / "shop.yaml"
    file.write_text(text, encoding="utf-8")
    report = Report()
    api = pipeline.read(file, report)
    assert api is not None
    assert not report.diagnostics
    return api


def carrying(meta: Meta, text: str | None) -> Meta:
    return replace(meta, annotations={**meta.annotations, KEPT: text}) if text else meta


def poor(api: Api, kept: dict[str, str]) -> Api:
    """The definition as a form would read it that knows no limits, no streams and no errors.

    It calls ``Item`` by another name, and makes a message of the parameters of ``buy``.
    """
    plain: dict[str, TypeDef] = {}
    for name, definition in api.types.items():
        assert isinstance(definition, Struct)
        fields = tuple(replace(f, constraints=Constraints()) for f in definition.fields)
        meta = carrying(definition.meta, kept.get(f"types/{name}"))
        new = {"Item": "Thing"}.get(name, name)
        plain[new] = replace(definition, name=Name.parse(new), fields=fields, meta=meta)
    order = plain["Order"]
    made = replace(order, name=Name.parse("BuyRequest"), meta=carrying(Meta(order.meta.span), "{}"))
    missing = replace(
        order, name=Name.parse("Missing"), fields=(),
        meta=carrying(Meta(order.meta.span), kept.get("errors/Missing")),
    )  # fmt: skip
    service = api.services[0]
    methods = tuple(
        replace(
            o, params=(), errors=(), deadline=None,
            meta=carrying(o.meta, kept.get(f"services/Shop/{o.name.wire}")),
        )
        for o in service.operations if o.name.wire != "watch"
    )  # fmt: skip
    meta = carrying(service.meta, kept.get("services/Shop"))
    return replace(
        api,
        version="",
        meta=carrying(api.meta, kept.get("")),
        types={**plain, "BuyRequest": made, "Missing": missing},
        errors={},
        services=(replace(service, auth=None, operations=methods, meta=meta),),
    )


def test_what_a_form_cannot_say_comes_back(tmp_path: Path) -> None:
    api = api_of(tmp_path)
    kept = choose(api, poor(api, keeping.labels(api))).texts
    report = Report()

    restored = restore(poor(api, kept), report)

    assert not report.diagnostics
    assert dump(restored) == dump(api)


def test_only_what_a_form_cannot_say_is_carried(tmp_path: Path) -> None:
    api = api_of(tmp_path)

    kept = choose(api, poor(api, keeping.labels(api))).texts

    assert kept.keys() == {
        "", "types/Item", "errors/Missing", "made/BuyRequest",
        "services/Shop", "services/Shop/buy", "services/Shop/sell",
    }  # fmt: skip


def test_an_edit_of_the_form_wins_over_what_it_carries(tmp_path: Path) -> None:
    api = api_of(tmp_path)
    carried = poor(api, choose(api, poor(api, keeping.labels(api))).texts)
    thing = carried.types["Thing"]
    assert isinstance(thing, Struct)
    edited = replace(thing, fields=thing.fields[:1])
    report = Report()

    restored = restore(replace(carried, types={**carried.types, "Thing": edited}), report)

    assert [d.rule.code for d in report.diagnostics] == ["kept-stale"]
    assert "Thing" in restored.types


@pytest.mark.parametrize(
    "text",
    [
        "{types: 1}",
        "{types: {Order: 1}}",
        "{types: {Order: {fields: 1}}}",
        "{types: {Order: {fields: {items: 7}}}}",
        "{types: {Order: {x-without: 3, fields: []}}}",
        "{",
        "[]",
        "{svcgen: 1, tyypes: {}}",
        "\x00",
        "{svcgen: 2}",
    ],
)
def test_a_broken_text_is_told_and_ignored(text: str, tmp_path: Path) -> None:
    api = api_of(tmp_path)
    order = api.types["Order"]
    broken = replace(order, meta=carrying(order.meta, text))
    report = Report()

    restored = restore(replace(api, types={**api.types, "Order": broken}), report)

    assert [d.rule.code for d in report.diagnostics] == ["kept-broken"]
    assert dump(restored) == dump(api)
