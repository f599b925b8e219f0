"""Sphinx: sphinx-build -W -b html docs docs/_build. Docstrings are plain text; here they become reStructuredText."""

import re
from pathlib import Path

import bcclog
from bcclog import config, explain

project = "bcclog"
author = "The bcclog authors"
version = release = bcclog.__version__
extensions = ["myst_parser", "sphinx.ext.autodoc"]
html_theme = "furo"
exclude_patterns = ["_build"]
myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3
autodoc_member_order = "bysource"
autodoc_typehints_format = "short"

_CODE = re.compile(r"`+([^`]+)`+")
_MARKUP = re.compile(r"([\\*_|])")
_NEW = re.compile(r"(?:Returns|Rules?|`TypeError`) |[a-z_]+(?:, [a-z_]+)*: ")
_DEFAULTS = (
    (re.compile(r"= Policy\(name='(\w+)'.*?notify_refused=True\)"), r"= \1"),
    (re.compile(r"= Limits\([^()]*\)"), "= Limits()"),
    (re.compile(r"= ?NOTHING"), "= ..."),
    (re.compile(r"<(\w+\.\w+): [^<>]*>"), r"\1"),
)


def _as_rst(_app: object, _what: str, _name: str, _object: object, _options: object, lines: list[str]) -> None:
    """Nothing in a docstring is markup but what is in backticks; what is said of an argument begins a paragraph."""
    shown: list[str] = []
    for line in lines:
        if _NEW.match(line):
            shown.append("")
        pieces = _CODE.split(line)
        shown.append(
            "".join(
                f"``{piece}``" if number % 2 else _MARKUP.sub(r"\\\1", piece) for number, piece in enumerate(pieces)
            )
        )
    lines[:] = shown


def _short(
    _app: object, _what: str, _name: str, _object: object, _options: object, signature: str | None, returns: str | None
) -> tuple[str | None, str | None]:
    """Defaults by their names, where their values are long."""
    for pattern, short in _DEFAULTS if signature else ():
        signature = pattern.sub(short, signature or "")
    return signature, returns


def _write_explanation(app: object, error: Exception | None) -> None:
    """The explanation of one mail of the corpus, as the how-to links to it."""
    root = Path(__file__).parent.parent
    raw = (root / "fixtures" / "forward" / "thunderbird" / "ar" / "html-arabic-rtl.eml").read_bytes()
    account, directory = config.load(root / "docs" / "account.example.toml")
    reading = bcclog.read(raw, account=account, recipient="log@in.crm.example")
    page = explain.to_html(raw, bcclog.decide(reading, directory=directory), reading, directory=directory)
    if error is None:
        (Path(app.outdir) / "explanation.html").write_text(page, "utf-8")  # type: ignore[attr-defined]


def setup(app: object) -> None:
    app.connect("build-finished", _write_explanation)  # type: ignore[attr-defined]
    app.connect("autodoc-process-docstring", _as_rst)  # type: ignore[attr-defined]
    app.connect("autodoc-process-signature", _short)  # type: ignore[attr-defined]
