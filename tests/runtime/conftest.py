"""Lets tests import support files as ``kernel.support.<module>``, and fixtures around them."""

import asyncio
import shutil
import sys
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from kernel.support import TEMPLATES

LIMIT = 20.0  # seconds; no test of the kernel may take longer


@pytest.fixture
def run() -> Callable[[Coroutine[Any, Any, Any]], Any]:
    """Run a coroutine on a new loop, bounded in time; fail if it leaves a task behind."""

    def run_bounded(coroutine: Coroutine[Any, Any, Any]) -> Any:
        async def bounded() -> Any:
            async with asyncio.timeout(LIMIT):
                result = await coroutine
                await _settle()
            return result

        return asyncio.run(bounded())

    return run_bounded


async def _settle() -> None:
    """Wait a moment for tasks that are just ending; whatever stays then is a leak."""
    for _ in range(100):
        left = asyncio.all_tasks() - {asyncio.current_task()}
        if not left:
            return
        await asyncio.sleep(0.01)
    raise AssertionError(f"tasks left behind: {left}")


@pytest.fixture(scope="session")
def assembled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the package ``generated.support``: all support files, copied as one does."""
    root = tmp_path_factory.mktemp("assembled")
    support = root / "generated" / "support"
    support.mkdir(parents=True)
    (root / "generated" / "__init__.py").write_text('"""A generated package."""\n')
    for source in sorted(TEMPLATES.glob("**/support/*.py")):
        shutil.copy(source, support / source.name)
    return root
