"""What a language may find in the user's handler while it adds stubs; the same for each."""

from __future__ import annotations

from svcgen.diagnostics import Rule, Severity

BROKEN_HANDLER = Rule(
    code="handler-syntax",
    message="the handler cannot be read, and was left alone: {problem}",
    fix="mend the file and run `svcgen generate` again",
    why=(
        "svcgen adds methods that are new in the definition to the user's handler. A file that"
        " does not parse has no safe place for them, and nothing is written until it does."
    ),
    example="class CalculatorHandler(Calculator:\n    ...\n",
)

VANISHED_METHOD = Rule(
    code="handler-vanished-method",
    message="{handler}.{method} implements a method that the definition no longer has",
    fix="remove it when nothing else needs it; svcgen never deletes your code",
    why="A method that no protocol serves is dead code, and may be a rename that went wrong.",
    example="class CalculatorHandler(Calculator):\n    async def removed(self) -> None: ...\n",
    severity=Severity.WARNING,
)

RENAMED_METHOD = Rule(
    code="handler-renamed-method",
    message="{handler}.{method} is called {now} in the definition now",
    fix="rename the method to {now}; svcgen never changes your code",
    why=(
        "A method with renamed_from: is served by the user's method of the new name. No stub is"
        " added while the old one is there, since it would only be in the way of the renaming."
    ),
    example="class CalculatorHandler(Calculator):\n    async def plus(self) -> None: ...\n",
    severity=Severity.WARNING,
)

UNSEEN_BASE = Rule(
    code="handler-unseen-base",
    message="{handler} has a base class from another file, and may lack: {methods}",
    fix="see that the base class has them, or write them into {handler}",
    why=(
        "A stub for a method that the base class implements would hide the working method, so"
        " svcgen adds none where it cannot see all of the bases."
    ),
    example="from elsewhere import Shared\n\nclass CalculatorHandler(Shared, Calculator): ...\n",
    severity=Severity.INFO,
)
