"""``make fuzz``: 100,000 messages a protocol."""

from __future__ import annotations

import argparse
import asyncio
import importlib
import logging
import pkgutil
import random
import time

from tests import fuzz


def main() -> None:
    found = sorted(m.name for m in pkgutil.iter_modules(fuzz.__path__) if m.name[0] != "_")
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz")
    parser.add_argument("modules", nargs="*", default=found, metavar="MODULE")
    parser.add_argument("--messages", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    logging.disable()  # what servers say of it
    for name in options.modules:
        module = importlib.import_module(f"tests.fuzz.{name}")
        attack = getattr(module, "attack", None)
        if attack is None:
            continue
        began = time.monotonic()
        asyncio.run(attack(options.messages, random.Random(options.seed)))
        took = time.monotonic() - began
        print(f"{name}: {options.messages:,} messages in {took:.0f} s, alive and clean", flush=True)


if __name__ == "__main__":
    main()
