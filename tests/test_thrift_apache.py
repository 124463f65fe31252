"""Apache's own cross tests: its clients against our server, our client against its servers."""

from __future__ import annotations

import re

import pytest

from tests import thrift_suite as suite

pytestmark = [pytest.mark.slow, pytest.mark.network, pytest.mark.timeout(600)]

COMBINATIONS = [(p, t) for p in ("binary", "compact") for t in ("framed", "buffered")]
PYTHON_NAMES = {
    "binary": ("binary", "accel", "multi", "multia"),
    "compact": ("compact", "accelc", "multic", "multiac"),
}


@pytest.mark.parametrize(("protocol", "transport"), COMBINATIONS)
async def test_python_client(protocol: str, transport: str) -> None:
    """All 22 tests of TestClient.py: in Python and in C, with one service and multiplexed."""
    async with suite.serving() as endpoint:
        for name in PYTHON_NAMES[protocol]:
            said = await suite.python_client(endpoint.port, name, transport)

            assert re.search(r"^Ran 22 tests in .*\n\nOK$", said, re.MULTILINE), said


@pytest.mark.parametrize(("protocol", "transport"), COMBINATIONS)
@pytest.mark.parametrize("more", [(), ("--callback",), ("--type", "multiplex")], ids=" ".join)
async def test_node_client(protocol: str, transport: str, more: tuple[str, ...]) -> None:
    """Every assertion of client.js, with promises and with callbacks."""
    async with suite.serving() as endpoint:
        said = await suite.node_client(endpoint.port, protocol, transport, *more)

        passed = re.search(r"^# pass\s+(\d+)$", said, re.MULTILINE)
        assert passed is not None, said
        assert int(passed[1]) >= 37, said
        assert "not ok" not in said
