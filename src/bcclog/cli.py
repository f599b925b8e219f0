"""The command line: a shell around `unwrap`, `plan` and the table of codes (extra `cli`)."""

import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

try:
    import click
    from rich.console import Console
    from rich.markup import escape
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
    from rich.table import Table
except ImportError as error:  # pragma: no cover - said to a person who installed the bare library
    raise SystemExit(f"the command line needs its extra: pip install 'bcclog[cli]' ({error.name} is missing)") from None

import bcclog
from bcclog import config
from bcclog._sources import Source, sources
from bcclog.model import to_json

_SHOWN_CHARS = 600
"""How much of a text is shown to a person; `--json` gives all of it."""


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(bcclog.__version__, prog_name="bcclog")
def main() -> None:
    """What a CRM's BCC and forwarding addresses do: raw mail in, explained plan out."""


_paths = click.argument("paths", nargs=-1, required=True, metavar="PATH...")
_json = click.option("--json", "as_json", is_flag=True, help="One JSON object a line, for other programs.")


@main.command("unwrap")
@_paths
@_json
def unwrap_command(paths: Sequence[str], as_json: bool) -> None:
    """Print what was forwarded. PATH is an .eml file, an mbox, a Maildir, a folder, or - for standard input."""
    show = _unwrap_json if as_json else _show_unwrapped
    _each(paths, _unwrap_one, show)


@main.command("plan")
@click.option(
    "--account", "account_file", required=True, type=click.Path(exists=True, dir_okay=False),
    help="The account file; `bcclog init` writes one to start from.",
)  # fmt: skip
@click.option("--recipient", help="The drop address that the mail was delivered to (SMTP envelope recipient).")
@_paths
@_json
def plan_command(account_file: str, recipient: str | None, paths: Sequence[str], as_json: bool) -> None:
    """Print what to do with each mail, and why."""
    try:
        account, directory = config.load(account_file)
    except config.ConfigError as error:
        raise click.UsageError(str(error)) from None
    work = partial(_plan_one, account, directory, recipient)
    _each(paths, work, _plan_json if as_json else _show_plan)


@main.command("init")
@click.option("--path", default="account.toml", show_default=True, help="Where to write it.")
def init_command(path: str) -> None:
    """Write a commented account file to start from."""
    place = Path(path)
    if place.exists():
        raise click.UsageError(f"{path} exists already; give another --path, or remove it first")
    place.write_text(config.TEMPLATE, "utf-8")
    click.echo(f"wrote {path}; now try: bcclog plan --account {path} mail.eml")


@main.command("codes")
@_json
@click.argument("names", nargs=-1, metavar="[CODE]...")
def codes_command(names: Sequence[str], as_json: bool) -> None:
    """Explain the codes that plans bear, or only those named (`refuse` names all refusals)."""
    chosen = [
        code
        for code in bcclog.Code
        if not names or any(code.value == n or code.value.startswith(f"{n}.") for n in names)
    ]
    if not chosen:
        raise click.UsageError(f"no code is called {' or '.join(names)}; `bcclog codes` lists all")
    if as_json:
        for code in chosen:
            info = code.info
            click.echo(
                to_json(
                    {
                        "code": code.value,
                        "rule": info.rule,
                        "severity": info.severity.value,
                        "sentence": info.sentence,
                        "action": info.action,
                    }
                )
            )
        return
    table = Table(box=None, pad_edge=False)
    for heading in ("code", "rule", "what it means, and what to do"):
        table.add_column(heading)
    for code in chosen:
        table.add_row(code.value, code.rule, escape(f"{code.sentence} {code.action}".strip()))
    _console().print(table)


# --- one mail ---------------------------------------------------------------------------------------------------------


def _unwrap_one(source: Source) -> bcclog.Unwrapped:
    return bcclog.unwrap(source.read())


def _plan_one(
    account: bcclog.Account, directory: bcclog.MemoryDirectory, recipient: str | None, source: Source
) -> bcclog.Plan:
    return bcclog.plan(source.read(), account=account, directory=directory, recipient=recipient)


def _each(paths: Sequence[str], work: Callable[[Source], Any], show: Callable[[str, Any], None]) -> None:
    """Do `work` on every mail of every path and show it. A mail that cannot be read is reported and the rest go on;
    then the exit status is 1."""
    failed = False
    for source in _with_progress(_found(paths)):
        if isinstance(source, OSError):
            failed = True
            click.echo(f"bcclog: {source.filename or '-'}: {source.strerror or source}", err=True)
            continue
        try:
            result = work(source)
        except OSError as error:
            failed = True
            click.echo(f"bcclog: {source.label}: {error.strerror or error}", err=True)
            continue
        show(source.label, result)
    if failed:
        sys.exit(1)


def _found(paths: Iterable[str]) -> Iterator[Source | OSError]:
    for path in paths:
        try:
            yield from sources(path)
        except OSError as error:
            yield error


def _with_progress(found: Iterator[Source | OSError]) -> Iterator[Source | OSError]:
    """Show a bar on standard error for many mails, if it is a terminal and standard output is not."""
    if not sys.stderr.isatty() or sys.stdout.isatty():
        yield from found
        return
    listed = list(found)
    if len(listed) < 20:
        yield from listed
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True)) as progress:
        yield from progress.track(listed, description="mails")


# --- output -----------------------------------------------------------------------------------------------------------


def _unwrap_json(label: str, found: bcclog.Unwrapped) -> None:
    click.echo(to_json({"path": label, **found.to_dict()}))


def _plan_json(label: str, plan: bcclog.Plan) -> None:
    click.echo(to_json({"path": label, **plan.to_dict()}))


def _console() -> Console:
    return Console(highlight=False, soft_wrap=True)


def _clean(text: object) -> str:
    """Text of a mail made safe for a terminal: no control character passes, no markup is read (T82)."""
    shown = "".join(c if c.isprintable() or c == "\n" else "\ufffd" for c in str(text).replace("\t", " "))
    return escape(shown)


def _person(address: bcclog.EmailAddress | None) -> str:
    if address is None:
        return "-"
    if address.email is None:
        return _clean(address.name or "-")
    return _clean(f"{address.name} <{address.email}>" if address.name else address.email)


def _people(addresses: Iterable[bcclog.EmailAddress]) -> str:
    return ", ".join(map(_person, addresses))


def _show_unwrapped(label: str, found: bcclog.Unwrapped) -> None:
    out = _console()
    out.print(f"[bold]{_clean(label)}[/]: {found.outcome}  [dim]{found.code.value}[/]")
    if not isinstance(found, bcclog.Forward):
        out.print(f"  {found.code.sentence} {found.code.action}".rstrip())
        return
    original = found.original
    written = f"{found.client}, {found.locale}" if found.client else "an unknown client"
    out.print(f"  [dim]written by[/] {written}  [dim]confidence[/] {found.confidence.value}")
    rows = [
        ("from", _person(original.from_)),
        ("to", _people(original.to)),
        ("cc", _people(original.cc)),
        ("reply to", _people(original.reply_to)),
        ("subject", _clean(original.subject or "")),
        ("sent at", "" if original.sent_at is None else original.sent_at.isoformat()),
        ("comment", _clean(found.comment or "")),
        ("chain", "; ".join(_person(deeper.from_) for deeper in found.chain)),
    ]
    for name, value in rows:
        if value:
            out.print(f"  [dim]{name:<9}[/] {value}")
    text = (original.text or "").strip()
    if text:
        shown = text if len(text) <= _SHOWN_CHARS else f"{text[:_SHOWN_CHARS]} [...]"
        out.print("  [dim]text[/]")
        for line in shown.splitlines():
            out.print(f"    {_clean(line)}")


def _show_plan(label: str, plan: bcclog.Plan) -> None:
    out = _console()
    color = "green" if plan.outcome is bcclog.Outcome.LOG else "red"
    out.print(f"[bold]{_clean(label)}[/]: [{color}]{plan.outcome.value}[/]  [dim]{plan.code.value}[/]")
    out.print(f"  {plan.code.sentence} {plan.code.action}".rstrip())
    credit = plan.attribution
    rows = [
        ("route", f"{plan.route.value}, {plan.direction.value}" if plan.route and plan.direction else ""),
        ("subject", _clean(plan.subject or "")),
        ("sent at", "" if plan.sent_at is None else plan.sent_at.isoformat()),
        ("credited", f"{_clean(credit.user or 'nobody')}  [dim]{credit.code.rule} {credit.code.value}[/]"),
    ]
    for name, value in rows:
        if value:
            out.print(f"  [dim]{name:<9}[/] {value}")
    for contact in plan.contacts:
        who = _clean(contact.email or "(on a Never Log list)")
        name = f" ({_clean(contact.name)})" if contact.name else ""
        out.print(f"  {contact.action.value:<6} {who}{name}  [dim]{contact.code.value}[/]")
    for association in plan.associations:
        shown = association.id or f"new contact {association.email}"
        out.print(f"  link   {association.kind} {_clean(shown)}  [dim]{association.code.value}[/]")
    for file in plan.attachments:
        out.print(f"  {file.action.value:<6} {_clean(file.safe_name)} ({file.size:,} bytes)  [dim]{file.code.value}[/]")
    for notice in plan.notices:
        out.print(f"  notify {_clean(notice.to)}  [dim]{notice.code.value}: {notice.about.value}[/]")
    for warning in plan.warnings:
        out.print(f"  [yellow]note[/]   {_clean(warning.code.sentence)}  [dim]{warning.code.value}[/]")


if __name__ == "__main__":
    main()
