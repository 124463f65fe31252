"""A .proto file: tokens -> declarations, by recursive descent. It stops at the first mistake."""

from __future__ import annotations

import re

from svcgen.formats.protobuf.bodies import Bodies
from svcgen.formats.protobuf.lexer import Tokens, nested_comment
from svcgen.formats.protobuf.statements import statement_of_file, statement_of_service
from svcgen.formats.protobuf.tree import Declaration, Enum, File, Import, Message, Method, Service
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
        while True:
            match = statement_of_file(self.whole, self.ended)
            if match is None or not self._usual_statement(match):
                self.look()
                if not self.text:
                    return self.file
                self._statement()

    def _usual_statement(self, match: re.Match[str]) -> bool:
        """Take a statement that a pattern has found, if it may stand here."""
        file = self.file
        if match[10]:
            self._outer(self.begun(match, 10))
        elif not match[8]:
            file.options.append(self.usual_option(match))
        elif file.imports and file.imports[-1].kind:
            return False
        else:
            file.imports.append(Import(match[9], match.start(8), ""))
            self.ended = match.end()
        return True

    def _outer(self, declared: Declaration) -> None:
        """What is behind the opening brace of a declaration."""
        file = self.file
        if isinstance(declared, Message):
            self.members(declared)
            file.messages.append(declared)
        elif isinstance(declared, Enum):
            self.values(declared)
            file.enums.append(declared)
        elif isinstance(declared, Service):
            self._inside(declared, "service", declared.methods)
            file.services.append(declared)

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
            case ";":
                self.end(";")
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
            match = statement_of_service(self.whole, self.ended)
            if match is None or (match[8] and methods is None):
                self._part_of(owner, what, methods)
            elif match[15]:
                self.ended = match.end()
                return
            elif methods is not None and match[8]:
                methods.append(self._usual_method(match))
            else:
                owner.options.append(self.usual_option(match))

    def _part_of(self, owner: Service | Method, what: str, methods: list[Method] | None) -> None:
        """A statement of a service or method, token by token."""
        self.look()
        match self.text:
            case "option":
                owner.options.append(self.option_statement())
            case "rpc" if methods is not None:
                methods.append(self._method())
            case ";":
                self.end(";")
            case _:
                expected = "'option'" if methods is None else "'rpc' or 'option'"
                self.fail(self.missing_brace(what, expected))

    def _method(self) -> Method:
        method = self._head()
        if self.text != "{":
            method.end = self.end(";")
            return method
        method.end = self.end("{")
        self._inside(method, "method", None)
        return method

    def _usual_method(self, match: re.Match[str]) -> Method:
        """A method of which a pattern has found the head."""
        method = Method(match[9], match.start(9), match.start(8), self.ended)
        method.client_streams, method.server_streams = match[10] is not None, match[12] is not None
        method.request, method.request_at = match[11], match.start(11)
        method.response, method.response_at = match[13], match.start(13)
        self.ended = match.end()
        method.end = self.ended - 1
        if match[14] == "{":
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
