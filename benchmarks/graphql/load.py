"""A load of queries: URL, ``small`` or ``nested``, seconds. Prints the answers a second."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import uvloop

sys.path.insert(0, str(Path(__file__).parents[2]))

from benchmarks.rest.load import BODIES, load

REQUESTS = {
    "small": {
        "query": "query Add($a: Int!, $b: Int!) { plus(a: $a, b: $b) { result } }",
        "variables": BODIES["add"],
    },
    "nested": {
        "query": "query Order($items: Int!) { order(items: $items)"
        " { id customer total items { sku quantity price tags note } } }",
        "variables": {"items": 5},
    },
}

if __name__ == "__main__":
    body = json.dumps(REQUESTS[sys.argv[2]]).encode()
    print(uvloop.run(load(sys.argv[1], "graphql", body, float(sys.argv[3]))))
