"""Whole statements as patterns: what nearly all of a file consists of is recognised at once.

Each begins with the gap before the statement. They know only what is surely right wherever they are
tried; where one does not match, the statement is read token by token, which finds what is wrong with
it, if anything is.
"""

from __future__ import annotations

import re

from svcgen.formats.protobuf.lexer import GAP

_S = r"[ \t\n\r\v\f]"
_NAME = r"[A-Za-z_][A-Za-z0-9_]*+"
_TYPE = rf"\.?{_NAME}(?:\.{_NAME})*+"
_NUMBER = r"(?:0|[1-9][0-9]{0,8})"

_END = r"(?![A-Za-z0-9_])"
_SCALAR = (
    r"(?:[su]?int(?:32|64)|s?fixed(?:32|64)|float|double|bool|string|bytes)" + _END
)  # fmt: skip
_KEY = r"(?:[su]?int(?:32|64)|s?fixed(?:32|64)|bool|string)"
_OTHER_MEMBERS = (
    r"(?:message|enum|oneof|extensions|reserved|extend|option|group|map|export|local"
    rf"|repeated|optional|required){_END}"
)
"""What begins something else than a field, or may do so."""

_FIELD = (
    rf"(?:(repeated|optional|required){_S}++)?(map{_S}*+<{_S}*+({_KEY}){_S}*+,{_S}*+)?"
    rf"(?!{_OTHER_MEMBERS}|{_SCALAR}\.)({_TYPE})(?(2){_S}*+>{_S}*+|{_S}++)"
    rf"({_NAME}){_S}*+={_S}*+({_NUMBER}){_S}*+([;\[])"
)
_METHOD_TYPE = rf"\({_S}*+(?:(stream){_S}++)?((?!stream{_END}){_TYPE}){_S}*+\){_S}*+"


def _pattern(body: str) -> re.Pattern[str]:
    return re.compile(f"{GAP}(?:{body})", re.DOTALL)


member_of_message = _pattern(rf"{_FIELD}|(message|enum|oneof){_S}++({_NAME}){_S}*+\{{|(\}})").match
"""Label, map, key, type, name, number, ``;`` or ``[``; keyword and name; ``}``."""

value_of_enum = _pattern(
    rf"(?!(?:option|reserved){_END})({_NAME}){_S}*+={_S}*+(-?{_NUMBER}){_S}*+([;\[])|(\}})"
).match
"""Name, number, ``;`` or ``[``; ``}``."""


def _option(ending: str) -> str:
    """An option with what stands behind its value, or up to the brace of one."""
    return (
        rf"(?:({_NAME})|(\({_S}*+({_TYPE}){_S}*+\)))(?:{_S}*+\.{_S}*+({_NAME}))?{_S}*+={_S}*+"
        rf'(?:(?:({_NAME})|"([^"\\\n]*)"|({_NUMBER})){_S}*+{ending}|(?=\{{))'
    )


_OPTION = rf"option{_S}++{_option(';')}"

option_statement = _pattern(_OPTION).match
"""Name, or extension with and without parentheses; name of a part; name, string or number of the
value, none of them before a brace.
"""

statement_of_file = _pattern(
    rf'{_OPTION}|(import){_S}++"([^"\\\n]++)"{_S}*+;|(message|enum|service){_S}++({_NAME}){_S}*+\{{'
).match
"""An option; keyword and path; keyword and name."""

statement_of_service = _pattern(
    rf"{_OPTION}|(rpc){_S}++({_NAME}){_S}*+{_METHOD_TYPE}returns{_S}*+{_METHOD_TYPE}([;{{])|(\}})"
).match
"""An option; keyword and name, ``stream`` and type, twice, ``;`` or ``{``; ``}``."""

option_in_list = _pattern(
    rf"(?!(?:default|json_name){_S}*+=)" + _option(r"([,\]])"),
).match
"""An option, and what stands behind it unless it is a brace."""

field_of_block = _pattern(
    rf"({_NAME}){_S}*+:{_S}*+(?:({_NAME})|"
    rf'"([^"\\\n]*)"(?!{_S}*+["\'/]))(?:{_S}*+[,;])?'
).match
"""Name, and its value, a name or a string; with what may stand behind it."""

own_option = _pattern(rf"(default|json_name){_S}*+={_S}*+").match
"""What no message of options has."""

_SIMPLE = rf'{_S}++|{_NAME}|"[^"\\\n]*+"|[:,;()\[\]<>-]|\.(?![0-9])|{_NUMBER}(?![A-Za-z0-9_.])'
_FLAT = rf"\{{(?>{_SIMPLE})*+\}}"
_NESTED = rf"\{{(?>{_SIMPLE}|{_FLAT})*+\}}"
block = re.compile(rf"\{{(?>{_SIMPLE}|{_NESTED})*+\}}").match
"""A value in braces without comments, with few others inside of it."""
