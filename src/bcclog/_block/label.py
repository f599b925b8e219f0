"""The label at the start of a line of a block, or inside one: which fields it can be, and which rows write it so."""

import re

from bcclog._block.block import Label, Labels
from bcclog._catalogue.catalogue import Catalogue
from bcclog._catalogue.fields import CORE
from bcclog._catalogue.fold import COLONS, fold_label

COLON = re.compile(f"[{COLONS}]")
_RAW_NAME = re.compile(r"[A-Za-z][A-Za-z0-9]{0,30}(?:-[A-Za-z0-9]{1,30}){1,6}\Z")
_BOLD = re.compile(r"([*_]{1,3})([^*_\s][^*_]{0,80})\1")
RAW_WORDS = frozenset(
    (
        "received",
        "sender",
        "lines",
        "status",
        "organization",
        "importance",
        "priority",
        "keywords",
        "comments",
        "precedence",
    )
)


def fields_of(head: str, catalogue: Catalogue) -> Labels | None:
    """What a label can mean; most are written as the catalogue has them, and need no folding."""
    return catalogue.labels.get(head.lower()) or catalogue.labels.get(fold_label(head))


def begins_like_field(line: str, catalogue: Catalogue) -> bool:
    """Whether a line begins with the label of a field by which blocks are told."""
    colon = COLON.search(line, 0, catalogue.max_label_chars + 12)
    options = None if colon is None else fields_of(line[: colon.start()], catalogue)
    return options is not None and any(name in CORE for name, _ in options)


def names_of(options: Labels, alive: int) -> set[str]:
    """What a label can be: by the rows that are alive, or by all where it is of none of those."""
    if len(options) == 1:
        return {options[0][0]}
    return {name for name, bits in options if bits & alive} or {name for name, _ in options}


def label_of(text: str, catalogue: Catalogue, separator_rows: int) -> Label | None:
    """The label at the start of a line: its possible fields with their rows, the value, the label; None without one.

    separator_rows: the rows that write the separator above; what only some of them write in place of a colon counts.
    """
    longest = catalogue.max_label_chars + 12
    found = None
    colon = COLON.search(text, 0, longest)
    if colon is not None:
        head = text[: colon.start()]
        folded = head.lower()
        options = catalogue.labels.get(folded)
        if options is None:
            folded = fold_label(head)
            options = catalogue.labels.get(folded)
        if folded in catalogue.parted_labels:
            # A translator's colon inside the label makes two (`Responder-a::`): the longer label wins.
            further = COLON.search(text, colon.end(), longest)
            longer = None if further is None else catalogue.labels.get(fold_label(text[: further.start()]))
            if further is not None and longer is not None:
                colon, head, options = further, text[: further.start()], longer
        if separator_rows & catalogue.sharing:
            options = catalogue.shared_labels.get(folded, options)
        if options is not None:
            found = options, _unmarked(text[colon.end() :].lstrip(COLONS), head), head
    if found is not None or not separator_rows:
        return found
    bold = _BOLD.match(text)
    text = text if bold is None else bold[2] + text[bold.end() :]
    for head, name, rows in catalogue.odd_labels.get(text[:1], ()):
        if rows & separator_rows and text.startswith(head):
            return ((name, rows),), text[len(head) :].strip(), head
    if separator_rows & catalogue.bare:
        words = text.replace("\u00a0", " ").split(" ")
        for used in range(1, min(4, len(words))):
            head = " ".join(words[:used])
            options = catalogue.bare_labels.get(fold_label(head))
            if options is not None:
                return options, " ".join(words[used:]).strip(), head
    return None


def _unmarked(value: str, head: str) -> str:
    """A value without the marks of bold or italics that its label opened (`*Subject: **Offer*`, `_From:_ Kim`)."""
    mark = head[:1]
    if mark not in "*_" or not mark or head[1:2] == " " or head[-1:] == mark:
        return value.strip(" \t\u00a0")
    value = value.strip(" \t\u00a0")
    size = len(head) - len(head.lstrip(mark))
    if value[:size] != mark * size:  # the whole line is marked
        return value[:-size] if value[-size:] == mark * size else value
    value = value[size:].strip(" \t\u00a0")
    if value[:size] == mark * size == value[-size:] and len(value) > 2 * size:
        value = value[size:-size].strip(" \t\u00a0")
    return value


def run_in(text: str, catalogue: Catalogue, alive: int, seen: set[str]) -> tuple[str, Labels, str, str] | None:
    """A label inside a continuation line, as Claws writes it when it wraps the block like a paragraph:
    `<gergo@x.example> Cc: Jane <...>`. Gives what stands before it, its fields, what follows it, and the label."""
    longest = catalogue.max_label_chars + 12
    colon = COLON.search(text)
    while colon is not None:
        # A label is short: looking further back for the bracket would be quadratic in a line of colons (P2).
        bracket = text.rfind(">", max(0, colon.start() - longest), colon.start())
        head = text[bracket + 1 : colon.start()].strip() if bracket >= 0 else ""
        options = fields_of(head, catalogue) if head else None
        if options is not None and any(bits & alive and name not in seen for name, bits in options):
            return text[: bracket + 1].strip(), options, text[colon.end() :].strip(), head
        colon = COLON.search(text, colon.end())
    return None


def raw_field(text: str) -> tuple[str, str] | None:
    """A raw header field among the labels (`Received:`), as Mutt and Thunderbird write them with all headers."""
    head, colon, value = text.partition(":")
    if not colon or len(head) > 60 or not (_RAW_NAME.match(head) or head.lower() in RAW_WORDS):
        return None
    return head, value.strip()
