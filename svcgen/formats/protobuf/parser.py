"""A .proto file: tokens -> declarations, by recursive descent. It stops at the first mistake."""

from __future__ import annotations

from svcgen.formats.protobuf.bodies import Bodies
from svcgen.formats.protobuf.lexer import flaw
from svcgen.formats.protobuf.tree import File, Import, Method, Service
from svcgen.formats.tokens import SyntaxProblem, Tokens

EDITIONS = ("2023", "2024")
"""Those that ``protoc`` of the time supports."""


def parse(tokens: Tokens, name: str) -> File:
    """The declarations of a file, imported as ``name``. Raises :class:`SyntaxProblem`."""
    wrong = flaw(tokens)
    try:
        file = Parser(tokens, name).parse()
    except SyntaxProblem as problem:
        raise problem if wrong is None or problem.at < wrong.at else wrong from None
    if wrong is not None:
        raise wrong
    return file


class Parser(Bodies):
    """Reads statements at the top of a file; :class:`Bodies` what is inside of braces."""

    def __init__(self, tokens: Tokens, name: str) -> None:
        super().__init__(tokens, File(name, tokens))

    def parse(self) -> File:
        if self.text in ("syntax", "edition"):
            self._syntax()
        while self.text:
            if not self.accept(";"):
                self._statement()
        return self.file

    def _syntax(self) -> None:
        file = self.file
        word = self.text
        self.i += 1
        self.expect("=")
        at = file.syntax_at = self.i
        value = self.string("a quoted version").decode("utf-8", "replace")
        self.end(";")
        if word == "syntax" and value not in ("proto2", "proto3"):
            self.fail(f"there is no syntax {value!r}; it is proto2 or proto3", at)
        if word == "edition" and value not in EDITIONS:
            self.fail(f"there is no edition {value!r}; known are {', '.join(EDITIONS)}", at)
        file.syntax = value

    def _statement(self) -> None:
        first = self.i
        file = self.file
        match self.text:
            case "message":
                file.messages.append(self.message(None))
            case "enum":
                file.enums.append(self.enum(None))
            case "service":
                file.services.append(self._service())
            case "extend":
                self.extend(file.extensions, file.messages, None)
            case "import":
                self._import()
            case "package":
                self._package()
            case "option":
                file.options.append(self.option_statement())
            case "export" | "local" if self.may_hide():
                self.hidden(file.messages, file.enums, None)
            case _:
                self.fail(
                    f"there should be a statement such as 'message', not {self.shown()}", first
                )

    def _package(self) -> None:
        first = self.i
        if self.file.package_end:
            self.fail("the file names its package twice")
        self.i += 1
        self.file.package = self.full_name("the package")
        self.file.package_first = first
        self.file.package_end = self.end(";")

    def _import(self) -> None:
        at = self.i
        self.i += 1
        kind = ""
        if self.text in ("public", "weak", "option"):
            kind = self.text
            if kind == "option" and not (self.file.is_edition and self.file.syntax >= "2024"):
                self.fail("'import option' needs edition 2024 or later")
            if kind == "weak" and self.file.is_edition and self.file.syntax >= "2024":
                self.fail("'import weak' is no longer possible; use 'import option'")
            self.i += 1
        if kind != "option" and any(each.kind == "option" for each in self.file.imports):
            self.fail("an import stands behind an 'import option'", at)
        path = self.string("the path of a file in quotes").decode("utf-8", "replace")
        self.file.imports.append(Import(path, at, kind))
        self.end(";")

    def _service(self) -> Service:
        first = self.i
        self.i += 1
        service = Service(self.text, self.i, first)
        self.name("the service's name")
        service.end = self.end("{")
        while not self.accept("}"):
            if self.text == "option":
                service.options.append(self.option_statement())
            elif self.text == "rpc":
                service.methods.append(self._method())
            elif not self.accept(";"):
                self.fail(self.missing_brace("service", "'rpc' or 'option'"))
        return service

    def _method(self) -> Method:
        first = self.i
        self.i += 1
        method = Method(self.text, self.i, first)
        self.name("the method's name")
        method.client_streams, method.request_at, method.request = self._exchanged()
        self.expect("returns")
        method.server_streams, method.response_at, method.response = self._exchanged()
        if self.text != "{":
            method.end = self.end(";")
            return method
        method.end = self.end("{")
        while not self.accept("}"):
            if self.text == "option":
                method.options.append(self.option_statement())
            elif not self.accept(";"):
                self.fail(self.missing_brace("method", "'option'"))
        return method

    def _exchanged(self) -> tuple[bool, int, str]:
        """``(stream Type)``: whether it streams, and the type with its place."""
        self.expect("(")
        stream = self.accept("stream")
        at = self.i
        name = self.type_name()
        self.expect(")")
        return stream, at, name
