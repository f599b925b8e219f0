"""The examples of README run as they stand, and printed pages are what the code says."""

import contextlib
import importlib.util
import io
import os
import re
from pathlib import Path

ROOT = Path(__file__).parent.parent


def test_the_examples_of_readme_print_what_they_say() -> None:
    text = (ROOT / "README.md").read_text("utf-8")
    blocks = re.findall(r"```python\n(.*?)```\s*```text\n(.*?)```", text, re.DOTALL)
    assert blocks
    for source, expected in blocks:
        out = io.StringIO()
        before = Path.cwd()
        os.chdir(ROOT)
        try:
            with contextlib.redirect_stdout(out):
                exec(compile(source, "README.md", "exec"), {})
        finally:
            os.chdir(before)
        assert out.getvalue() == expected


def test_printed_pages_are_up_to_date() -> None:
    spec = importlib.util.spec_from_file_location("make_docs", ROOT / "tools" / "make_docs.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    for name, page in module.PAGES.items():
        assert (ROOT / "docs" / name).read_text("utf-8") == page(), f"run: python tools/make_docs.py ({name})"
