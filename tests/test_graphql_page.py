"""The query page in a real browser: it runs queries and subscriptions, shows the schema, and asks nobody else."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests import browser, projects

RUN = """(() => {{ for (const [id, text] of Object.entries({given}))
  document.getElementById(id).value = text;
  document.getElementById("run").click(); return true; }})()"""
ANSWER = 'document.getElementById("answer").textContent'
STATE = 'document.getElementById("state").textContent'
ASKED = 'performance.getEntriesByType("resource").map((entry) => entry.name)'

pytestmark = pytest.mark.slow


async def shown(page: browser.Page, given: dict[str, str], state: str) -> Any:
    """What the page answers to a query, once its state says that it has."""
    await page.value('document.getElementById("state").textContent = ""')
    await page.value(RUN.format(given=json.dumps(given)))
    await page.until(f"{STATE}.includes({state!r})")
    return json.loads(await page.value(ANSWER))


async def test_page_asks_and_listens() -> None:
    async with (
        projects.serving("calculator", "graphql+http") as url,
        browser.page(f"{url.removeprefix('graphql+')}/graphql") as page,
    ):
        await page.until("document.querySelectorAll('nav summary').length > 5")
        query = "query($a: Int!) { subtract(a: $a, b: 2) }"
        fine = await shown(page, {"query": query, "variables": '{"a": 44}'}, "ms")
        failed = await shown(page, {"query": "mutation { divide(a: 7, b: 0) }"}, "ms")
        wrong = await shown(page, {"query": "{ nonsense }"}, "ms")
        events = await shown(page, {"query": "subscription { countdown(from: 3) }"}, "ended (1000)")
        schema = await page.value("document.querySelector('nav').textContent")
        asked = await page.value(ASKED)

    assert fine == {"data": {"subtract": 42}}
    assert failed["errors"][0]["extensions"]["payload"] == {"dividend": 7.0}
    assert wrong["errors"][0]["locations"] == [{"line": 1, "column": 3}]
    assert events == [{"data": {"countdown": number}} for number in (3, 2, 1)]
    assert "subtract(a: Int!, b: Int!): Int!" in schema
    assert asked
    assert all(name.startswith("http://127.0.0.1:") for name in asked)
    assert all("Bad Request" in each for each in page.complaints)  # the wrong query, in its log


async def test_page_says_what_it_is_not_shown() -> None:
    settings = projects.package("calculator").runtime.ServerSettings(reflection=False)
    async with (
        projects.serving("calculator", "graphql+http", settings=settings) as url,
        browser.page(f"{url.removeprefix('graphql+')}/graphql") as page,
    ):
        await page.until("document.querySelector('nav')?.textContent.includes('does not show')")
        answer = await shown(page, {"query": "{ subtract(a: 3, b: 2) }", "variables": ""}, "ms")

    assert answer == {"data": {"subtract": 1}}


async def test_hostile_texts_stay_texts() -> None:
    async with (
        projects.serving("kitchen-sink", "graphql+http") as url,
        browser.page(f"{url.removeprefix('graphql+')}/graphql") as page,
    ):
        await page.until("document.querySelectorAll('nav summary').length > 20")

        assert await page.value("document.querySelectorAll('script').length") == 1
        assert await page.value(
            "document.querySelector('nav').textContent.includes('<script>alert(1)</script>')"
        )
        assert page.complaints == []
