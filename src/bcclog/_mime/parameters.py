"""MIME parameters: RFC 2045 as programs write it, RFC 2231 pieces put together. Linear (T70)."""

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, NamedTuple

from bcclog._mime.charset import charset_codec
from bcclog._mime.header_text import clean, decode_header, raw_text, word_text
from bcclog.codes import Code
from bcclog.policy import Limits


class Parameters(NamedTuple):
    """MIME parameters: lower-case name -> decoded value."""

    values: Mapping[str, str]
    notes: tuple[Code, ...]


# `; name = value`: quoted, or anything up to the next `;`. Each `;` starts one run that ends before the next: linear.
_PARAMETER: Final = re.compile(
    rb';[ \t\r\n]*+([^\x00-\x20;="]++)[ \t\r\n]*+=[ \t\r\n]*+(?:"((?:[^"\\]++|\\.)*+)(?:"|\\?\Z)|([^;]*+))', re.DOTALL
)
# A piece that is no parameter at all but looks like a media type.
_BARE_WORD: Final = re.compile(rb";[ \t\r\n]*+[A-Za-z]++/[^;=\"]*+(?:;|\Z)")
_QUOTED_PAIR: Final = re.compile(rb'\\(["\\])')
_CONTINUED: Final = re.compile(rb"([^*]++)\*(?:([0-9]{1,3})(\*?)|)\Z")
_PERCENT: Final = re.compile(rb"%([0-9A-Fa-f]{2})")


def split_parameters(body: bytes, maximum: int) -> list[tuple[bytes, bytes]]:
    """The parameters of a MIME field as written: (lower-case name, value without quotes and folds), in order.

    body: the field body, `type; name=value; ...`. Stops after `maximum` of them (T70). Unquoted values run to the
    next `;`, since programs write file names with blanks so.
    """
    found: list[tuple[bytes, bytes]] = []
    for match in _PARAMETER.finditer(body):
        if len(found) == maximum:
            break
        name, quoted, token = match.groups()
        if quoted is None:
            value = token.strip(b" \t\r\n")
        else:
            # A backslash that is not before `"` or `\` stays: programs write Windows paths so.
            value = _QUOTED_PAIR.sub(rb"\1", quoted) if b"\\" in quoted else quoted
        if b"\n" in value or b"\r" in value:
            value = value.translate(None, b"\r\n")
        found.append((name.lower(), value))
    return found


# A parameter of most: no blanks but in front, a value that says the same with quotes and without.
_PLAIN_PARAMETER: Final = re.compile(rb';[ \t\r\n]*+([A-Za-z-]++)=(?:([A-Za-z0-9._-]++)|"([A-Za-z0-9._-]++)")(?=;|\Z)')
_PLAIN_VALUE: Final = re.compile(rb"[A-Za-z0-9._-]++")
_NO_PARAMETERS: Final = Parameters(values=MappingProxyType({}), notes=())


def decode_parameters(body: bytes, limits: Limits) -> Parameters:
    """The parameters of a MIME field decoded: RFC 2231 pieces put together, RFC 2047 words (not allowed there, but
    usual) decoded. T70.

    The first of two equal names counts. Pieces count from 0 up to the first gap; indexes have at most three digits.
    `name*` wins over `name` if it decodes. WARN_PARAM where something was dropped or contradicts.
    """
    if b";" not in body:
        return _NO_PARAMETERS
    usual = _PLAIN_PARAMETER.findall(body)
    if len(usual) == body.count(b";") <= limits.max_parameters:
        named = {name.lower().decode("ascii"): (bare or quoted).decode("ascii") for name, bare, quoted in usual}
        if len(named) == len(usual):
            return Parameters(values=MappingProxyType(named), notes=())
    found = split_parameters(body, limits.max_parameters + 1)
    notes: dict[Code, None] = {}
    if len(found) < body.count(b";") and _BARE_WORD.search(body):
        notes[Code.WARN_PARAM] = None  # `text/plain; text/html` (T69)
    if len(found) > limits.max_parameters:
        notes[Code.WARN_PARAM] = None
        del found[-1]
    plain: dict[str, str] = {}
    pieces: dict[str, dict[int, tuple[bytes, bool]]] = {}  # name -> index -> value, is percent-encoded
    for raw_name, value in found:
        name = raw_name.decode("latin-1")
        if "*" in name:
            continued = _CONTINUED.match(raw_name)
            if continued is None:
                notes[Code.WARN_PARAM] = None
                continue
            name = continued[1].decode("latin-1")
            piece = (0, (value, True)) if continued[2] is None else (int(continued[2]), (value, continued[3] == b"*"))
            if pieces.setdefault(name, {}).setdefault(*piece) is not piece[1]:
                notes[Code.WARN_PARAM] = None
        elif name in plain:
            notes[Code.WARN_PARAM] = None
        elif _PLAIN_VALUE.fullmatch(value):  # of most: it says the same either way
            plain[name] = value.decode("ascii")
        else:
            text = decode_header(value, limits)
            plain[name] = text.text
            if text.notes:
                notes.update(dict.fromkeys(text.notes))
    values = dict(plain)
    for name, by_index in pieces.items():
        extended = _join_pieces(by_index, notes)
        if extended is None:
            notes[Code.WARN_PARAM] = None
            continue
        if name in plain and plain[name] != extended:
            notes[Code.WARN_PARAM] = None
            if "\ufffd" in extended:
                continue  # it does not decode
        values[name] = extended
    return Parameters(values=MappingProxyType(values), notes=tuple(notes))


def _join_pieces(by_index: dict[int, tuple[bytes, bool]], notes: dict[Code, None]) -> str | None:
    """The value of RFC 2231 pieces; None when piece 0 is missing or its charset is unknown."""
    joined: list[bytes] = []
    charset: str | None = None
    while (piece := by_index.get(len(joined))) is not None:
        value, is_encoded = piece
        if is_encoded:
            if not joined:
                charset_name, quote, rest = value.partition(b"'")
                if quote:
                    charset = charset_name.decode("ascii", "replace")
                    value = rest.partition(b"'")[2]
            value = _PERCENT.sub(_percent_byte, value)
        joined.append(value)
    if not joined or (charset and charset_codec(charset) is None):
        return None
    if len(joined) < len(by_index):
        notes[Code.WARN_PARAM] = None  # a gap, or an index that is not written plainly
    data = b"".join(joined)
    text = word_text(data, charset, notes) if charset else raw_text(data, notes)
    return clean(text, notes)


def _percent_byte(match: re.Match[bytes]) -> bytes:
    return bytes((int(match[1], 16),))
