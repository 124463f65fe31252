"""The user's handler: what svcgen adds to it, and everything that it leaves as it is."""

from __future__ import annotations

import ast
import textwrap

import pytest
from hypothesis import given
from hypothesis import strategies as st

from svcgen.diagnostics import Report
from svcgen.languages.python.handler_edit import append_stubs
from svcgen.model.plan import HandlerClass, Stub
from svcgen.project import skeleton

ADD = Stub(
    "add",
    'async def add(self, request: AddRequest) -> int:\n    raise unimplemented("add")\n',
    ("from calculator._gen import AddRequest", "from calculator._gen import unimplemented"),
)
LOG = Stub("log", "async def log(self) -> None:\n    if True:\n        return\n")
CALCULATOR = HandlerClass(
    name="CalculatorHandler",
    base="Calculator",
    base_import="from calculator._gen import Calculator",
    methods=(ADD, LOG),
    retired=("old",),
)


def edit(source: str, *classes: HandlerClass, report: Report | None = None) -> str:
    return append_stubs(source, "handler.py", classes or (CALCULATOR,), report or Report())


def dedented(text: str) -> str:
    return textwrap.dedent(text).lstrip("\n")


COMPLETE = dedented("""
    from calculator._gen import AddRequest, Calculator, unimplemented


    class CalculatorHandler(Calculator):
        async def add(self, request: AddRequest) -> int:
            raise unimplemented("add")

        async def log(self) -> None:
            if True:
                return
""")


def test_an_empty_file_becomes_a_complete_handler() -> None:
    assert edit("") == COMPLETE


def test_a_complete_handler_stays_as_it_is() -> None:
    assert edit(COMPLETE) == COMPLETE


def test_a_missing_method_goes_behind_the_last_one_and_nothing_else_moves() -> None:
    source = dedented("""
        #!/usr/bin/env python
        '''My handler.'''
        from __future__ import annotations
        import os   # kept   as it is
        from calculator._gen import (Calculator,  # why not
             Extra)

        X = {  'a':1 }

        class CalculatorHandler( Calculator ):

          limit=3
          async def log( self ): return  # odd
          # last words

        # about main
        def main(): pass
    """)

    expected = source.replace(
        "     Extra)\n", "     Extra)\nfrom calculator._gen import AddRequest, unimplemented\n"
    ).replace(
        "  # last words\n",
        "  # last words\n\n"
        "  async def add(self, request: AddRequest) -> int:\n"
        '    raise unimplemented("add")\n',
    )
    assert edit(source) == expected


@pytest.mark.parametrize("end", ["\r\n", "\r", "\n"])
def test_line_ends_stay(end: str) -> None:
    source = COMPLETE.split("\n\n    async def log")[0].replace("\n", end)

    edited = edit("\ufeff" + source)

    assert edited == "\ufeff" + COMPLETE.replace("\n", end)


def test_tabs_stay() -> None:
    edited = edit("class CalculatorHandler(Calculator):\n\tasync def add(self): ...\n")

    assert edited.endswith("\n\n\tasync def log(self) -> None:\n\t\tif True:\n\t\t\treturn\n")


@pytest.mark.parametrize(
    "source",
    [
        "class CalculatorHandler(Calculator): pass",
        "class CalculatorHandler(Calculator): x = 1; y = 2  # both\n",
        "class CalculatorHandler(Calculator): 'doc'\nx = 1\n",
        "class CalculatorHandler(Calculator): \\\n  pass\n",
        "class Mine(_gen.Calculator):\n    pass",
        "from calculator._gen import Calculator as C\nclass Mine(C, Generic[T]): ...\n",
        "@decorated\nclass CalculatorHandler:\n    @property\n    def x(self): ...\n",
        "class ü(Calculator):\n    é = 'ß'; x = 1\n    async def z(self): 'ö'\n",
        "class CalculatorHandler(Calculator):\n    x = '''\nno indent\n'''\n",
        "class CalculatorHandler(Calculator):\n    x = 1\f\n\n\n# comment of the module\n",
        "class CalculatorHandler(Calculator):\n  if X:\n     async def other(self): ...\n",
    ],
)
def test_every_form_of_class_gets_its_stubs_once(source: str) -> None:
    edited = edit(source)

    classes = [node for node in ast.parse(edited).body if isinstance(node, ast.ClassDef)]
    names = {n.name for n in classes[0].body if isinstance(n, ast.AsyncFunctionDef)}
    assert names >= {"add", "log"}
    assert len(classes) == 1
    assert edit(edited) == edited


@pytest.mark.parametrize(
    "source",
    [
        "class Base:\n    def add(self): ...\n    log = add\nclass Mine(Base, Calculator): ...\n",
        "class Mine(Calculator):\n  try: from x import add\n  except E: add = 1\n  log: X = 1\n",
        "class A(B):\n    add = log = 1\nclass B(A): ...\nclass Mine(B, Calculator): ...\n",
    ],
)
def test_methods_that_are_there_in_another_form_count(source: str) -> None:
    assert edit(source) == source


def test_a_base_of_another_file_is_believed_and_told() -> None:
    report = Report()
    source = "from x import Base\nclass CalculatorHandler(Base, Calculator): ...\n"

    assert edit(source, report=report) == source
    assert [d.message for d in report.diagnostics] == [
        "CalculatorHandler has a base class from another file, and may lack: add, log"
    ]


def test_a_new_service_becomes_a_new_class_at_the_end() -> None:
    users = HandlerClass(
        "UsersHandler", "Users", "from calculator._gen import Users", (LOG,), doc="Users."
    )

    edited = edit(COMPLETE + "\n\nx = 1", CALCULATOR, users)

    assert edited == COMPLETE.replace(
        "Calculator, unimplemented\n", "Calculator, Users, unimplemented\n", 1
    ) + dedented('''

        x = 1


        class UsersHandler(Users):
            """Users."""

            async def log(self) -> None:
                if True:
                    return
    ''').replace("x = 1", "\n\nx = 1", 1)


def test_a_renamed_method_is_reported_and_no_stub_is_in_its_way() -> None:
    report = Report()
    divide = Stub("div", "async def div(self) -> None: ...\n", former="divide")
    renamed = HandlerClass("CalculatorHandler", "Calculator", "", (divide,), retired=("old",))
    source = "class CalculatorHandler(Calculator):\n    async def divide(self): ...\n"

    assert edit(source, renamed, report=report) == source
    [found] = report.diagnostics
    assert found.message == "CalculatorHandler.divide is called div in the definition now"
    assert (found.span.line, found.span.column) == (2, 15)
    mended = source.replace("divide", "div")
    assert edit(mended, renamed) == mended


def test_a_vanished_method_is_reported_where_it_stands_and_stays() -> None:
    report = Report()
    source = COMPLETE + "\n    @cached\n    def old(self): ...\n\n    def helper(self): ...\n"

    assert edit(source, report=report) == source
    assert [(d.rule.code, str(d.span)) for d in report.diagnostics] == [
        ("handler-vanished-method", "handler.py:13:9")
    ]


@pytest.mark.parametrize(
    ("source", "place"),
    [("x = (\n", "handler.py:1:5"), ("def f(:\n", "handler.py:1:7"), ("\0", "handler.py:1:1"),
     ("(" * 100_000, "handler.py"), ("-" * 100_000 + "1", "handler.py")],
)  # fmt: skip
def test_a_handler_that_does_not_parse_is_reported_and_left_alone(source: str, place: str) -> None:
    report = Report()

    assert edit(source, report=report) == source
    [found] = report.diagnostics
    assert found.rule.code == "handler-syntax"
    assert str(found.span).startswith(place)


def test_imports_go_where_isort_puts_them() -> None:
    lines = (
        "import datetime as dt",
        "from uuid import UUID",
        "from m import A, B, c",
        "import zlib",
    )
    stub = Stub("add", "async def add(self, x: A, y: B, z: UUID, t: dt.date): c, zlib\n", lines)
    handler = HandlerClass("H", "Base", "from m import Base", (stub,))

    edited = edit(
        "'''Doc.'''\n\nimport os\n\nfrom m import Base, z\n\n\nclass H(Base): ...\n", handler
    )

    assert edited.startswith(
        "'''Doc.'''\n\nimport datetime as dt\nimport os\nimport zlib\nfrom uuid import UUID\n\n"
        "from m import A, B, Base, c, z\n\n\nclass H(Base):\n"
    )


def test_long_imports_are_wrapped_as_black_does() -> None:
    names = [f"AVeryLongNameNumber{n}" for n in range(5)]
    uses = ", ".join(f"{name.lower()}: {name}" for name in names)
    lines = ("from __future__ import annotations", f"from m import {', '.join(names)}, Unused")
    stub = Stub("add", f"async def add(self, {uses}): ...\n", lines)
    handler = HandlerClass("H", "B", "from m import B", (stub,))

    edited = edit("class H(B):\n    pass\n", handler)

    assert edited.startswith("from m import (\n    AVeryLongNameNumber0,\n")


FILLERS = st.lists(
    st.sampled_from(
        ["", "# c", "x = 1", "'''a\nb'''", "def f(): pass", "if x:\n    y = 2", "import os", "\f",
         "class Other:\n    add = 1", "from calculator._gen import AddRequest", "z = \\\n  3"]
    ),
    max_size=5,
)  # fmt: skip


@given(FILLERS, FILLERS, FILLERS, st.sampled_from(["\n", "\r\n"]), st.booleans())
def test_an_edit_only_inserts_lines(
    before: list[str], inside: list[str], after: list[str], end: str, closed: bool
) -> None:
    body = ["    " + line.replace("\n", "\n    ") if line else "" for line in [*inside, "q = 0"]]
    lines = [*before, "class CalculatorHandler(Calculator):", *body, *after]
    source = "\n".join(lines).replace("\n", end) + (end if closed else "")

    edited = edit(source)

    remaining = iter(edited.splitlines())
    kept = [line for line in source.splitlines() if not line.startswith("from calculator._gen ")]
    assert all(line in remaining for line in kept)
    ast.parse(edited)
    assert edit(edited) == edited


HOSTILE = [
    "{{ 7*7 }}",
    '"; import os',
    "*/",
    '"""',
    "${x}",
    "a\nb",
    "`rm`",
    "\x1b[2J",
    "\u2028",
    "#x",
]


@pytest.mark.parametrize("title", HOSTILE)
def test_strings_of_the_user_are_never_a_template_and_always_quoted(title: str) -> None:
    import tomllib

    import yaml

    files = skeleton.files(
        skeleton.Skeleton(
            title, f"{title}.yaml", (title,), False, ("python",), ("all",), "calculator",
            (skeleton.Endpoint("rest+http://0.0.0.0:8080", 8080, "http://127.0.0.1:8080/healthz"),),
        )
    )  # fmt: skip

    texts = {file.path: file.content.decode() for file in files}
    assert tomllib.loads(texts["svcgen.toml"])["definition"] == f"{title}.yaml"
    assert yaml.safe_load(texts["compose.yaml"])["services"].keys() == {"calculator"}
    assert not [path for path, text in texts.items() if "49" in text or "\x1b" in text]
    assert texts["README.md"].split("\n")[1] == ""


@pytest.mark.parametrize(
    ("stem", "package"),
    [("calculator", "calculator"), ("My API-v2", "my_api_v2"), ("2fast", "fast"), ("ÄÖ", "service"),
     ("__init__", "init"), ("", "service")],
)  # fmt: skip
def test_the_starter_is_named_after_its_file(stem: str, package: str) -> None:
    assert skeleton.package_of(stem) == package
    assert f"\npackage: {package}\n".encode() in skeleton.starter(package)
