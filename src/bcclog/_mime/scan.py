"""Raw bytes to an index: header fields and MIME parts as offsets over the mail, nothing copied, nothing decoded.

How it thinks. The mail stays one `bytes` object; a field or a part is where it begins and ends. What a caller does not
ask for is not worked out: only Content-Type of each part is read at once, since the structure hangs on it.

Facts about mail, and the rule chosen for each:

- The delimiters of an outer multipart are found first; an inner one cannot outlive its outer (RFC 2046 section 5.1.2).
  A delimiter line is matched whole: `--`, boundary, perhaps `--`, blanks, line end.
- A multipart without boundary, or in whose body no delimiter line stands, is read as one part text/plain.
"""

import re
from collections.abc import Mapping
from typing import Final

from bcclog._mime.decode import decode_bytes
from bcclog._mime.header import Field, Header, Note, read_header
from bcclog._mime.header_text import decode_header
from bcclog._mime.parameters import Parameters, decode_parameters, split_parameters
from bcclog.codes import Code
from bcclog.policy import Limits

_ABOVE_MESSAGE: Final = re.compile(rb"(?:\xef\xbb\xbf)?+(?:\r\n?+|\n){0,9}+(?=[!-9;-~]++:)")
"""What programs leave above the first field of a file that holds a message: a mark of UTF-8, empty lines."""
_MEDIA_TYPE: Final = re.compile(rb"[!#-'*+\-.0-9a-z^_`{|}~]++/[!#-'*+\-.0-9a-z^_`{|}~]++")
_UNCLOSED: Final = 8
"""Multiparts without an end whose next delimiter is searched for in the rest of the mail: each search is a pass."""
_DELIMITER_TAIL: Final = re.compile(rb"(--)?[ \t]*+(?:\r\n?|\n|\Z)")
_TYPE_NAMES: Final[dict[bytes, str]] = {
    name.encode(): name
    for name in (
        "text/plain", "text/html", "multipart/alternative", "multipart/mixed", "multipart/related", "image/png",
        "image/jpeg", "image/gif", "application/octet-stream", "application/pdf", "message/rfc822",
    )
}  # fmt: skip
_CTES: Final[dict[bytes, str]] = {
    b"7bit": "7bit", b"7-bit": "7bit", b"8bit": "8bit", b"8-bit": "8bit", b"binary": "binary",
    b"base64": "base64", b"base-64": "base64",
    b"quoted-printable": "quoted-printable", b"quoted_printable": "quoted-printable",
}  # fmt: skip
_REAL_ENCODINGS: Final = frozenset({"base64", "quoted-printable"})
_MESSAGE_TYPES: Final = frozenset(
    {"message/rfc822", "message/global", "application/eml", "application/x-eml", "text/rfc822", "text/x-rfc822"}
)
"""What RFC 2046 and RFC 6532 name so, and what programs write that guess the type of an `.eml` file."""
_FILE_TYPES: Final = ("application/", "message/", "text/plain")
"""How types begin that programs give a file whose type they do not know: then its name says what it is."""
_ELSEWHERE_TYPES: Final = frozenset({"message/partial", "message/external-body"})
_TEXT_TYPES: Final = frozenset({"text/plain", "text/html"})
_INLINE_MEDIA: Final = ("image/", "audio/", "video/")


class Part:
    """One MIME part; the whole mail is part 0.

    index, parent: places in `Index.parts` (parent of part 0: -1); depth: 0 for the whole mail; media_type: lower
    case, `text/plain` where it is absent or unreadable; cte: transfer encoding in lower case, `7bit` where absent;
    disposition: lower case, empty where absent; start, body_start, body_end: offsets into the raw bytes, the line end
    before a delimiter belongs to the delimiter. The rest is read from the header when asked for.
    """

    __slots__ = (
        "_limits", "_of_disposition", "_of_type", "body_end", "body_start", "cte", "depth", "disposition", "header",
        "index", "media_type", "parent", "start",
    )  # fmt: skip

    def __init__(
        self, header: Header, index: int, parent: int, depth: int, media_type: str, cte: str, disposition: str,
        body_end: int, limits: Limits,
    ) -> None:  # fmt: skip
        self.header = header
        self.index = index
        self.parent = parent
        self.depth = depth
        self.media_type = media_type
        self.cte = cte
        self.disposition = disposition
        self.start = header.start
        self.body_start = header.body_start
        self.body_end = body_end
        self._limits = limits
        self._of_type: Parameters | None = None
        self._of_disposition: Parameters | None = None

    def _parameters_of_type(self) -> Parameters:
        if self._of_type is None:
            self._of_type = decode_parameters(self.header.first_body(b"content-type"), self._limits)
        return self._of_type

    def _parameters_of_disposition(self) -> Parameters:
        if self._of_disposition is None:
            self._of_disposition = decode_parameters(self.header.first_body(b"content-disposition"), self._limits)
        return self._of_disposition

    @property
    def parameters(self) -> Mapping[str, str]:
        """Parameters of Content-Type: lower-case name -> decoded value."""
        return self._parameters_of_type().values

    @property
    def parameter_notes(self) -> tuple[Code, ...]:
        """What was odd in the parameters of Content-Type and Content-Disposition (T70)."""
        return self._parameters_of_type().notes + self._parameters_of_disposition().notes

    @property
    def charset(self) -> str | None:
        """The charset as declared."""
        value = self.parameters.get("charset")
        return value.partition(" ")[0] if value else None

    @property
    def is_flowed(self) -> bool:
        """Whether the text is `format=flowed` (RFC 3676)."""
        return self.parameters.get("format", "").lower() == "flowed"

    @property
    def delsp(self) -> bool:
        """Whether the blank of a soft break is deleted (RFC 3676 `delsp=yes`)."""
        return self.parameters.get("delsp", "").lower() == "yes"

    @property
    def filename(self) -> str | None:
        """The decoded file name: `filename` of the disposition, else `name` of the type. Never a path to use (T75)."""
        of_disposition = self._parameters_of_disposition().values
        return of_disposition.get("filename") or self.parameters.get("name") or None

    @property
    def content_id(self) -> str | None:
        """Content-ID without its angle brackets."""
        body = self.header.first_body(b"content-id")
        if not body:
            return None
        return decode_header(body, self._limits).text.removeprefix("<").removesuffix(">")

    @property
    def is_message(self) -> bool:
        """Whether `scan_message` is worth trying: a message, or a file named `*.eml` whatever its type."""
        if self.media_type in _MESSAGE_TYPES:
            return True
        if self.media_type in _ELSEWHERE_TYPES or not self.media_type.startswith(_FILE_TYPES):
            return False
        return (self.filename or "").lower().rstrip(" .").endswith(".eml")

    def raw_body(self) -> bytes:
        """The body as in the mail, a copy."""
        return self.header.raw[self.body_start : self.body_end]


class Index:
    """What `scan` gives: offsets into `raw`.

    raw[start:end]: the message; header: its header; parts: in the order of the mail, part 0 is the message itself;
    text_body, html_body, attachments: part indexes as JMAP has them (RFC 8621 section 4.1.4); notes: what is odd;
    refusal: why the mail was not read on, then the parts may be missing; nesting: messages around this one.
    """

    __slots__ = (
        "attachments", "end", "header", "html_body", "nesting", "notes", "parts", "raw", "refusal", "start",
        "text_body",
    )  # fmt: skip

    def __init__(self, header: Header, end: int, nesting: int, notes: list[Note], refusal: Code | None = None) -> None:
        self.raw = header.raw
        self.start = header.start
        self.end = end
        self.nesting = nesting
        self.header = header
        self.notes = notes
        self.refusal = refusal
        self.parts: list[Part] = []
        self.text_body: list[int] = []
        self.html_body: list[int] = []
        self.attachments: list[int] = []

    @property
    def fields(self) -> tuple[Field, ...]:
        """The well-formed fields of the message's header, in order."""
        return self.header.fields

    @property
    def body_start(self) -> int:
        """Where the body begins."""
        return self.header.body_start

    def first(self, name: bytes) -> Field | None:
        """The first field of that lower-case name."""
        return self.header.first(name)

    def all(self, name: bytes) -> tuple[Field, ...]:
        """Every field of that lower-case name, in order."""
        return self.header.all(name)

    def written(self, name: bytes) -> bytes | None:
        """The body of the first field of that lower-case name, folds and all; None without one."""
        field = self.header.first(name)
        return None if field is None else self.raw[field[2] : field[3]]

    def field_bytes(self, field: Field) -> bytes:
        """The unfolded body of a field, without blanks around it."""
        return self.header.body(field)


def scan(raw: bytes | bytearray | memoryview, limits: Limits) -> Index:
    """Index a mail. Total and linear; messages inside are leaves (see `scan_message`).

    `refusal` is set past `limits.max_message_bytes` (REFUSE_LIMIT_MESSAGE), for a header past its limits
    (REFUSE_LIMIT_HEADER: a second From behind the limit can then not win, T12) and for a mail that is one piece of a
    message/partial (REFUSE_FORMAT_PARTIAL, T76). TypeError for anything but bytes.
    """
    if not isinstance(raw, bytes):
        if not isinstance(raw, bytearray | memoryview):
            raise TypeError(f"a mail is passed as bytes, for example path.read_bytes(), not as {type(raw).__name__}")
        raw = bytes(raw)
    return _scan_region(raw, 0, len(raw), 0, limits)


def scan_message(part: Part, limits: Limits, nesting: int = 0) -> Index:
    """Index the message that a part holds.

    nesting: that of the index the part is from. An unencoded message is read in place: `Index.raw` is then the same
    object, and offsets point into the outer mail. A base64 or quoted-printable one (not allowed, but written) is
    decoded, and offsets point into the new `Index.raw`. Past `limits.max_nested_messages` the index is empty and
    refused with REFUSE_FORWARD_DEPTH (T66). A mark of UTF-8 and empty lines above its first field are passed over, with
    WARN_MIME_AMBIGUOUS: others read no header there.
    """
    raw, nesting = part.header.raw, nesting + 1
    if nesting > limits.max_nested_messages:
        return _refused(raw, part.body_start, part.body_end, nesting, [], Code.REFUSE_FORWARD_DEPTH)
    if part.cte in _REAL_ENCODINGS:
        data, _ = decode_bytes(part.raw_body(), part.cte)
        inner = _scan_region(data, _first_field(data, 0, len(data)), len(data), nesting, limits)
        inner.notes.append((Code.WARN_MIME_AMBIGUOUS, 0, len(data)))
        return inner
    first = _first_field(raw, part.body_start, part.body_end)
    inner = _scan_region(raw, first, part.body_end, nesting, limits)
    if first > part.body_start:
        inner.notes.append((Code.WARN_MIME_AMBIGUOUS, part.body_start, first))
    return inner


def _first_field(raw: bytes, start: int, end: int) -> int:
    """Where the first field of an attached message stands, below what a program left above it."""
    above = _ABOVE_MESSAGE.match(raw, start, end)
    return start if above is None else above.end()


def _refused(raw: bytes, start: int, end: int, nesting: int, notes: list[Note], code: Code) -> Index:
    return Index(Header(raw, start, start, start, b"", ()), end, nesting, notes, code)


def _scan_region(raw: bytes, start: int, end: int, nesting: int, limits: Limits) -> Index:
    notes: list[Note] = []
    if end - start > limits.max_message_bytes:
        return _refused(raw, start, end, nesting, notes, Code.REFUSE_LIMIT_MESSAGE)
    header = read_header(raw, start, end, limits, notes, is_message=True)
    if header is None:
        return _refused(raw, start, end, nesting, notes, Code.REFUSE_LIMIT_HEADER)
    index = Index(header, end, nesting, notes)
    part = _read_part(header, 0, -1, 0, "text/plain", end, limits, notes)
    index.parts.append(part)
    if part.media_type.startswith("multipart/"):
        _walk(index, limits)
    elif part.media_type == "message/partial":
        index.refusal = Code.REFUSE_FORMAT_PARTIAL
    _sort_bodies(index)
    return index


def _read_part(
    header: Header, index: int, parent: int, depth: int, default_type: str, end: int, limits: Limits,
    notes: list[Note],
) -> Part:  # fmt: skip
    """The part whose header this is. T69: the first well-formed field counts, a conflict is noted."""
    media_type = cte = disposition = ""
    is_odd = False
    for name, value in header.mime_words():
        if name == b"type":
            is_odd |= bool(media_type)
            if not media_type:
                media_type = _TYPE_NAMES.get(value, "")
                if not media_type and _MEDIA_TYPE.fullmatch(value):
                    media_type = value.decode("ascii")
        elif name == b"transfer-encoding":
            is_odd |= bool(cte)
            if not cte:
                cte = _CTES.get(value, "")
                if not cte:
                    is_odd = True
                    cte = value.decode("ascii", "replace")
        elif not disposition:
            disposition = value.decode("ascii", "replace")
    media_type = media_type or default_type
    if is_odd or (cte in _REAL_ENCODINGS and media_type.startswith("multipart/")):
        notes.append((Code.WARN_MIME_AMBIGUOUS, header.start, header.body_start))
    if media_type in _ELSEWHERE_TYPES:
        notes.append((Code.PART_OPAQUE_KIND, header.start, end))
    return Part(header, index, parent, depth, media_type, cte or "7bit", disposition, end, limits)


def _boundary(part: Part, limits: Limits, notes: list[Note]) -> bytes:
    """The boundary of a multipart; empty when it has none. The first counts; a second one is noted (T67)."""
    body = part.header.first_body(b"content-type")
    found = [value for name, value in split_parameters(body, limits.max_parameters) if name == b"boundary"]
    in_pieces = b"boundary*" in body.lower()
    if len(found) + in_pieces > 1:
        notes.append((Code.WARN_MIME_AMBIGUOUS, part.start, part.body_start))
    if found:
        return found[0].rstrip(b" \t")
    return part.parameters.get("boundary", "").encode("utf-8").rstrip() if in_pieces else b""


def _walk(index: Index, limits: Limits) -> None:
    """List the parts of a multipart message, in the order of the mail.

    The delimiters of one multipart are searched for in its own body only, so the outer one wins; a boundary that an
    outer multipart has already can have none left in there and is not searched again. So a line is a candidate for no
    more boundaries than it has bytes, and the cost is linear in the mail (T67).
    """
    raw, parts, notes = index.raw, index.parts, index.notes
    # Regions still to be read, the next one last: start, end, parent part, default type, boundaries around it.
    todo: list[tuple[int, int, int, str, frozenset[bytes]]] = []
    part = parts[0]
    outer: frozenset[bytes] = frozenset()
    unclosed = 0
    while True:
        if part.media_type.startswith("multipart/"):
            regions: list[tuple[int, int]] = []
            boundary = _boundary(part, limits, notes)
            if part.depth >= limits.max_depth:
                notes.append((Code.PART_OPAQUE_DEPTH, part.body_start, part.body_end))
            elif len(parts) + len(todo) >= limits.max_parts:
                notes.append((Code.PART_OPAQUE_COUNT, part.body_start, part.body_end))
            else:
                if boundary and boundary not in outer:
                    room = limits.max_parts - len(parts) - len(todo)
                    regions = _cut(raw, boundary, part.body_start, part.body_end, room, notes)
                    if regions and regions[-1][1] == part.body_end and part.depth and unclosed < _UNCLOSED:
                        # Cut off by the outer one: another reader may find its next delimiter further down.
                        unclosed += 1
                        at = raw.find(b"\n--" + boundary, part.body_end, index.end)
                        if at >= 0 and _DELIMITER_TAIL.match(raw, at + 3 + len(boundary), index.end):
                            notes.append((Code.WARN_MIME_AMBIGUOUS, at + 1, at + 3 + len(boundary)))
                if not regions:
                    # Without parts of its own its text would be nowhere, so it is read as text.
                    notes.append((Code.WARN_MIME_AMBIGUOUS, part.start, part.body_start))
                    part.media_type = "text/plain"
            inner = outer | {boundary}
            default = "message/rfc822" if part.media_type == "multipart/digest" else "text/plain"
            todo.extend((start, end, part.index, default, inner) for start, end in reversed(regions))
        while True:
            if not todo:
                return
            start, end, parent, default, outer = todo.pop()
            header = read_header(raw, start, end, limits, notes, is_message=False)
            if header is not None:
                break
            notes.append((Code.PART_OPAQUE_HEADER, start, end))
        part = _read_part(header, len(parts), parent, parts[parent].depth + 1, default, end, limits, notes)
        parts.append(part)


def _cut(raw: bytes, boundary: bytes, start: int, end: int, room: int, notes: list[Note]) -> list[tuple[int, int]]:
    """The regions between the delimiter lines of one multipart's body raw[start:end]; at most `room` of them."""
    needle = b"--" + boundary
    regions: list[tuple[int, int]] = []
    part_start = -1
    is_closed = False
    at = raw.find(needle, start, end)
    while at >= 0:
        after = at + len(needle)
        tail = None
        if at == start or raw[at - 1] in b"\r\n":
            tail = _DELIMITER_TAIL.match(raw, after, end)
        if tail is None:
            at = raw.find(needle, after, end)
            continue
        if is_closed:
            # Text after the end, but another reader may take it for one more part.
            notes.append((Code.WARN_MIME_AMBIGUOUS, at, tail.end()))
            break
        if part_start >= 0:
            regions.append((part_start, _before_line_end(raw, part_start, at)))
            part_start = -1
        is_closed = tail[1] is not None
        after = tail.end()
        if not is_closed:
            if len(regions) >= room:
                notes.append((Code.PART_OPAQUE_COUNT, at, end))
                break
            part_start = after
        at = raw.find(needle, after, end)
    if part_start >= 0:
        regions.append((part_start, end))
    return regions


def _before_line_end(raw: bytes, start: int, at: int) -> int:
    """`at` less the line end before it, which belongs to the delimiter at `at`."""
    if at > start and raw[at - 1] == 10:
        at -= 1
        return at - 1 if at > start and raw[at - 1] == 13 else at
    return at - 1 if at > start else at


# --- which parts are body, which attachments --------------------------------------------------------------------


def _sort_bodies(index: Index) -> None:
    """Fill text_body, html_body and attachments by the algorithm of RFC 8621 section 4.1.4, without its recursion.

    One thing differs: a text named `*.eml` is a message attached where it stands first, too.
    """
    text: list[int] | None = index.text_body
    html: list[int] | None = index.html_body
    attachments = index.attachments
    if len(index.parts) == 1:  # most mail
        only = index.parts[0]
        if only.media_type in _TEXT_TYPES and only.disposition != "attachment":
            index.text_body.append(0)
            index.html_body.append(0)
            return
    # One frame a multipart that is open: part, subtype, inside an alternative, its lists, their lengths at its start,
    # children seen. The outermost frame stands for the algorithm's first call on the list of the whole message.
    frames: list[_Frame] = [_Frame(-1, "mixed", False, text, html)]
    for part in index.parts:
        while frames[-1].part != part.parent:
            frames.pop().finish()
        frame = frames[-1]
        place = frame.children
        frame.children += 1
        media_type = part.media_type
        if media_type.startswith("multipart/"):
            subtype = media_type[10:]
            frames.append(
                _Frame(part.index, subtype, frame.in_alternative or subtype == "alternative", frame.text, frame.html)
            )
            continue
        is_media = media_type.startswith(_INLINE_MEDIA)
        is_inline = (
            part.disposition != "attachment"
            and (is_media or media_type in ("text/plain", "text/html"))
            and (place == 0 or (frame.subtype != "related" and (is_media or not part.filename)))
            and not (place == 0 and b"name" in index.raw[part.start : part.body_start].lower() and part.is_message)
        )
        if not is_inline:
            attachments.append(part.index)
        elif frame.subtype == "alternative":
            target = {"text/plain": frame.text, "text/html": frame.html}.get(media_type, attachments)
            if target is not None:
                target.append(part.index)
        else:
            if frame.in_alternative:
                if media_type == "text/plain":
                    frame.html = None
                elif media_type == "text/html":
                    frame.text = None
            if frame.text is not None:
                frame.text.append(part.index)
            if frame.html is not None:
                frame.html.append(part.index)
            if is_media and (frame.text is None or frame.html is None):
                attachments.append(part.index)
    while frames:
        frames.pop().finish()


class _Frame:
    """One open multipart of `_sort_bodies`."""

    __slots__ = ("children", "html", "html_length", "in_alternative", "part", "subtype", "text", "text_length")

    def __init__(
        self, part: int, subtype: str, in_alternative: bool, text: list[int] | None, html: list[int] | None
    ) -> None:
        self.part = part
        self.subtype = subtype
        self.in_alternative = in_alternative
        self.text = text
        self.html = html
        self.text_length = -1 if text is None else len(text)
        self.html_length = -1 if html is None else len(html)
        self.children = 0

    def finish(self) -> None:
        """An alternative that had only HTML, or only text, gives it to both lists."""
        text, html = self.text, self.html
        if self.subtype != "alternative" or text is None or html is None:
            return
        if self.text_length == len(text) and self.html_length != len(html):
            text.extend(html[self.html_length :])
        elif self.html_length == len(html) and self.text_length != len(text):
            html.extend(text[self.text_length :])


# --- sizes ------------------------------------------------------------------------------------------------------

_NOT_BASE64: Final = bytes(set(range(256)) - set(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"))
_CHUNK: Final = 2**16
"""Bytes looked at in one go: what is copied fits the processor's cache."""


def decoded_size(part: Part) -> int:
    """Bytes of the decoded body, exactly as `decode_bytes` would give them, without holding them. T74."""
    raw, start, end = part.header.raw, part.body_start, part.body_end
    if part.cte == "base64":
        stop = raw.find(b"=", start, end)
        stop = end if stop < 0 else stop
        letters = 0
        for at in range(start, stop, _CHUNK):
            letters += len(raw[at : min(at + _CHUNK, stop)].translate(None, _NOT_BASE64))
        return letters // 4 * 3 + (0, 0, 1, 2)[letters % 4]
    if part.cte == "quoted-printable":
        size = 0
        while start < end:
            # Whole lines: nothing of the encoding goes beyond a LF.
            stop = raw.find(b"\n", start + _CHUNK, end) + 1 or end
            size += len(decode_bytes(raw[start:stop], part.cte)[0])
            start = stop
        return size
    return end - start
