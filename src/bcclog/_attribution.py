"""Attribution lines (`On 3 March 2026, Kim <kim@x.example> wrote:`): above a reply's history, and in place of a block.

Each is a template of the catalogue, matched by its literal pieces; a line is joined with those below it as far as
clients wrap one.
"""

from collections.abc import Sequence

from bcclog._data import Catalogue, fold
from bcclog._lines import Line

MAX_LINES = 3
"""An attribution is wrapped over at most so many lines."""


def find_attribution(lines: Sequence[Line], known: Catalogue, start: int = 0, end: int | None = None) -> int | None:
    """The first line in `lines[start:end]` where a reply attribution of the catalogue stands, None without one."""
    for number in range(start, len(lines) if end is None else end):
        if attribution_at(lines, number, known) is not None:
            return number
    return None


def attribution_at(
    lines: Sequence[Line], number: int, known: Catalogue, *, forwards: bool = False
) -> tuple[dict[str, str], int, int] | None:
    """The slots of the attribution that starts on line `number`, its rows, and its last line; None without one.

    forwards: match the lines that some clients write in place of a forward's block, and not those of replies.
    """
    templates = known.attributions if forwards else known.reply_attributions
    tails = known.attribution_ends if forwards else known.reply_ends
    joined = ""
    for last in range(number, min(number + MAX_LINES, len(lines))):
        text = lines[last].text.strip()
        if not text or len(text) > 500 or lines[last].depth != lines[number].depth:
            return None
        joined = f"{joined} {text}" if joined else text
        if joined[-1] not in ":：." and "@" not in joined and joined[-1] not in "|>":
            continue
        plain = " ".join(joined.split())
        folded = fold(plain)
        if len(folded) != len(plain) or not (folded.endswith(tails) or "@" in plain):
            continue
        for template in templates:
            values = template.match(plain, folded)
            if values is not None and _is_attribution(values):
                return values, template.rows, last
    return None


def _is_attribution(values: dict[str, str]) -> bool:
    """A template of few letters matches much; its slots must hold what they say."""
    email = values.get("email") or values.get("from") or values.get("name") or ""
    date = values.get("date") or values.get("time")
    return bool(email) and (date is None or any(c.isdigit() for c in date)) and len(email) < 200
