"""Apache's compiler as judge of one .thrift file: does it accept it, where does it complain, what is it?"""

from __future__ import annotations

import json
import re
import subprocess
import tempfile
from pathlib import Path
from typing import Any, NamedTuple

from tests.tools import tool

LIMIT = 10.0  # seconds; an unterminated comment keeps the compiler busy for ever
_COMPLAINT = re.compile(r"^\[(?:ERROR|FAILURE):(?P<file>[^\n]+?):(?P<line>\d+)\]", re.MULTILINE)
_KEY = re.compile(r"(?:\[[^\[\]{}]*\]|\{[^\[\]{}]*\})(?=: )")
_IN_STRING = re.compile(r"^End of line while read string at (\d+)", re.MULTILINE)


class Verdict(NamedTuple):
    """``lines`` of the file at which it complains; ``tree`` what its JSON generator writes."""

    accepts: bool
    lines: set[int]
    tree: dict[str, Any] | None
    said: str


def judge(file: Path, *include: Path) -> Verdict:
    """What the compiler says of a file."""
    with tempfile.TemporaryDirectory() as out:
        folders = [option for folder in include for option in ("-I", str(folder))]
        command = [tool("thrift"), *folders, "--gen", "json", "-out", out, str(file)]
        try:
            done = subprocess.run(command, capture_output=True, timeout=LIMIT, check=False)
        except subprocess.TimeoutExpired:
            return Verdict(False, set(), None, "no end")
        said = (done.stdout + done.stderr).decode(errors="replace")
        found = _COMPLAINT.finditer(said)
        lines = {int(m["line"]) for m in found if Path(m["file"]).name == file.name}
        lines |= {int(line) for line in _IN_STRING.findall(said)}
        if done.returncode:
            return Verdict(False, lines, None, said)
        text = (Path(out) / f"{file.stem}.json").read_text(encoding="utf-8", errors="replace")
    return Verdict(True, lines, json.loads(_with_plain_keys(text), strict=False), said)


def _with_plain_keys(text: str) -> str:
    """Lists and maps that are keys, which no JSON has, as the JSON of them in a string."""
    while True:
        plain = _KEY.sub(lambda key: json.dumps(json.dumps(json.loads(key[0]))), text)
        if plain == text:
            return text
        text = plain
