"""Print docs/codes.md and docs/rules.md from the code: python tools/make_docs.py. A test compares them."""

from pathlib import Path

from attrs import fields

from bcclog.codes import Code
from bcclog.policy import HUBSPOT_2023_09, HUBSPOT_2025_12, PERMISSIVE, Limits, Policy, differences

DOCS = Path(__file__).parent.parent / "docs"


def codes() -> str:
    """docs/codes.md"""
    lines = [
        "# Codes",
        "",
        "Printed from the code. A code is never reused.",
        "",
        "| code | rule | severity | what it means, and what to do |",
        "|---|---|---|---|",
    ]
    lines += [
        f"| `{c.value}` | {c.rule} | {c.severity.value} | {c.sentence} {c.action} |".replace("  |", " |") for c in Code
    ]
    return "\n".join(lines) + "\n"


def rules() -> str:
    """docs/rules.md"""
    lines = [
        "# Rules, options and limits",
        "",
        "Printed from the code.",
        "",
        "## Codes by rule",
        "",
        "| rule | codes |",
        "|---|---|",
    ]
    by_rule: dict[str, list[str]] = {}
    for code in Code:
        by_rule.setdefault(code.rule, []).append(f"`{code.value}`")
    ordered = sorted(
        by_rule, key=lambda rule: (rule[0], int("".join(c for c in rule.partition("-")[0] if c.isdigit())))
    )
    lines += [f"| {rule} | {', '.join(by_rule[rule])} |" for rule in ordered]
    lines += ["", "## Options of a policy", "", "| option | HUBSPOT_2023_09 |", "|---|---|"]
    lines += [
        f"| `{f.name}` | `{_shown(getattr(HUBSPOT_2023_09, f.name))}` |"
        for f in fields(Policy)
        if f.name not in ("limits", "trust", "name")
    ]
    for name, preset in (("HUBSPOT_2025_12", HUBSPOT_2025_12), ("PERMISSIVE", PERMISSIVE)):
        lines += ["", f"{name} differs from HUBSPOT_2023_09 in:", ""]
        changed = differences(HUBSPOT_2023_09, preset)
        lines += [f"- `{key}`: `{_shown(new)}`" for key, (_, new) in changed.items() if key != "name"]
    lines += ["", "## Limits", "", "| limit | default |", "|---|---|"]
    lines += [f"| `{f.name}` | {getattr(Limits(), f.name):,} |" for f in fields(Limits)]
    return "\n".join(lines) + "\n"


def _shown(value: object) -> object:
    return getattr(value, "value", "(none)" if value == frozenset() else value)


PAGES = {"codes.md": codes, "rules.md": rules}

if __name__ == "__main__":
    for name, page in PAGES.items():
        (DOCS / name).write_text(page(), "utf-8")
