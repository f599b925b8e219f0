"""Address lists as mail clients write them inside a forwarded block: text of no grammar.

Facts: people are parted by `;` (Outlook, Zimbra), by `,`, or by their full-width kin; names are mostly not quoted, and
hold commas (`Doe, John <j@x.example>, Roe, Jane <r@x.example>` is two people, R31); the address stands in angle
brackets, square brackets, parentheses or bare, often twice, often with `mailto:`; people of one's own Exchange
organisation have no address at all.

So an address is an anchor, and what stands before it is its name. A semicolon always parts two people, a comma only
after an address or a name of Notes (`Kim Roe/Sales/Acme@ACME`). Where a bare address and a bracketed one stand
together, the bracketed one is the address and the bare one its name; two bare ones are two people, and the caller
doubts such an author (T64).
"""

import re
import unicodedata
from functools import cache
from typing import Final, NamedTuple
from urllib.parse import unquote

from bcclog._files import read_json
from bcclog._mime.header_text import decode_header
from bcclog._people.address import HOLDS_ADDRESS, UNSHOWABLE, AddressList, tidy_name
from bcclog._people.normal import INVISIBLE, MAX_LOCAL, SOFT_BREAK
from bcclog.address import EmailAddress
from bcclog.codes import Code
from bcclog.policy import DEFAULT_LIMITS, Limits

# Signs of other keyboards, one for one, so that places stay (T22). The ideographic comma stands between names only, so
# it parts like a semicolon; other commas may stand inside a name.
_SIGNS: Final = str.maketrans("；؛、，،﹐＠＜＞（）［］：\u00a0\u202f\u3000", ";;;,,,@<>()[]:   ")
_SIGN: Final = re.compile(r'[<\[("@;,]')
# What brackets hold is looked at up to this many characters: an address of 64 + 1 + 255, `mailto:`, folds. Each opening
# bracket so costs a constant.
_ANGLE: Final = re.compile(r"<([^<>]{0,400}+)(?:<([^<>]{0,400}+)>)?+\s{0,9}+>")
_SQUARE: Final = re.compile(r"\[([^\[\]<>]{0,400}+)(?:<([^<>]{0,400}+)>)?+\]")
_ROUND: Final = re.compile(r"\(([^()<>]{0,400}+)(?:<([^<>]{0,400}+)>)?+\)")
_BRACKETS: Final = {"<": _ANGLE, "[": _SQUARE, "(": _ROUND}
_QUOTED: Final = re.compile(r'"(?:[^"\\]++|\\.)*+"', re.DOTALL)
# Quotes and brackets of all languages, which no address holds; people put them around one.
_AROUND: Final = "\"'*`“”„‟«»‘’‚‛‹›「」『』〈〉《》【】〔〕⟨⟩"
_MARKS: Final = _AROUND[4:]
_LOCAL: Final = re.compile(rf"[^\s<>()\[\]\"{_MARKS},;:@\\]{{1,66}}+")  # read backwards from an `@`
_DOMAIN: Final = re.compile(rf"[^\s<>()\[\]\"{_MARKS},;:@\\/?&]{{1,256}}+")
_BEHIND: Final = re.compile(r"(?:[^\w\s,;<>()\[\]@]|_){1,9}+(?=[\s,;<>()\[\]]|\Z)")
"""What can close the marks that stand before a bare address."""
_WHOLE: Final = re.compile(
    r'(?:"(?:[^"\\]++|\\.)*+"|[^\s<>()\[\]",;:@\\]{1,66}+)@(?:[^\s<>()\[\]",;:@\\]{1,256}+|\[[^\s<>()\[\]]{1,256}+\])',
    re.DOTALL,
)
_TWICE: Final = re.compile(r"\[?([^\s()\[\]]++)\]?\s?[(\[]\s?([^\s()\[\]]++)\s?[)\]]")
_FOOTNOTE: Final = re.compile(r"\A\[\d{1,3}\]|\[\d{1,3}\]\Z")
"""The number of a link, as programs that make text of HTML put it: `<[1]kim@x>` (Lynx), `<kim@x [1]>`."""
_ANGLED: Final = re.compile(r"<([^<>]{3,320})>")
_PARTED: Final = re.compile(r"\[([^\s\[\]<>|]++)\|([^\s\[\]<>|]++)\]")
"""`[kim@x|mailto:kim@x]`, as wikis and trackers write a link."""
_LINKED: Final = re.compile(r"\s*+\[([^\[\]]{1,200}+)\]\s?\Z")
_EXCHANGE: Final = re.compile(r"\[/o=[^\[\]]{1,400}\]\s*+\Z", re.IGNORECASE)
"""Where Outlook knows no SMTP address it may show the one of its own directory."""
_IN_BRACKETS: Final = re.compile(r"<[^<>]*+>|\[[^\[\]]*+\]|\([^()]*+\)")
_IN_ITS_PLACE: Final = re.compile(r"[@/:.\[]")
"""What shows that brackets stand where the address does, though none can be read: `</O=X/CN=KIM>`, `<kim@x. y>`."""
_MASKED: Final = re.compile(r"(?:\.\.\.|…)@|[*•]{3}")
"""How programs hide the end of a local part: Google Groups (`kim.k...@x.example`), gateways (`k***@x.example`)."""
_SAYS_SOMETHING: Final = re.compile(r"[^\W_]")
_RUN: Final = re.compile(r'[^\s<>,;"]*+')
_INVISIBLE: Final = re.compile(f"[{INVISIBLE}]+")
_ESCAPE: Final = re.compile(r"\\(.)", re.DOTALL)
_BEFORE_QUOTE: Final = frozenset(" \t\r\n,;:*>(\u2028\u2029")
_SCHEMES: Final = ("mailto:", "smtp:")
_FIRST_OF_NONE: Final = "'*`"
"""Signs that RFC 5322 lets an address begin with and no mailbox does; people quote and stress with them."""
_CLOSING: Final = {"{": "}", "[": "]", "(": ")"}
_EDGES: Final = " \t\r\n,;*`\\"
_DRAWN_BETWEEN: Final = re.compile(r"\A[-–—|/·•]\s|\s[-–—|/·•]\Z")
"""What people draw between a name and an address: `Kim - kim@x`, `Kim | kim@x`."""
_MARKDOWN: Final = re.compile(r"\\([<>\[\]()_*~`.+#!-])")
"""Signs that a program which makes Markdown of HTML puts a backslash before."""
_FIELD_CODE: Final = re.compile(
    r'HYPERLINK\s{1,3}"(?:mailto:)?([^"\s<>]{1,320})"(?:\s{1,3}\\[a-z](?:\s{1,3}"[^"]{0,40}")?){0,3}\s{0,3}'
    r"(?=[<\[(]?(?:mailto:)?\1(?![\w.@-]))",
    re.IGNORECASE,
)
"""What Word's field of a link leaves before the address that it shows, in text made of its RTF."""
_PICTURE: Final = re.compile(
    r"\[(?:cid|image):[^\[\]]{0,200}+\]|<cid:[^<>]{0,200}+>|!\[[^\[\]]{0,200}+\]\([^()\s]{0,400}+\)", re.IGNORECASE
)
"""What programs that make text of HTML leave of a portrait or a sign beside a name (Outlook, Gmail, Markdown)."""
# One person as nearly everybody is written, up to his separator: `Name <a@b>`, `"Last, First" <a@b>`, `<a@b>`, `a@b`;
# nothing here can be read in another way, and all else goes the long way.
_MAX_USUAL: Final = 250
_USUAL_NAME: Final = r"[^\W_][\w.&/・-]*+(?:,? [.&'/-]*+\w[\w.&'/・-]*+)*+"
_USUAL: Final = re.compile(
    rf'(?:(?:(?:({_USUAL_NAME})|"({_USUAL_NAME})") )?'
    r"<([A-Za-z0-9._+-]{1,64}+@[A-Za-z0-9-]{1,63}+(?:\.[A-Za-z0-9-]{1,63}+)++)(?<!-)>"
    r"|([A-Za-z0-9_+-][A-Za-z0-9._+-]{0,63}+@[A-Za-z0-9-]{1,63}+(?:\.[A-Za-z0-9-]{1,63}+)++)(?<!-))(?:[,;] |\Z)"
)


class _Item:
    """One person as far as it is read. start: where his text begins; end: where his address ends; name_end: where his
    name ends; comment: text in parentheses behind the address; cut: where brackets round no address begin; is_whole: a
    name that goes on behind no comma."""

    __slots__ = ("comment", "cut", "email", "end", "is_bare", "is_whole", "name_end", "start")

    def __init__(self, start: int) -> None:
        self.start = self.name_end = self.end = start
        self.email: str | None = None
        self.is_bare = self.is_whole = False
        self.comment = ""
        self.cut = -1


def parse_block_list(text: str, limits: Limits | None = None) -> AddressList:
    """Read the people of one field of a forwarded block.

    text: the decoded value, wrapped or not. Names are kept whole, the address as a name too (R31); a person with a
    name only has `email` None. Every address outside double quotes is found, and the only one of a person inside them.
    Spans of notes count code points of the text without Markdown's backslashes, Word's fields and pictures.
    At most `limits.max_addresses` people are read, `is_complete` says whether that was all. Linear; never raises.
    """
    if not text:
        return AddressList()
    limits = limits or DEFAULT_LIMITS
    if "HYPERLINK" in text:
        text = _FIELD_CODE.sub("", text)
    if "\\" in text:
        text = _MARKDOWN.sub(r"\1", text)
    if "cid:" in text or "[image:" in text or "![" in text:
        text = _PICTURE.sub("", text)
    usual = _usual(text)
    if usual and len(usual) <= limits.max_addresses:
        return AddressList(tuple(usual))
    return _BlockReader(text, limits).read()


def _usual(text: str) -> list[EmailAddress]:
    """Everybody in a list in which all are written in the usual way; nobody for any other list."""
    people: list[EmailAddress] = []
    if "...@" in text or (not text.isascii() and _INVISIBLE.search(text) is not None):
        return people  # masked; or letters that nobody sees: the fillers of Hangul
    at = 0
    while at < len(text):
        found = _USUAL.match(text, at)
        if found is None or found.end() - found.start() > _MAX_USUAL:
            return []
        name, quoted, bracketed, bare = found.groups()
        people.append(EmailAddress(name or quoted, bracketed or bare))
        at = found.end()
    return people


class _BlockReader:
    """One pass over one value. `signs` is `text` with the signs of all keyboards made one, place by place."""

    __slots__ = ("groups", "item", "limits", "notes", "people", "signs", "text", "unreadable")

    def __init__(self, text: str, limits: Limits) -> None:
        self.text = text
        self.signs = text.translate(_SIGNS)
        self.limits = limits
        self.item = _Item(0)
        self.people: list[EmailAddress] = []
        self.groups: list[str] = []
        self.notes: list[tuple[Code, int, int]] = []
        self.unreadable: list[tuple[int, int]] = []

    def read(self) -> AddressList:
        signs, most = self.signs, self.limits.max_addresses
        may_quote = True
        at = 0
        while (found := _SIGN.search(signs, at)) is not None and len(self.people) <= most:
            place = found.start()
            sign = signs[place]
            at = place + 1
            if sign == ";" or (sign == "," and (self.item.email is not None or self.item.is_whole)):
                self.finish(place)
                self.item = _Item(at)
            elif sign == '"' and may_quote and (place == 0 or signs[place - 1] in _BEFORE_QUOTE):
                quoted = _QUOTED.match(signs, place)
                if quoted is None:
                    may_quote = False  # nothing closes it: the rest is not searched again
                else:
                    at = quoted.end()
                    if signs[at : at + 1] == "@":
                        at = self.bare(place, at)
            elif sign == "@":
                left = _LOCAL.match(signs[max(self.item.end, place - MAX_LOCAL - 2) : place][::-1])
                if left is not None:
                    at = self.bare(place - left.end(), place)
            elif sign in _BRACKETS:
                at = self.bracket(sign, place)
        self.finish(len(signs))
        return AddressList(
            mailboxes=tuple(self.people[:most]),
            groups=tuple(self.groups),
            notes=tuple(self.notes),
            unreadable=tuple(self.unreadable),
            is_complete=len(self.people) <= most,
        )

    def bare(self, start: int, at_sign: int) -> int:
        """Take the address round the `@` at `at_sign`, whose local part begins at `start`; gives where to read on."""
        signs = self.signs
        item = self.item
        domain = _DOMAIN.match(signs, at_sign + 1)
        if domain is None:
            return at_sign + 1
        end = domain.end()
        if signs[end : end + 1] == "@":  # several: none can be told (T16)
            run = _RUN.match(signs, end)
            end = run.end() if run is not None else end + 1
            self.lose(start, end)
            return end
        behind = _BEHIND.match(signs, end)
        end = end if behind is None else behind.end()
        if signs[start - 1 : start] == "\\":  # half of an address is another's
            self.lose(start, end)
            return end
        if signs[max(item.end, start - 7) : start].lower() == "mailto:":
            start -= 7
        elif signs[start - 1 : start + 2] == "://":
            return end  # `https://x.example/portrait@2x.png`
        email = _address(signs[start:end])
        if email is None or "." not in email[email.rindex("@") :]:
            # `Kim Roe/Sales/Acme@ACME, Jane Doe/Acme@ACME`: names of Notes, which hold no comma.
            item.is_whole = item.is_whole or (email is not None and "/" in email[: email.rindex("@")])
            return end
        name_end = start
        while name_end > item.start and signs[name_end - 1] in _AROUND:
            name_end -= 1
        if item.email is None:
            before = signs[item.start : name_end].rstrip()
            if before.endswith(","):  # `Doe, John, a@b`: nobody knows whose the name is
                self.notes.append((Code.WARN_ADDRESS_WORDS_BEHIND, item.start, name_end))
                self.finish(name_end)
                item = self.item = _Item(start)
            item.name_end = name_end
            item.is_bare = True
        elif email.lower() != item.email.lower():
            self.finish(item.end)
            item = self.item = _Item(start)  # what joins the two (`via`, `and`) is nobody's name
            item.is_bare = True
        item.email = item.email or email
        item.end = end
        return end

    def bracket(self, sign: str, place: int) -> int:
        """Take the address in the brackets that open at `place`; gives where to read on."""
        item = self.item
        found = _BRACKETS[sign].match(self.signs, place)
        if found is None:
            cut_off = _WHOLE.match(self.signs, place + 1) if sign == "<" else None
            if cut_off is None:
                return place + 1
            # The line ends within the address: what is left of it may be another's.
            self.lose(place, cut_off.end())
            item.cut = place if item.cut < 0 else item.cut
            return cut_off.end()
        email = _address(found[1])
        if found[2]:
            target = _address(found[2])
            # `kim@x<mailto:evil@y>`: shown is one, linked another (T59).
            email = target if email is None else email if target is None or target.lower() == email.lower() else None
        elif email is None:
            email = _address_twice(found[1])
        if sign == "(" and item.email is not None:
            item.comment = item.comment or self.text[place + 1 : found.end() - 1]
            return found.end()
        if email is None:
            if sign == "<":
                item.cut = place if item.cut < 0 else item.cut
                if not found[1].strip() and item.email is None:  # `Mei Lin <>`: a name without an address
                    self.finish(place)
                    self.item = _Item(found.end())
                elif item.email is None and _IN_ITS_PLACE.search(found[1]) is not None:
                    item.is_whole = True
                    if "@" in found[1]:
                        self.lose(place, found.end())
                return found.end()
            return place + 1
        if sign == "(" and (linked := _LINKED.match(self.signs, item.start, place)) is not None:
            item.start, name_end = linked.start(1), linked.end(1)  # `[Kim Roe](mailto:...)`: Markdown
        else:
            name_end = place
        # `kim@x [mailto:evil@y]` is how Outlook writes a name and its address; `<mailto:...>` is only ever a link.
        is_link = (
            found[1][:7].lower() == "mailto:" if sign == "<" else item.email == email and "mailto:" in found[0].lower()
        )
        if item.email is None or (item.is_bare and not is_link):
            # `kim@x <evil@y>`, `a@b <a@b>`: what stood bare was the name (R31); a link is the same address twice.
            item.name_end = name_end
            item.email = email
        elif email.lower() != item.email.lower():
            # Clients that wrap lose the comma: what stands between is the second's name.
            self.finish(item.end)
            item = self.item = _Item(item.end)
            item.name_end = place
            item.email = email
        item.is_bare = False
        item.end = found.end()
        return item.end

    def lose(self, start: int, end: int) -> None:
        self.unreadable.append((start, end))
        self.notes.append((Code.WARN_ADDRESS_UNREADABLE, start, end))

    def finish(self, end: int) -> None:
        """The item ends at `end`: a person, the name of a group, or nobody."""
        item = self.item
        if item.email is None and item.cut < 0 and self.quoted(item.start, end):
            return
        if item.email is None:
            item.name_end = end if item.cut < 0 else item.cut
        raw = self.text[item.start : item.name_end]
        stripped = self.signs[item.start : item.name_end].rstrip()
        if stripped.endswith(":") and (item.email is None or item.is_bare):
            self.groups.append(self.name(raw[: len(stripped) - 1]))
            if item.email is not None and ";" not in self.signs:  # a group has one behind it: a name, or a lost `;`
                self.notes.append((Code.WARN_ADDRESS_WORDS_BEHIND, item.start, item.name_end))
            raw = ""
        group = _GROUP.match(raw)
        # A quoted name after the colon makes a group too: a client lost the `;`.
        if (
            group is not None
            and item.email is not None
            and (self.ends_group(item.start, end) or stripped[group.end() :].lstrip()[:1] == '"')
        ):
            self.groups.append(self.name(group[1]))
            raw = raw[group.end() :]
        name = self.name(raw) or (self.name(item.comment) if item.is_bare else "")
        if item.email is None:
            if any(char.isalnum() for char in name):
                self.people.append(EmailAddress(name, None))
            return
        if "@" in name and name.lower() != item.email.lower() and HOLDS_ADDRESS.search(name):
            self.notes.append((Code.WARN_NAME_HOLDS_ADDRESS, item.start, item.name_end))
        if item.end < end and _SAYS_SOMETHING.search(_IN_BRACKETS.sub("", self.signs[item.end : end])):
            self.notes.append((Code.WARN_ADDRESS_WORDS_BEHIND, item.end, end))
        self.people.append(EmailAddress(name or None, item.email))

    def ends_group(self, start: int, end: int) -> bool:
        """Whether the `;` of a group (RFC 5322 section 3.4) stands behind its first member, at `start` to `end`.

        `Sales: Kim Roe <...>` alone, or in a list that is parted by `;`, is a name.
        """
        signs = self.signs
        if signs[start - 1 : start] == ";" and signs[start:end].lstrip()[:1] != ",":
            return False
        closed = signs.find(";", end)
        return closed >= 0 and (closed > end or signs[end + 1 : end + 9].lstrip()[:1] in ("", ","))

    def quoted(self, start: int, end: int) -> bool:
        """Take the one person who stands inside double quotes, address and all (`"kim@x"`), where nothing else does."""
        text = self.text[start:end].strip()
        if "@" not in text or _QUOTED.fullmatch(text) is None:
            return False
        found = _BlockReader(text[1:-1], self.limits).read().mailboxes
        if len(found) != 1 or found[0].email is None:
            return False
        self.people.append(found[0])
        return True

    def name(self, raw: str) -> str:
        """A name as a person reads it: one line, without marks of bold and quotes around it."""
        name = UNSHOWABLE.sub(" ", _INVISIBLE.sub("", raw)) if not raw.isascii() or not raw.isprintable() else raw
        if "[/" in name:
            name = _EXCHANGE.sub("", name)
        name = name.strip(_EDGES).rstrip("<[(").lstrip(">])").strip(_EDGES)
        if name[:1] == '"' and name.count('"') == 1:
            name = name[1:]  # the end of the quotes was lost
        if "\\" in name and name[:1] == '"':
            name = _ESCAPE.sub(r"\1", name)
        if "=?" in name:
            name = decode_header(name.encode("utf-8", "replace"), self.limits).text
        name = tidy_name(_DRAWN_BETWEEN.sub("", name))
        return name if name.strip(_AROUND) else ""


def _address(inside: str) -> str | None:
    """The address that stands alone between brackets, without scheme and folds; None where something else does."""
    if "@" not in inside and "%40" not in inside:
        return None
    if "[" in inside:
        inside = _FOOTNOTE.sub("", inside.strip())
    words = inside.split() if '"' not in inside else [inside.strip()]
    text = words[0]
    for word in words[1:]:  # a client wrapped the line inside the address: only at a dot, a hyphen or the `@`
        if text[-1] not in ".@-" and word[0] not in ".@":
            return None
        text += word
    for scheme in _SCHEMES:
        if text[: len(scheme)].lower() == scheme:
            text = unquote(text[len(scheme) :].partition("?")[0].lstrip("/"))
    if not text.isascii():
        text = SOFT_BREAK.sub("", text)
    text = _unquoted(text)
    return UNSHOWABLE.sub("\ufffd", text) if _WHOLE.fullmatch(text) and _MASKED.search(text) is None else None


def _unquoted(text: str) -> str:
    """An address without what stands around it: quotes, marks of bold, code and direction; nothing where it is cut off.

    Inside an address the same marks make it another (T24). In front, a sign that an address may begin with is taken off
    where it is closed behind, or where no mailbox begins so.
    """
    end = len(text)
    while end and not _is_of_address(text[end - 1]):
        end -= 1
    behind = text[end:]
    if ".." in behind or "…" in behind:
        return ""
    if behind[:1] == "]" and "@[" in text:
        end += 1
    start = 0
    while start < end and not _is_of_address(text[start]):
        char = text[start]
        is_closed = _CLOSING.get(char, char) in behind
        if char.isascii() and not is_closed and (char not in _FIRST_OF_NONE or char in text[start + 1 : end]):
            break
        start += 1
    return text[start:end]


def _is_of_address(char: str) -> bool:
    """Whether an address can begin or end with the character: letters and digits, and U+FFFD for what was one."""
    return (
        char.isalnum()
        or char == "\ufffd"
        or (not char.isascii() and unicodedata.category(char)[0] == "M" and _INVISIBLE.match(char) is None)
    )


def _address_twice(inside: str) -> str | None:
    """The address that programs which turn HTML into text write with its link behind it: `a@b (mailto:a@b)`,
    `a@b [a@b]`, `[a@b](mailto:a@b)`; None where the two are not the same (T59)."""
    found = _TWICE.fullmatch(inside.strip()) or _PARTED.fullmatch(inside.strip())
    if found is None:
        return None
    shown, target = _address(found[1]), _address(found[2])
    if "%3c" in found[2].lower():
        whole = _ANGLED.search(unquote(found[2]))  # `mailto:Kim%20Roe%20%3Ckim@x%3E`, as Evolution links a person
        target = None if whole is None else _address(whole[1])
    return shown if shown is not None and target is not None and shown.lower() == target.lower() else None


# --- two senders ------------------------------------------------------------------------------------------------

_GROUP: Final = re.compile(r'\s*+([^"<>@:,;]{1,200}):[\s\u00a0]')
"""`Project Board: Ngozi <...>, ...;`: the name of a group before its first member (T3)."""
_PROTECTED: Final = re.compile(r'"[^"]*+"|<[^<>]*+>|\[[^\[\]]*+\]')
_GLUED: Final = re.compile(r"(?<=\])(?=[^\W\d_])")
"""`[mailto:list@x.example]On Behalf Of Kim Roe`: Outlook 2003 and before leave no blank there."""


_DIRECTORY: Final = re.compile(r"[<\[]/o=[^<>\[\]]{1,400}+[>\]]\Z", re.IGNORECASE)
"""What an Exchange server knows a person by who has no address on the internet."""


class _Phrase(NamedTuple):
    """What stands between the two senders, and behind the second. after_address: words so common that they count
    right behind an address only."""

    between: str
    after: str
    after_address: bool


@cache
def _phrases() -> tuple[_Phrase, ...]:
    data = read_json("on_behalf.json")
    found = []
    for phrase in data["phrases"]:
        between, _, after = phrase["text"].removeprefix("{sender}").partition("{author}")
        found.append(_Phrase(between, after, phrase.get("after_address", False)))
    return tuple(found)


def split_on_behalf(text: str) -> tuple[str, str] | None:
    """The two senders of one From value, (who sent, for whom), where a client wrote both; None for a single sender.

    The second is the author (R31). The words count outside quotes and brackets, and only where the first sender has an
    address of his own, on the internet or in Exchange's directory, or neither has one: `DocuSign on behalf of Kim
    <sign@x.example>` is one mailbox and its name.
    """
    usual = _USUAL.match(text)
    if usual is not None and usual.end() == len(text):
        return None  # one address, and nothing behind it
    flat = _GLUED.sub(" ", " ".join(text.split()))  # NBSP too
    lower = flat.lower()
    if len(lower) != len(flat):  # U+0130 becomes two characters
        lower = "".join(char.lower() if len(char.lower()) == 1 else char for char in flat)
    best: tuple[int, int, int] | None = None
    protected: list[tuple[int, int]] | None = None
    for between, after, after_address in _phrases():
        at = lower.find(between)
        if at < 0 or not lower.endswith(after):
            continue
        if protected is None:
            protected = [found.span() for found in _PROTECTED.finditer(flat)]
        for start, end in protected:
            while 0 <= at < end and start < at + len(between):
                at = lower.find(between, max(at + 1, end - 1))
        if after_address and (at < 0 or not _ends_with_address(flat[max(0, at - _MAX_USUAL) : at])):
            continue
        if 0 < at < len(flat) - len(between) - len(after) and (best is None or at < best[0]):
            best = (at, at + len(between), len(flat) - len(after))
    if best is None:
        return None
    sender, author = flat[: best[0]].strip(), flat[best[1] : best[2]].strip()
    if not sender or not author:
        return None
    has_address = [_has_address(side) for side in (sender, author)]
    return (sender, author) if has_address[0] or not has_address[1] else None


def _has_address(text: str) -> bool:
    return _DIRECTORY.search(text) is not None or any(one.email is not None for one in parse_block_list(text).mailboxes)


def _ends_with_address(text: str) -> bool:
    """Whether a sender's text ends with his address."""
    last = text.rpartition(" ")[2]
    return ("@" in last or last.endswith((">", "]", ")"))) and _has_address(text)
