"""The page at /docs in a real browser: it shows every operation, tries them, and runs no text."""

from __future__ import annotations

import pytest

from tests import browser, projects

SEND = """(() => {{ const card = document.getElementById({card!r});
  {fill}; card.querySelector("button").click(); return true; }})()"""
RESULT = 'document.getElementById({card!r}).querySelector(".fine, .wrong")?.textContent'
SHOWN = 'document.getElementById({card!r}).querySelector(".body > div:last-child pre").textContent'

pytestmark = pytest.mark.slow


async def test_page_shows_and_tries_operations() -> None:
    async with projects.serving("calculator", "http") as url, browser.page(f"{url}/docs") as page:
        await page.until("document.querySelectorAll('section.card').length > 5")
        add = "Calculator_add"
        fill = 'card.querySelector("textarea").value = \'{"a": 20, "b": 22}\''
        await page.value(SEND.format(card=add, fill=fill))

        assert str(await page.until(RESULT.format(card=add))).startswith("200 ")
        assert '"result": 42' in await page.value(SHOWN.format(card=add))

        countdown = "Calculator_countdown"
        await page.value(
            SEND.format(card=countdown, fill='card.querySelector("input").value = "3"')
        )
        assert str(await page.until(RESULT.format(card=countdown))).startswith("200 ")
        assert await page.value(SHOWN.format(card=countdown)) == "3\n2\n1\n"

        total = "document.getElementById('Calculator_running_total')"
        await page.value(f"{total}.querySelector('textarea').value = '5'")
        await page.value(f"{total}.querySelector('button').click()")
        await page.until(f"{total}.querySelector('pre').textContent.includes('← 5')")
        assert page.complaints == []


async def test_hostile_texts_stay_texts() -> None:
    async with projects.serving("kitchen-sink", "http") as url, browser.page(f"{url}/docs") as page:
        await page.until("document.querySelectorAll('section.card').length > 20")

        assert await page.value("document.body.textContent.includes('<script>alert(1)</script>')")
        assert await page.value("document.querySelectorAll('script').length") == 1
        assert await page.value("document.querySelectorAll('nav a').length") >= 35
        assert page.complaints == []
