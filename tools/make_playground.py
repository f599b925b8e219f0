"""Build the playground, a folder that any static server can serve: the page, Pyodide, the real wheel, and examples.

    npm install --no-save pyodide
    python tools/make_playground.py --pyodide node_modules/pyodide --out docs/_build/playground

The wheel of bcclog is built from the source beside this file; its requirements are taken from the package index as pure
Python wheels. Pyodide's Python must be one that bcclog supports, which is checked.
"""

import argparse
import json
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).parent.parent
SOURCE = ROOT / "docs" / "playground"
PAGE = ("index.html", "playground.css", "playground.mjs", "playground.py")
PYODIDE = ("pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", "pyodide-lock.json", "python_stdlib.zip")
EXAMPLES = (
    ("A forward, logged", "forward/thunderbird/it/html-comma-name.eml", "log@in.crm.example"),
    ("In Arabic", "forward/thunderbird/ar/html-arabic-rtl.eml", "log@in.crm.example"),
    ("A forward of a forward", "chain/thunderbird/bg/html-plain-short-twice.eml", "log@in.crm.example"),
    ("A copy in Bcc", "bcc/any/und/existing-contact.eml", "bcc@in.crm.example"),
    ("Somebody on Never Log", "never-log/any/und/at-domain.eml", "bcc@in.crm.example"),
)
"""Title, mail of the corpus, envelope recipient."""


def pip(*arguments: str) -> None:
    subprocess.run([sys.executable, "-m", "pip", "--quiet", *arguments], check=True)


def check_python(version: str, wanted: str) -> None:
    """Stop where Pyodide's Python is older than `requires-python` (such as `>=3.11`) asks for."""
    least = wanted.removeprefix(">=")
    if [int(part) for part in version.split(".")] < [int(part) for part in least.split(".")]:
        raise SystemExit(f"Pyodide has Python {version}, bcclog needs {wanted}: take a newer pyodide")


def main() -> None:
    parser = argparse.ArgumentParser(description="Build the playground.")
    parser.add_argument("--pyodide", type=Path, required=True, help="the npm package, unpacked")
    parser.add_argument("--out", type=Path, required=True, help="the folder to write; what is there is replaced")
    given = parser.parse_args()
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    python = json.loads((given.pyodide / "pyodide-lock.json").read_text("utf-8"))["info"]["python"]
    check_python(python, project["requires-python"])

    shutil.rmtree(given.out, ignore_errors=True)
    for folder in ("pyodide", "wheels", "examples"):
        (given.out / folder).mkdir(parents=True)
    for name in PAGE:
        shutil.copy(SOURCE / name, given.out / name)
    for name in PYODIDE:
        shutil.copy(given.pyodide / name, given.out / "pyodide" / name)
    wheels = given.out / "wheels"
    pip("wheel", "--no-deps", "--wheel-dir", str(wheels), str(ROOT))
    pip(
        "download", "--no-deps", "--only-binary", ":all:", "--platform", "any",
        "--python-version", python.rpartition(".")[0], "--dest", str(wheels), *project["dependencies"],
    )  # fmt: skip
    for _, mail, _ in EXAMPLES:
        shutil.copy(ROOT / "fixtures" / mail, given.out / "examples" / mail.replace("/", "-"))
    manifest = {
        "version": project["version"],
        "python": python,
        "wheels": sorted(path.name for path in wheels.glob("*.whl")),
        "account": (ROOT / "docs" / "account.example.toml").read_text("utf-8"),
        "recipients": ["bcc@in.crm.example", "log@in.crm.example"],
        "examples": [
            {"title": title, "file": mail.replace("/", "-"), "recipient": recipient}
            for title, mail, recipient in EXAMPLES
        ],
    }
    (given.out / "files.json").write_text(json.dumps(manifest, indent=1), "utf-8")
    size = sum(path.stat().st_size for path in given.out.rglob("*") if path.is_file())
    print(f"{given.out}: {size / 1e6:.1f} MB, bcclog {project['version']} on Python {python}")


if __name__ == "__main__":
    main()
