"""Every support folder of Python as the one flat package that ``svcgen generate`` makes of them.

The files are imported from the templates folder itself: a traceback names the file to edit.
"""

from pathlib import Path

TEMPLATES = Path(__file__).parents[4] / "templates" / "python"
__path__ = sorted(str(folder) for folder in TEMPLATES.glob("**/support") if folder.is_dir())
