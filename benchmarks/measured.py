"""What was measured, set into a page of the docs."""

from pathlib import Path


def put(page: Path, name: str, text: str) -> None:
    """Print a part, and set it into the page between `<!-- measured: NAME -->` and its end."""
    print(text)
    before, mark, rest = page.read_text("utf-8").partition(f"<!-- measured: {name} -->\n")
    _, end, after = rest.partition(f"<!-- measured: end of {name} -->")
    if not (mark and end):
        raise SystemExit(f"{page.name} has no marks for {name!r}")
    page.write_text(f"{before}{mark}\n{text}\n\n{end}{after}", "utf-8")
