"""The words of a `Notice`: what a sender is told of a mail not logged, or of an attachment left out (R12, R18).

The texts are data, `data/notices.json`, by language and by code or the start of a code. A notice quotes nothing of the
mail, is marked as automatic, and bears bcclog's own mark, by which one that comes back is known as a loop (T50).
"""

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import Any, Final

from attrs import field, frozen

from bcclog._files import read_json
from bcclog.codes import Code, Severity
from bcclog.model import Notice

DEFAULT_LANGUAGE: Final = "en"
"""The language of a notice where the one asked for has no texts."""

_KINDS: Final = MappingProxyType({Code.NOTICE_REFUSED: "refused", Code.NOTICE_ATTACHMENT_DROPPED: "attachment"})
_HEADERS: Final = MappingProxyType(
    {
        "Auto-Submitted": "auto-replied",  # RFC 3834
        "X-Auto-Response-Suppress": "All",  # Exchange answers nothing that bears it
        "X-Bcclog-Notice": "1",
    }
)


def _frozen(headers: Mapping[str, str]) -> Mapping[str, str]:
    return MappingProxyType(dict(headers))


@frozen(kw_only=True)
class Rendered:
    """A notice in words.

    to: the one address that it may be sent to. language: the language it is in (BCP 47), which may be the default.
    subject: one line. text: the body, LF line ends. headers: fields to be sent besides From, To, Subject and Date; send
    it with the empty envelope sender (`<>`), so that no bounce comes back.
    """

    to: str
    language: str
    subject: str
    text: str
    headers: Mapping[str, str] = field(converter=_frozen)


def languages() -> tuple[str, ...]:
    """The languages that have texts, as BCP 47 tags in order."""
    return tuple(_texts())


def kind_of(about: Code) -> Code | None:
    """The code of a notice about a refusal or a dropped attachment; None for a code that no sender is told about."""
    if about.severity is Severity.REFUSE:
        return Code.NOTICE_REFUSED
    return Code.NOTICE_ATTACHMENT_DROPPED if about is Code.ATTACHMENT_DROP_SIZE else None


def render(notice: Notice, language: str = DEFAULT_LANGUAGE) -> Rendered:
    """Put a notice into words.

    language: a BCP 47 tag such as `de` or `pt-BR`; where it has no texts its first subtag's are taken, and English
    where that has none either. Nothing of the mail is in the result but the address `notice.to`. Rules R12, R18, T50.
    `TypeError` for a wrong type from the caller.
    """
    if not isinstance(notice, Notice):
        raise TypeError(f"notice is one of plan.notices, not {type(notice).__name__}")
    if not isinstance(language, str):
        raise TypeError(f"language is a tag such as 'de', not {type(language).__name__}")
    tag, words = _choose(language)
    kind = words[_KINDS[notice.code]]
    told = _reason(words["reasons"], notice.about)
    paragraphs = (
        kind["intro"],
        f"{told['reason']}\n{told['action']}",
        f"{words['code']}: {notice.about.value}\n{words['closing']}\n",
    )
    text = "\n\n".join(paragraphs)
    return Rendered(
        to=notice.to, language=tag, subject=kind["subject"], text=text, headers={**_HEADERS, "Content-Language": tag}
    )


def _choose(language: str) -> tuple[str, Mapping[str, Any]]:
    texts = _texts()
    wanted = language.replace("_", "-").lower()
    for tag, words in texts.items():
        if tag.lower() == wanted:
            return tag, words
    first = wanted.partition("-")[0]
    tag = first if first in texts else DEFAULT_LANGUAGE
    return tag, texts[tag]


def _reason(reasons: Mapping[str, Mapping[str, str]], about: Code) -> Mapping[str, str]:
    """The words for a code, or for the longest start of it that has words; at last those for any refusal."""
    name = about.value
    while name:
        if name in reasons:
            return reasons[name]
        name = name.rpartition(".")[0]
    return reasons["refuse"]


@cache
def _texts() -> Mapping[str, Mapping[str, Any]]:
    """The texts that ship with the package; read on first use, then kept (one value, never changed)."""
    data = read_json("notices.json")
    return MappingProxyType({tag: data["languages"][tag] for tag in sorted(data["languages"])})
