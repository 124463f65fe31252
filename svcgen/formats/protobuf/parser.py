"""A .proto file: tokens -> declarations, by recursive descent. It stops at the first mistake."""

from __future__ import annotations

import re

from svcgen.formats.protobuf.bodies import Bodies
from svcgen.formats.protobuf.lexer import Tokens, nested_comment
from svcgen.formats.protobuf.statements import method_of_service
from svcgen.formats.protobuf.tree import File, Import, Method, Service
from svcgen.formats.tokens import SyntaxProblem

EDITIONS = ("2023", "2024")
"""Those that ``protoc`` of the time supports."""


def parse(tokens: Tokens, name: str) -> File:
    """The declarations of a file, imported as ``name``. Raises :class:`SyntaxProblem`."""
    wrong = nested_comment(tokens)
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
            self.look()
        while self.text:
            if self.text == ";":
                self.end(";")
            else:
                self._statement()
            self.look()
        return self.file

    def _syntax(self) -> None:
        file = self.file
        word = self.text
        self.step()
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
        file = self.file
        if file.package_end:
            self.fail("the file names its package twice")
        file.package_first, file.package_gap = self.i, self.ended
        self.step()
        file.package = self.full_name("the package")
        file.package_end = self.end(";")

    def _import(self) -> None:
        at = self.i
        self.step()
        kind = ""
        if self.text in ("public", "weak", "option"):
            kind = self.text
            if kind == "option" and not (self.file.is_edition and self.file.syntax >= "2024"):
                self.fail("'import option' needs edition 2024 or later")
            if kind == "weak" and self.file.is_edition and self.file.syntax >= "2024":
                self.fail("'import weak' is no longer possible; use 'import option'")
            self.step()
        if kind != "option" and any(each.kind == "option" for each in self.file.imports):
            self.fail("an import stands behind an 'import option'", at)
        path = self.string("the path of a file in quotes").decode("utf-8", "replace")
        self.file.imports.append(Import(path, at, kind))
        self.end(";")

    def _service(self) -> Service:
        first, gap = self.i, self.ended
        self.step()
        service = Service(self.text, self.i, first, gap)
        self.name("the service's name")
        service.end = self.end("{")
        self._inside(service, "service", service.methods)
        return service

    def _inside(self, owner: Service | Method, what: str, methods: list[Method] | None) -> None:
        """What is behind an opening brace, and the closing one: options and, in services, methods."""
        while True:
            self.look()
            match self.text:
                case "option":
                    owner.options.append(self.option_statement())
                case "rpc" if methods is not None:
                    methods.append(self._method())
                case ";":
                    self.end(";")
                case "}":
                    self.end("}")
                    return
                case _:
                    expected = "'option'" if methods is None else "'rpc' or 'option'"
                    self.fail(self.missing_brace(what, expected))

    def _method(self) -> Method:
        match = method_of_service(self.whole, self.ended)
        if match is not None:
            method = _usual_method(match, self.ended)
            self.ended = match.end() - 1
            self.look()
        else:
            method = self._head()
        if self.text != "{":
            method.end = self.end(";")
            return method
        method.end = self.end("{")
        self._inside(method, "method", None)
        return method

    def _head(self) -> Method:
        first, gap = self.i, self.ended
        self.step()
        method = Method(self.text, self.i, first, gap)
        self.name("the method's name")
        method.client_streams, method.request_at, method.request = self._exchanged()
        self.expect("returns")
        method.server_streams, method.response_at, method.response = self._exchanged()
        return method

    def _exchanged(self) -> tuple[bool, int, str]:
        """``(stream Type)``: whether it streams, and the type with its place."""
        self.expect("(")
        stream = self.accept("stream")
        at = self.i
        name = self.type_name()
        self.expect(")")
        return stream, at, name


def _usual_method(match: re.Match[str], gap: int) -> Method:
    """The head of a method that a pattern has found."""
    method = Method(match[2], match.start(2), match.start(1), gap)
    method.client_streams, method.server_streams = match[3] is not None, match[5] is not None
    method.request, method.request_at = match[4], match.start(4)
    method.response, method.response_at = match[6], match.start(6)
    return method
