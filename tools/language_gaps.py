"""Print which of the usual clients lack a row for which of the most used languages: python tools/language_gaps.py.

A row in any region counts for its language (`pt-BR` for `pt`). Clients that write one language whatever the user's are
held to that one. What is printed is a gap of the catalogue, not proof that the client ships the language.
"""

import json
from pathlib import Path

CLIENTS = Path(__file__).parent.parent / "src" / "bcclog" / "data" / "clients"
LANGUAGES = (
    "en", "de", "fr", "es", "it", "pt", "nl", "pl", "ru", "ja", "zh-Hans", "zh-Hant", "ko", "sv", "da", "nb", "fi", "cs",
    "hu", "tr", "ro", "el", "uk", "ar", "he",
)  # fmt: skip
OTHER_TAGS = {
    "zh-Hans": ("zh-Hans", "zh-CN", "zh-SG"),
    "zh-Hant": ("zh-Hant", "zh-TW", "zh-HK"),
    "nb": ("nb", "no"),
    "he": ("he", "iw"),
}
"""Tags that clients' own files use for a language; elsewhere it is the tag's first part."""

ONE_LANGUAGE = {
    "aerc": "en", "airmail": "en", "alpine": "en", "emacs-message": "en", "eudora": "en", "front": "en",
    "mailmate": "en", "missive": "en", "spark": "en", "sylpheed": "en",
    "gmx-webde": "de", "mail-ru": "ru", "yandex": "ru", "naver": "ko", "foxmail": "zh-Hans", "netease": "zh-Hans",
    "qq": "zh-Hans",
}  # fmt: skip
"""Clients whose forward is in one language, or that have users in one."""

EVERY_LANGUAGE = (
    "gmail-web", "outlook-desktop", "outlook-web", "outlook-ios", "outlook-mac-new", "windows-live-mail",
    "apple-mail-macos", "apple-mail-ios", "yahoo-web", "aol", "samsung-email", "aosp-email", "android-unified-email",
    "thunderbird", "k9-mail", "roundcube", "zimbra", "sogo", "horde-imp", "open-xchange", "ionos", "protonmail-web",
    "tuta", "zoho", "lotus-notes", "groupwise", "hubspot", "em-client", "the-bat", "fairemail", "evolution", "kmail",
    "claws-mail", "geary", "mutt", "neomutt",
)  # fmt: skip


def gaps() -> dict[str, tuple[str, ...]]:
    """Client -> the languages it has no row for, in the order of LANGUAGES."""
    wanted = dict.fromkeys(EVERY_LANGUAGE, LANGUAGES)
    wanted |= {client: (language,) for client, language in ONE_LANGUAGE.items()}
    found = {}
    for client, languages in wanted.items():
        rows = json.loads((CLIENTS / f"{client}.json").read_text("utf-8"))["locales"]
        found[client] = tuple(language for language in languages if not has(language, rows))
    return found


def has(language: str, rows: dict[str, object]) -> bool:
    tags = OTHER_TAGS.get(language, (language,))
    return any(row == tag or row.startswith(f"{tag}-") for row in rows for tag in tags)


if __name__ == "__main__":
    missing = gaps()
    for client, languages in missing.items():
        print(f"{client}: {' '.join(languages) or 'all there'}")
    print(f"{sum(map(len, missing.values()))} gaps of {len(missing)} clients")
