"""What must hold of the results for any mail: shared by the property tests and the fuzzer (P12, P5, P7).

Each function raises `AssertionError` with what it found.
"""

import re

from bcclog import Attribution, Code, Forward, Plan, rebuild
from bcclog._people.normal import normalize
from bcclog.forward import Unwrapped
from bcclog.model import to_json

# C0 and C1 controls, line and paragraph separators, direction marks, lone surrogates.
UNCLEAN = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
MANY_LINES = {"text", "html", "comment"}


def unclean(data: object, path: str = "") -> list[tuple[str, str]]:
    """The one-line texts with a character that does not belong in one."""
    if isinstance(data, dict):
        return [bad for key, value in data.items() if key not in MANY_LINES for bad in unclean(value, f"{path}.{key}")]
    if isinstance(data, list):
        return [bad for value in data for bad in unclean(value, path)]
    return [(path, data)] if isinstance(data, str) and UNCLEAN.search(data) else []


TAG = re.compile(r"</?([a-z0-9]+)([^<>]*)>|<")
TAGS = {
    "a", "b", "bdi", "body", "code", "dd", "div", "dl", "dt", "h1", "h2", "h3", "head", "header", "html", "li", "main",
    "mark", "meta", "ol", "p", "pre", "span", "style", "title", "ul",
}  # fmt: skip
ATTRIBUTES = {
    "lang": r"en", "charset": r"utf-8", "name": r"viewport|referrer", "dir": r"auto|ltr", "id": r"[edw]\d+", "href": r"#[edw]\d+",
    "class": r"good|bad|wrap|wrap beside|mail|lead|soft|role|row|row marked|row bare|line|box|box facts|box fields|done|change|number|"
    r"verb (?:credit|create|link|skip|keep|inline|drop|notify)", "role": "region", "tabindex": "0",
    "aria-label": r"The mail|(?:decision|oddity) \d+", "http-equiv": r"Content-Security-Policy",
    "content": r"no-referrer|width=device-width, initial-scale=1|default-src 'none'; style-src 'unsafe-inline'; "
    r"base-uri 'none'; form-action 'none'",
}  # fmt: skip
"""What the explain page is made of, and nothing else is ever in it."""
_ATTRIBUTE = re.compile(" (?:" + "|".join(f'{name}="(?:{value})"' for name, value in ATTRIBUTES.items()) + ")")


def check_page(page: str) -> None:
    """The explain page holds the tags and attributes of its template and no others (T83)."""
    body = page[page.index("<body>") :]
    for found in TAG.finditer(body):
        assert found[1] in TAGS, found[0]
        assert not _ATTRIBUTE.sub("", found[2]), found[0]


def check_plan(found: Plan) -> dict[str, object]:
    """What any plan is: clean, no fault of the library, texts that can be written, file names that are no paths. Gives
    its data."""
    data = found.to_dict()
    assert not unclean(data), unclean(data)
    assert found.code is not Code.REFUSE_INTERNAL
    told = to_json(data)
    assert "<" not in told
    assert told.isascii()
    if found.body is not None:
        for text in (found.body.text, found.body.html):
            assert text is None or (text.encode() is not None and "\0" not in text)
    for file in found.attachments:
        assert file.safe_name not in ("", ".", "..")
        assert "/" not in file.safe_name
        assert "\\" not in file.safe_name
        assert len(file.safe_name.encode()) <= 255
    return data


def check_unwrapped(found: Unwrapped, *, ask_all: bool = True) -> None:
    """What any unwrapped forward is, and what can be asked of it. ask_all: the author's reply and the original as a
    message too, which cost as much again."""
    data = found.to_dict()
    assert not unclean(data), unclean(data)
    if isinstance(found, Forward) and ask_all:
        rebuild(found)
        assert found.original.reply is not None


def check_credit(attribution: Attribution, sender: str | None, user: str) -> None:
    """Only the outer From is ever credited (P5, R26)."""
    assert attribution.user is None or (sender is not None and normalize(sender) == user), (attribution, sender)


def naming(data: object, domain: str, path: str = "") -> list[str]:
    """Where a plan's data shows an address of a domain, or below it, outside the subject and the files' names, which
    are not about a person. A domain that only begins or ends alike is another one (T40)."""
    if isinstance(data, dict):
        return [
            at
            for key, value in data.items()
            if key not in ("subject", "attachments")
            for at in naming(value, domain, f"{path}.{key}")
        ]
    if isinstance(data, list):
        return [at for value in data for at in naming(value, domain, path)]
    # What follows must not be more of a domain.
    shown = rf"@(?:[\w-]+\.)*{re.escape(domain)}(?![\w-]|\.\w)"
    return [path] if isinstance(data, str) and re.search(shown, data.lower()) else []
