"""The header of a mail or a part: its fields as offsets over the bytes, nothing copied, nothing decoded.

How it thinks. A plain header is checked by one regular expression at C speed, and its fields are searched only when
asked for. Any other is read line by line.

Facts about mail, and the rule chosen for each (one rule, here, for every room):

- Line ends: CRLF, LF and CR each end a line, in headers and around MIME delimiters. A header that mixes them gives
  WARN_LINE_ENDS_MIXED; where a reader with another choice would see another From, IDENTITY_AMBIGUOUS_LINE_ENDS (T6).
- A header ends at the first empty line. A line of blanks only is a continuation, not an end (obs-FWS, T8, T9).
- A first line that is empty means: no header at all, all is body (T9). Nothing is skipped to find one.
- `From ` and `>From ` lines of mbox files are passed over at the top (T9).
- A line with a colon whose name is not 1*(33-126 less colon) is passed over with WARN_HEADER_MALFORMED; if the letters
  of the name spell `from`, also IDENTITY_AMBIGUOUS_HEADER (T4).
- A line without a colon ends the header: the body starts with it. If a field that names people follows before the next
  empty line, readers differ about it: IDENTITY_AMBIGUOUS_HEADER (T9).
"""

import re
from typing import Final

from bcclog.codes import Code
from bcclog.policy import Limits

Field = tuple[bytes, int, int, int]
"""A header field: lower-case name, offset of the name, offset after the colon, end of the body without line end."""
Note = tuple[Code, int, int]
"""What was odd, and where: code, start, end."""

# The header of nearly every mail: each line `name:` with its folded lines, LF at the end (CR before it is checked by
# counting), after the lines of an mbox file, whose letters must not spell `from` alone before a colon (T4).
_PLAIN_HEADER: Final = re.compile(rb"((?:>?From (?![^A-Za-z:\n]*+:).*+\n)*+)(?:[!-9;-~]++:.*+\n(?:[ \t].*+\n)*+)*+")
# Any header, line by line: 1, 2 field name and body with its folds; 3 empty line; 4 any other line.
_LINE: Final = re.compile(
    rb"([!-9;-~]++):([^\r\n]*+(?:(?:\r\n?+|\n)[ \t][^\r\n]*+)*+)(?:\r\n?|\n|\Z)"
    rb"|(\r\n?|\n)"
    rb"|([^\r\n]++)(?:\r\n?|\n|\Z)"
)
_BLANKS: Final = (b" ", b"\t")
_NAMES: Final = re.compile(rb"\n([!-9;-~]++):")
_TO_LOWER: Final = bytes(range(256)).lower()
_NOT_LETTERS: Final = bytes(set(range(256)) - set(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"))
_PEOPLE_FIELDS: Final = frozenset({b"from", b"sender", b"replyto", b"to", b"cc", b"bcc"})
"""Letters of the names of fields that say who wrote a mail or whom it is for."""
_MIME_WORD: Final = re.compile(
    rb"\ncontent-(type|transfer-encoding|disposition):(?:[ \t]|(?:\r\n?|\n)(?=[ \t]))*+([^\x00-\x20;()\"]*+)"
)


class Header:
    """The header block of one entity.

    raw[start:end]: the fields with their line ends; body_start: after the empty line. Either `_low` holds the block
    in lower case after one LF (a plain header, searched on demand), or `_fields` holds the fields read one by one.
    Most questions are about fields that are not there, so the names are listed once, in one pass.
    """

    __slots__ = ("_fields", "_known", "_low", "_names", "body_start", "end", "raw", "start")

    def __init__(
        self, raw: bytes, start: int, end: int, body_start: int, low: bytes, fields: tuple[Field, ...] | None
    ) -> None:
        self.raw = raw
        self.start = start
        self.end = end
        self.body_start = body_start
        self._low = low
        self._fields = fields
        self._names: list[bytes] = []
        self._known: frozenset[bytes] | None = None

    @property
    def names(self) -> frozenset[bytes]:
        """The names of the well-formed fields, in lower case."""
        if self._known is None:
            if self._fields is None:
                self._names = _NAMES.findall(self._low)
            else:
                self._names = [field[0] for field in self._fields]
            self._known = frozenset(self._names)
        return self._known

    def count(self, name: bytes) -> int:
        """How many fields have that lower-case name."""
        return self._names.count(name) if name in self.names else 0

    def repeated(self, names: tuple[bytes, ...]) -> list[bytes]:
        """Those of the lower-case names that more than one field has."""
        # Every server adds a Received field, and in most mail nothing else is there twice.
        most = len(self.names) + max(self._names.count(b"received") - 1, 0)
        if len(self._names) == most:
            return []
        found = [name for name in self._names if name in names]
        return [name for name in names if found.count(name) > 1]

    @property
    def fields(self) -> tuple[Field, ...]:
        """Every well-formed field in order."""
        if self._fields is None:
            raw = self.raw
            self._fields = tuple(
                (match[1].lower(), match.start(), match.start(2), match.end(2))
                for match in _LINE.finditer(raw, self.start, self.end)
            )
        return self._fields

    def first(self, name: bytes) -> Field | None:
        """The first field of that lower-case name."""
        if name not in (self._known or self.names):
            return None
        if self._fields is None:
            return self._field_at(name, self._low.find(b"\n" + name + b":"))
        return next(field for field in self._fields if field[0] == name)

    def all(self, name: bytes) -> tuple[Field, ...]:
        """Every field of that lower-case name, in order."""
        if name not in (self._known or self.names):
            return ()
        if self._fields is not None:
            return tuple(field for field in self._fields if field[0] == name)
        needle = b"\n" + name + b":"
        count = self._names.count(name)
        if count == 1:
            return (self._field_at(name, self._low.find(needle)),)
        found: list[Field] = []
        at = 0
        for _ in range(count):
            field = self._field_at(name, self._low.find(needle, at))
            found.append(field)
            at = field[3] - self.start
        return tuple(found)

    def mime_words(self) -> list[tuple[bytes, bytes]]:
        """The first word, in lower case, of each Content-Type, -Transfer-Encoding and -Disposition, with the rest of
        the field's name, in order."""
        low = self._low
        if self._fields is not None:
            low = b"".join(
                b"\n%b:%b" % (name, self.raw[start:end].lower())
                for name, _, start, end in self._fields
                if name.startswith(b"content-")
            )
        at = low.find(b"\ncontent-")
        return _MIME_WORD.findall(low, at) if at >= 0 else []

    def _field_at(self, name: bytes, at: int) -> Field:
        # `_low` has one LF in front, so offset `at` of that LF is offset `at` of the name in the block.
        low, start = self._low, self.start
        body = at + len(name) + 2
        end = low.find(b"\n", body)
        while low.startswith(_BLANKS, end + 1):
            end = low.find(b"\n", end + 1)
        if low[end - 1] == 13 and end > body:
            end -= 1
        return (name, start + at, start + body - 1, start + end - 1)

    def body(self, field: Field) -> bytes:
        """The unfolded body of a field, without blanks around it."""
        return unfolded(self.raw[field[2] : field[3]])

    def first_body(self, name: bytes) -> bytes:
        """The unfolded body of the first field of that lower-case name; empty when there is none."""
        field = self.first(name)
        return b"" if field is None else self.body(field)


def unfolded(body: bytes) -> bytes:
    """The body of a field without folds and blanks around it. Every CR and LF inside a body is a fold (T8)."""
    if b"\n" in body or b"\r" in body:
        body = body.translate(None, b"\r\n")
    return body.strip(b" \t")


def read_header(
    raw: bytes, start: int, end: int, limits: Limits, notes: list[Note], *, is_message: bool
) -> Header | None:
    """The header of the entity raw[start:end]; None when it is past a limit.

    is_message: the fields name people, so what is odd is noted; the header of a part has nobody in it.
    """
    # Two bytes more than allowed, to see an empty line just after the limit.
    stop = min(end, start + limits.max_header_bytes + 2)
    match = _PLAIN_HEADER.match(raw, start, stop)
    if match is not None:
        top, header_end = match.end(1), match.end()
        size = header_end - top
        if 0 < size <= min(limits.max_field_bytes, limits.max_header_bytes):
            low = b"\n" + raw[top:header_end].lower()
            # The empty line, or the end of the entity, must come in the same line ends as the fields.
            line_end = b"\r\n" if b"\r" in low else b"\n"
            if (
                (header_end == end or raw.startswith(line_end, header_end, end))
                # No field is shorter than 3 bytes, so a short block need not be counted.
                and (size <= 3 * limits.max_fields or low.count(b"\n") <= limits.max_fields)
                and (line_end == b"\n" or low.count(b"\r") == low.count(b"\n") - 1 == low.count(b"\r\n"))
            ):
                return Header(raw, top, header_end, min(header_end + len(line_end), end), low, None)
    return _read_lines(raw, start, end, stop, limits, notes, is_message)


def _read_lines(
    raw: bytes, start: int, end: int, stop: int, limits: Limits, notes: list[Note], is_message: bool
) -> Header | None:
    """Read a header line by line. `stop`: how far to look, 2 bytes past the largest header allowed.

    `start` moves on past the lines of an mbox file, which are no part of the header.
    """
    fields: list[Field] = []
    header_end = body_start = -1
    position = start  # end of the last line read
    malformed = 0
    is_top = True  # no line but those of an mbox file so far
    for match in _LINE.finditer(raw, start, stop):
        kind = match.lastindex or 0
        if kind == 3:
            if header_end < 0:
                header_end, body_start = match.start(), match.end()
            break
        position = match.end()
        if match.end(kind) - match.start() > limits.max_field_bytes:
            return None
        if kind == 2:
            name = match[1].lower()
            if header_end < 0:
                if len(fields) + malformed == limits.max_fields:
                    return None
                fields.append((name, match.start(), match.start(2), match.end(2)))
            elif name.translate(None, _NOT_LETTERS) in _PEOPLE_FIELDS:
                notes.append((Code.IDENTITY_AMBIGUOUS_HEADER, match.start(), match.end(2)))
                break
            is_top = False
            continue
        line = match[4]
        name, colon, _ = line.partition(b":")
        letters = name.translate(_TO_LOWER, _NOT_LETTERS)
        if header_end >= 0:
            if colon and letters in _PEOPLE_FIELDS:
                notes.append((Code.IDENTITY_AMBIGUOUS_HEADER, match.start(4), match.end(4)))
                break
        elif is_top and line.startswith((b"From ", b">From ")) and not (colon and letters == b"from"):
            start = position
            continue
        elif colon:
            if len(fields) + malformed == limits.max_fields:
                return None
            malformed += 1
            if is_message:
                notes.append((Code.WARN_HEADER_MALFORMED, match.start(4), match.end(4)))
                if letters == b"from":
                    notes.append((Code.IDENTITY_AMBIGUOUS_HEADER, match.start(4), match.end(4)))
        elif line[0] in b" \t" and not is_top:
            pass  # goes on with a malformed line
        else:
            header_end = body_start = match.start()
            if not is_message:
                break
            notes.append((Code.WARN_HEADER_MALFORMED, match.start(4), match.end(4)))
        is_top = False
    else:
        if stop < end:
            return None
        if header_end < 0:
            header_end = body_start = position
    if header_end - start > limits.max_header_bytes:
        return None
    if is_message:
        _note_line_ends(raw, start, stop, body_start, fields, notes)
    return Header(raw, start, header_end, body_start, b"", tuple(fields))


def _note_line_ends(raw: bytes, start: int, stop: int, body_start: int, fields: list[Field], notes: list[Note]) -> None:
    """Say when the header mixes line ends, and when another reading of them would show another From (T6)."""
    block = raw[start:body_start]
    pairs = block.count(b"\r\n")
    has_bare_cr = block.count(b"\r") > pairs
    has_bare_lf = block.count(b"\n") > pairs
    if has_bare_cr + has_bare_lf + bool(pairs) < 2:
        return
    notes.append((Code.WARN_LINE_ENDS_MIXED, start, body_start))
    ours = {name_start for name, name_start, _, _ in fields if name == b"from"}
    readings = [_FROM_BY_CRLF] if pairs else []
    if has_bare_cr:
        readings.append(_FROM_BY_LF)
    for last, from_ in readings:
        empty = last.search(raw, start, stop)
        theirs = {match.end() - 5 for match in from_.finditer(raw, start, empty.start() + 2 if empty else stop)}
        if raw[start : start + 5].lower() == b"from:":
            theirs.add(start)
        # A From that another reader sees and we do not is a second sender. One that only we see matters where bare
        # CR made it; programs that add fields with the wrong one of LF and CRLF are common, and hide nothing.
        if theirs - ours or (has_bare_cr and ours - theirs):
            notes.append((Code.IDENTITY_AMBIGUOUS_LINE_ENDS, start, body_start))
            return


# How a reader for whom only CRLF, or only LF (with CR before it or not), ends a line finds the end of the header and
# the From fields.
_FROM_BY_CRLF: Final = (re.compile(rb"\r\n\r\n"), re.compile(rb"\r\n[Ff][Rr][Oo][Mm]:"))
_FROM_BY_LF: Final = (re.compile(rb"\n\r?\n"), re.compile(rb"\n\r?[Ff][Rr][Oo][Mm]:"))
