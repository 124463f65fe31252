"""What can be wrong with a .proto file; ``protoc`` refuses the same at the same line."""

from __future__ import annotations

from svcgen.diagnostics import Rule, Severity

_P3 = 'syntax = "proto3";\n'
_P2 = 'syntax = "proto2";\n'


def _rule(code: str, message: str, fix: str, why: str, example: str) -> Rule:
    return Rule(f"proto-{code}", message, fix, why, example, language="proto")


def _warning(code: str, message: str, fix: str, why: str, example: str) -> Rule:
    return Rule(f"proto-{code}", message, fix, why, example, Severity.WARNING, "proto")


SYNTAX = _rule(
    "syntax",
    "{problem}",
    "write it as the language of Protocol Buffers demands",
    "Reading a file ends at the first place that cannot be understood; what follows is unknown.",
    _P3 + "message Book {\n  string title 1;\n}\n",
)
IMPORT_MISSING = _rule(
    "import-missing",
    "{path!r} is imported, and is in none of the include paths",
    "correct the path, or name the folder that it starts in with -I",
    "An import is a path from an include path: a folder given with -I, the folder of the importing"
    " file or one above it. Files of google/protobuf, google/api, google/rpc and google/type are"
    " always there.",
    _P3 + 'import "shelf/book.proto";\n',
)
IMPORT_PATH = _rule(
    "import-path",
    "{path!r} cannot be the path of an import",
    "write a relative path with forward slashes, without '.', '..' and empty parts",
    "The same file must have the same path wherever it is imported, and no path may leave the"
    " include paths.",
    _P3 + 'import "../book.proto";\n',
)
IMPORT_TWICE = _rule(
    "import-twice",
    "{path!r} is imported twice",
    "remove one of the two",
    "Protocol Buffers refuses the second import.",
    _P3 + 'import "google/protobuf/any.proto";\nimport "google/protobuf/any.proto";\n',
)
IMPORT_CYCLE = _rule(
    "import-cycle",
    "a file imports itself: {path}",
    "move what both need to a third file and import that",
    "An imported file is built before the one that imports it, which no circle allows.",
    _P3 + 'import "proto-import-cycle.proto";\n',
)
UNDEFINED = _rule(
    "undefined",
    "{name!r} is not defined{hint}",
    "define it, import the file that does, or correct the name",
    "A name is looked up from the innermost scope outwards: the message, the messages around it,"
    " the package and those above it. The first scope that knows its first part decides.",
    _P3 + "message Shelf {\n  repeated Book books = 1;\n}\n",
)
NOT_A_TYPE = _rule(
    "not-a-type",
    "{name!r} is no {wanted}",
    "name a {wanted}",
    "Fields hold messages and enums; methods take and return messages; only messages are extended.",
    _P3 + "enum Color {\n  RED = 0;\n}\nservice Paint {\n  rpc Mix(Color) returns (Color);\n}\n",
)
HIDDEN = _rule(
    "hidden",
    "{name!r} is local to {file!r}",
    "declare it with 'export'",
    "From edition 2024 on, a file decides which of its types others may use: those at its top,"
    " unless it says otherwise.",
    "",
)
DUPLICATE = _rule(
    "duplicate-name",
    "{name!r} is already defined{where}",
    "rename one of them",
    "Messages, enums, fields, oneofs, services and extensions of a scope share one set of names."
    " The values of an enum belong to the scope around the enum.",
    _P3 + "message Book {}\nenum Book {\n  NOVEL = 0;\n}\n",
)
JSON_CLASH = _rule(
    "json-name",
    "{what} has the JSON name {json!r}, as {other!r} has",
    "rename one of them, or give it another json_name",
    "Without json_name a field's JSON name is its own in camelCase, and an enum's values are told"
    " apart without the enum's name before them. Some languages use these names.",
    _P3 + "message Book {\n  string page_count = 1;\n  string pageCount = 2;\n}\n",
)
NUMBER = _rule(
    "number",
    "{what} has the number {number}; {allowed}",
    "take a number in that range",
    "Field numbers go from 1 to 536870911, without 19000 to 19999, which Protocol Buffers keeps for"
    " itself.",
    _P3 + "message Book {\n  string title = 19500;\n}\n",
)
NUMBER_TWICE = _rule(
    "number-twice",
    "{what} has the number {number}, as {other!r} has",
    "give it another number",
    "On the wire the number is all that tells one field from another. Values of an enum may share a"
    " number under 'option allow_alias = true;'.",
    _P3 + "message Book {\n  string title = 1;\n  string author = 1;\n}\n",
)
RESERVED = _rule(
    "reserved",
    "{what} {problem}",
    "take another, or change the statement",
    "Reserved numbers and names were in use once, and numbers of extensions belong to others. They"
    " may be neither used nor given away twice.",
    _P3 + "message Book {\n  reserved 2;\n  string title = 2;\n}\n",
)
RANGE = _rule(
    "range",
    "the range {first} to {last} {problem}",
    "correct the range",
    "Ranges of numbers go upwards, hold numbers that there are, and do not meet.",
    _P3 + "message Book {\n  reserved 9 to 4;\n}\n",
)
ENUM_VALUES = _rule(
    "enum",
    "enum {name!r} {problem}",
    "give it a first value that is zero, and allow_alias only where numbers are shared",
    "An enum has at least one value; the first one of an open enum, as in proto3, is zero; and"
    " allow_alias stands only where numbers are shared.",
    _P3 + "enum Color {\n  RED = 1;\n}\n",
)
FIELD = _rule(
    "field",
    "field {name!r} {problem}",
    "change the declaration",
    "Not every type may have every label, default and option; which ones depends on the syntax or"
    " the edition of the file.",
    _P3 + "message Book {\n  required string title = 1;\n}\n",
)
DEFAULT = _rule(
    "default",
    "the default of {name!r} {problem}",
    "give a value of the field's type, or none",
    "Defaults are for single fields with presence of scalar and enum types.",
    _P3 + "message Book {\n  int32 pages = 1 [default = 3];\n}\n",
)
MAP_KEY = _rule(
    "map-key",
    "the key of {name!r} is {kind}",
    "use an integer type, bool or string",
    "Keys of maps are integers, booleans and strings.",
    _P3 + "enum Color {\n  RED = 0;\n}\nmessage Palette {\n  map<Color, string> names = 1;\n}\n",
)
EXTENSION = _rule(
    "extension",
    "extension {name!r} {problem}",
    "take a free number of a range that the message gives, or extend another message",
    "An extension has a number that the extended message gives to extensions, which no other"
    " extension has. In proto3 only options are extended.",
    _P2 + "message Book {}\nextend Book {\n  optional string isbn = 100;\n}\n",
)
OPTION_UNKNOWN = _rule(
    "option-unknown",
    "there is no option {name!r} here{hint}",
    "correct the name, or import the file that defines it",
    "Options are the fields of google.protobuf.FileOptions, MessageOptions and so on; those in"
    " parentheses are extensions of these.",
    _P3 + "message Book {\n  string title = 1 [colour = 3];\n}\n",
)
OPTION_VALUE = _rule(
    "option-value",
    "the value of {name!r} {problem}",
    "give a value of the option's type",
    "An option is a field, and its value is one of the field's type.",
    _P3 + "message Book {\n  string title = 1 [deprecated = 1];\n}\n",
)
OPTION_TWICE = _rule(
    "option-twice",
    "the option {name!r} is set twice",
    "remove one of the two",
    "An option that is not repeated has one value.",
    _P3 + 'option java_package = "a";\noption java_package = "b";\n',
)
OPTION_MISPLACED = _rule(
    "option-misplaced",
    "the option {name!r} {problem}",
    "remove it",
    "Some options are for certain types, certain declarations or certain editions only.",
    _P3 + "message Book {\n  string title = 1 [packed = true];\n}\n",
)
STYLE = _rule(
    "style",
    "{what} {name!r} should be {wanted}",
    "rename it, or set features.enforce_naming_style = STYLE_LEGACY",
    "From edition 2024 on, names must be written in the one usual way.",
    'edition = "2024";\nmessage library_book {}\n',
)

GROUP = _warning(
    "group",
    "field {name!r} is a group, which travels in another way than what is generated",
    "declare it as a message",
    "Groups (in editions: DELIMITED messages) are marked at their end instead of counted. Generated"
    " code writes and expects ordinary messages.",
    _P2 + "message Shelf {\n  repeated group Book = 1 {\n    optional string title = 2;\n  }\n}\n",
)
HTTP = _warning(
    "http",
    "the HTTP rule {route!r} of {method!r} cannot be served: {problem}",
    "change the rule, or live with the path that is derived",
    "REST serves what google/api/http.proto describes: variables that are scalars of the request,"
    " each once, and wildcards within them; bodies of PUT, POST and PATCH; no path twice. A rule"
    " that says anything else is left out, and the method has the path that it would have without.",
    _P3
    + 'import "google/api/annotations.proto";\n'
    + "message Book {\n  string name = 1;\n}\nservice Library {\n  rpc Get(Book) returns (Book) {\n"
    + '    option (google.api.http) = {get: "/v1/shelves/*/{name}"};\n  }\n}\n',
)
