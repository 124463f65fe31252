"""A .thrift file: tokens -> declarations, by recursive descent. It stops at the first mistake."""

from __future__ import annotations

from svcgen.formats.thrift.bodies import Bodies
from svcgen.formats.thrift.lexer import docs, flaw
from svcgen.formats.thrift.tree import (
    Const,
    Definition,
    File,
    Include,
    Namespace,
    Typedef,
    declarations,
)
from svcgen.formats.tokens import SyntaxProblem, Tokens


def parse(tokens: Tokens, name: str) -> File:
    """The declarations of a file of that name. Raises :class:`SyntaxProblem`."""
    parser = Parser(tokens, name)
    wrong = flaw(tokens, parser.kinds)
    try:
        file = parser.parse()
    except SyntaxProblem as problem:
        raise problem if wrong is None or problem.at < wrong.at else wrong from None
    if wrong is not None:
        raise wrong
    return file


class Parser(Bodies):
    """Reads statements at the top of a file; :class:`Bodies` what is inside of brackets."""

    def __init__(self, tokens: Tokens, name: str) -> None:
        super().__init__(tokens, File(name, tokens))
        self._head = 0  # the last token that is read when the first header is understood

    def parse(self) -> File:
        while self.text in ("include", "namespace", "cpp_include"):
            self.take_doc()
            self._header()
        while self.text:
            self.file.definitions.append(self._definition())
        self.file.doc = self._file_doc()
        return self.file

    def _header(self) -> None:
        word, file = self.text, self.file
        self.i += 1
        if word == "include":
            file.includes.append(Include(self.string("the path of a file in quotes"), self.i - 1))
        elif word == "cpp_include":
            file.cpp_includes.append(self.string("the path of a header in quotes"))
        else:
            self._namespace()
        self._head = self._head or self.i - 1

    def _namespace(self) -> None:
        if self.accept("*"):
            namespace = Namespace("*", self.name("a namespace"), ())
        else:
            scope, name = self.name("a language or '*'"), self.name("a namespace")
            namespace = Namespace(scope, name, self.annotations())
            self._head = self._head or self.last_seen(")")
        self.file.namespaces[namespace.scope] = namespace

    def _file_doc(self) -> str | None:
        """The first documentation comment, unless the first header stands before it; where there is
        no header, unless a declaration takes it before the compiler has seen the next one.
        """
        documented = [i for i, gap in enumerate(self.tokens.gaps) if "/**" in gap and docs(gap)]
        if not documented or 0 < self._head < documented[0]:
            return None
        found = docs(self.tokens.gaps[documented[0]])
        if not self._head and len(found) == 1:
            until = documented[1] if len(documented) > 1 else len(self.texts)
            for declared in declarations(self.file):
                if declared.doc is not None and documented[0] <= declared.seen < until:
                    return None
        return found[0]

    def _definition(self) -> Definition:
        doc = self.take_doc()
        found: Definition
        match self.text:
            case "const":
                found = self._const()
            case "typedef":
                found = self._typedef()
            case "enum":
                found = self.enum()
            case "struct" | "union" | "exception":
                found = self.struct()
            case "service":
                found = self.service()
            case "include" | "namespace" | "cpp_include":
                self.fail(f"{self.text!r} must stand before the first definition")
            case _:
                self.fail(f"there should be a definition such as 'struct', not {self.shown()}")
        found.doc = doc
        found.file = self.file
        return found

    def _const(self) -> Const:
        self.i += 1
        kind = self.type()
        at, name = self.i, self.name("the constant's name")
        self.expect("=")
        value = self.value()
        return Const(name, at, seen=self.ended(), type=kind, value=value)

    def _typedef(self) -> Typedef:
        self.i += 1
        kind = self.type()
        at, name = self.i, self.name("the type's name")
        annotations = self.annotations()
        return Typedef(name, at, seen=self.ended(), annotations=annotations, type=kind)
