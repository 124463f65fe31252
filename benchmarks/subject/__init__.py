"""The service that the contests call, generated when first needed."""

from __future__ import annotations

import functools
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).parent


@functools.cache
def source() -> Path:
    """The folder ``src`` of the generated project."""
    root = Path(tempfile.mkdtemp(prefix="svcgen-bench-")) / "shop"
    command = [sys.executable, "-m", "svcgen", "new", str(HERE / "shop.yaml"), "-o", str(root)]
    subprocess.run(command, check=True, capture_output=True)
    folder = root / "python" / "src"
    shutil.copy(HERE / "handler.py", folder / "shop" / "handler.py")
    return folder
