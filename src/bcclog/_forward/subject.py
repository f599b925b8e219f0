"""Subjects: what a client puts before one when it forwards or replies, and the subject without it (R7, R29)."""

import re

from bcclog._catalogue.catalogue import Catalogue
from bcclog._catalogue.fold import flatten, fold, fold_prefix

_COUNTER = re.compile(r"\s*[\[(]\d{1,4}[\])]$|\s*\^\d{1,4}$|(?<=[a-z])\d{1,2}$")
_COLON = re.compile("[:：፦׃]")
"""The last two are Amharic's and Hebrew's, as Balsa writes them there."""
_LONGEST = 40
_MOST = 20
_TAG = re.compile(
    r"\s*(?:\[[^\[\]:@]{1,60}\]|(\*{2,5})[^*:@]{1,60}\1|\{[^{}:@]{1,60}\}|<[^<>:@]{1,60}>"
    r"|\[([^\[\]:@]{1,20}):[^\[\]@]{1,40}\]|\(([^():@]{1,20})\)|[\u2190-\u2bff\ufe0f\U0001f000-\U0001faff]{1,8})"
    r"\s*(?:[:|]|[-–]\s)?\s*"
)
"""What lists and gateways put in front: `[team]`, `[EXTERNAL]:`, `***SPAM***`, `[Caution: External] -`, `(EXT)`, signs.
The words before a colon and in round brackets are those of gateways alone."""
_MOST_TAGS = 4
_BRACKETED = re.compile(r"\[[^\[\]:@]{1,20}\]\s*(?=\S)")


def prefixes(subject: str, known: Catalogue, most: int = _MOST) -> tuple[list[str], str]:
    """The known prefixes in front (`fwd`, `re`, ...), outermost first, `most` of them, and what is left. List tags
    (`[team]`) and those of gateways (`EXTERNAL:`) between them are passed over; a number of replies (`Re[2]:`) is no
    part of a prefix."""
    found: list[str] = []
    rest = subject.strip()
    for _ in range(_MOST):
        if len(found) == most:
            break
        begins_plainly = rest[:1].isalpha()  # as nearly every subject does: neither tag nor bracket
        bare = rest if begins_plainly else _untagged(rest, known)
        bracketed = None if begins_plainly else _bracketed(bare, known)
        if bracketed is not None:
            found.append(fold_prefix(bracketed[0]))
            rest = bare[bracketed.end() :]
            continue
        colon = _COLON.search(bare, 0, _LONGEST)
        if colon is None:
            break
        prefix = fold_prefix(bare[: colon.start()])
        if not prefix.isalpha():
            prefix = _COUNTER.sub("", prefix)
        if prefix in known.gateway_tags:
            rest = bare[colon.end() :].strip()
            continue
        if not (
            prefix in known.forward_prefixes or prefix in known.reply_prefixes or prefix in known.ambiguous_prefixes
        ):
            break
        found.append(prefix)
        rest = bare[colon.end() :].strip()
    return found, rest


def _untagged(subject: str, known: Catalogue) -> str:
    """The subject without the tags of lists and gateways in front."""
    for _ in range(_MOST_TAGS):
        tag = _TAG.match(subject)
        if tag is None or tag.end() == len(subject) or _bracketed(subject, known) is not None:
            break
        word = tag[2] or tag[3]
        if word and fold_prefix(word) not in known.gateway_tags:
            break
        subject = subject[tag.end() :]
    return subject


def _bracketed(subject: str, known: Catalogue) -> re.Match[str] | None:
    """A prefix in brackets in front (`[FWD] Offer`, EGroupware)."""
    found = _BRACKETED.match(subject)
    return found if found is not None and fold_prefix(found[0]) in known.forward_prefixes else None


def is_forward_subject(subject: str, known: Catalogue, rows: int = 0) -> bool:
    """Whether the outermost prefix is that of a forward (`Fwd:`, `WG:`, `[Fwd: x]`, `x (fwd)`, Mutt's `[addr: x]`).

    rows: the catalogue's rows that fit the block; they say whether `VS:` is a forward's (Danish) or a reply's.
    """
    text = subject.strip()
    if text[:1] == "[" and text[-1:] == "]":
        head = text[1:].partition(":")[0]
        if ("@" in head and " " not in head) or fold_prefix(head) in known.forward_prefixes:
            return True
    found, _ = prefixes(text, known, most=1)
    if found:
        return _is_forward(found[0], known, rows)
    return text[-5:].lower() == "(fwd)"


def has_unclear_prefix(subject: str, known: Catalogue) -> bool:
    """Whether the outermost prefix is a forward's in some languages alone (`VS:` is Finnish for `Re:`)."""
    found, _ = prefixes(subject, known, most=1)
    return bool(found) and found[0] in known.ambiguous_prefixes


def is_reply_subject(subject: str, known: Catalogue, rows: int = 0, *, answers: bool = False) -> bool:
    """Whether the outermost prefix is that of a reply (`Re:`, `AW:`, `回复：`); `rows` as above. answers: the mail says
    that it answers another, so what can be a reply's is one's."""
    found, _ = prefixes(subject, known, most=1)
    if not found:
        return False
    forward, reply = known.ambiguous_prefixes.get(found[0], (0, 0))
    return found[0] in known.reply_prefixes or bool(rows & reply and (answers or not rows & forward))


def forwarded_subject(subject: str, known: Catalogue, rows: int = 0) -> tuple[str | None, str | None]:
    """The original's subject as that of its forward has it, less the forward's one prefix, the original's own kept; and
    the author's address, which Balsa writes behind it. rows: as above.

    None for a subject that nothing calls a forward's, which can be anything, and for what stands where there is none.
    """
    text = subject.strip()
    found, rest = prefixes(text, known, most=1)
    if not (is_forward_subject(text, known, rows) or (found and found[0] in known.ambiguous_prefixes)):
        return None, None
    email = None
    if not found:
        rest = _unframed(text)
    plain, folded = flatten(rest)
    for template in known.subject_templates:
        filled = template.match(plain, folded) if template.rows & rows else None
        written = "" if filled is None else filled.values.get("email", "@")
        if filled is not None and "@" in written and " " not in written:
            rest, email = filled.values["subject"], filled.values.get("email")
            break
    rest = rest.strip()
    return (None if fold(rest) in known.no_subject else rest or None), email


def is_between_lost(outer: str, inner: str, known: Catalogue, rows: int = 0) -> bool:
    """Whether the subject of a forward says that what is inside was forwarded at least twice more than its own subject
    does: a message between the two was lost. rows: as above."""
    if outer.count(":") + outer.count("：") < 2:
        return False
    above, words = prefixes(outer, known)
    below, same = prefixes(inner, known)
    forwards = [sum(_is_forward(prefix, known, rows) for prefix in found) for found in (above, below)]
    return forwards[0] - forwards[1] > 1 and words.casefold() == same.casefold()


def _is_forward(prefix: str, known: Catalogue, rows: int) -> bool:
    """Whether a known prefix is that of a forward, be it in the language of these rows alone."""
    forward, reply = known.ambiguous_prefixes.get(prefix, (0, 0))
    return prefix in known.forward_prefixes or bool(rows & forward and not rows & reply)


def base_subject(subject: str, known: Catalogue) -> str:
    """The subject without any prefix, for comparing what came by different routes (R29)."""
    text = subject.strip()
    if text[:1] == "[" and text[-1:] == "]" and is_forward_subject(text, known):
        text = _unframed(text)
    if text[-5:].lower() == "(fwd)":
        text = _unframed(text)
    return prefixes(text, known)[1]


def _unframed(subject: str) -> str:
    """What is inside `Offer (fwd)`, or inside `[Fwd: Offer]`."""
    inside = subject[:-5] if subject[-5:].lower() == "(fwd)" else subject[1:-1].partition(":")[2]
    return inside.strip()
