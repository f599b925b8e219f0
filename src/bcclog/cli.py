"""The command line: a shell around `unwrap`, `plan`, `explain`, `diff` and the words of codes (extra `cli`).

What is printed for people is clean text: nothing of a mail, and no name of a file, reaches the terminal as a control
character or as markup (T82). `--json` is for programs: one object a line, the forms of `to_dict()`.
"""

import os
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from difflib import get_close_matches
from errno import EPIPE
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any, NoReturn

from attrs import evolve

try:
    import click
    from rich.console import Console
    from rich.markup import escape
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
except ImportError as error:  # pragma: no cover - said to a person who installed the bare library
    raise SystemExit(f"the command line needs its extra: pip install 'bcclog[cli]' ({error.name} is missing)") from None

import bcclog
from bcclog import config, diff, explain, notices
from bcclog._decide.what_if import not_as_sent
from bcclog._sources import Source, sources
from bcclog._workers import cores, in_order
from bcclog.model import to_json

_SHOWN_CHARS = 600
"""How much of a text is shown to a person; `--json` gives all of it."""


class _Group(click.Group):
    """The commands; what stops their output, a full disk say, is told in a line."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command."""
        try:
            try:
                return super().invoke(ctx)
            finally:
                sys.stdout.flush()
        except OSError as error:
            if error.errno == EPIPE:  # whoever read the output has enough of it
                raise
            _stop("standard output", error)


@click.group(
    cls=_Group,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="""\b
    Begin here:
      bcclog unwrap mail.eml                           what was forwarded
      bcclog init                                      write account.toml
      bcclog explain --account account.toml mail.eml   what is done, and why""",
)
@click.version_option(bcclog.__version__, prog_name="bcclog")
def main() -> None:
    """What a CRM's BCC and forwarding addresses do: raw mail in, explained plan out."""
    for stream in (sys.stdout, sys.stderr):
        # A console that cannot show a letter gets its escape, in place of an exception half-way through.
        getattr(stream, "reconfigure", lambda **_: None)(errors="backslashreplace")


def _account(told: str, *, required: bool = False) -> Callable[[Any], Any]:
    path = click.Path(exists=True, dir_okay=False)
    return click.option("--account", "account_file", required=required, type=path, metavar="FILE", help=told)


def _address(_ctx: click.Context, _param: click.Parameter, given: str | None) -> str | None:
    if given is not None and bcclog.normalize(given) is None:
        raise click.BadParameter(f"{given!r} is no address such as bcc@in.crm.example.")
    return given


_recipient = click.option(
    "--recipient", metavar="ADDRESS", callback=_address,
    help="The drop address that the mail was delivered to (SMTP envelope recipient).",
)  # fmt: skip
_paths = click.argument("paths", nargs=-1, required=True, metavar="PATH...")
_json = click.option("--json", "as_json", is_flag=True, help="One JSON object a line, for other programs.")
_summary = click.option(
    "--summary", "is_summary", is_flag=True, help="Count the mails by code, with an example, and do not print each."
)
_jobs = click.option(
    "--jobs", type=click.IntRange(min=1), metavar="N", default=cores, show_default="all cores",
    help="With --json or --summary: processes for an archive; the order of the output is that of the mails.",
)  # fmt: skip


@main.command(
    "unwrap",
    short_help="What was forwarded: author, recipients, subject, date, text.",
    epilog="""\b
    Examples:
      bcclog unwrap mail.eml
      bcclog unwrap --json archive.mbox > forwards.ndjson
      bcclog unwrap --summary archive.mbox""",
)
@_paths
@_summary
@_json
@_jobs
def unwrap_command(paths: Sequence[str], is_summary: bool, as_json: bool, jobs: int) -> None:
    """Print what was forwarded.

    PATH is an .eml file, an mbox, a Maildir, a folder (its .eml files), or - for standard input.
    """
    _run(paths, _unwrap_one, _show_unwrapped, is_summary=is_summary, as_json=as_json, jobs=jobs)


@main.command(
    "plan",
    short_help="What to do with each mail.",
    epilog="""\b
    Examples:
      bcclog plan --account account.toml --recipient bcc@in.crm.example mail.eml
      bcclog plan --account account.toml --json Maildir > plans.ndjson
      bcclog plan --account account.toml --summary archive.mbox""",
)
@_account("The account file; `bcclog init` writes one to start from.", required=True)
@_recipient
@_paths
@_summary
@_json
@_jobs
def plan_command(
    account_file: str, recipient: str | None, paths: Sequence[str], is_summary: bool, as_json: bool, jobs: int
) -> None:
    """Print what to do with each mail.

    PATH is an .eml file, an mbox, a Maildir, a folder (its .eml files), or - for standard input.
    """
    account, directory = _load(account_file)
    work = partial(_plan_one, account, directory, recipient)
    _run(paths, work, _show_plan, is_summary=is_summary, as_json=as_json, jobs=jobs)


@main.command(
    "explain",
    short_help="Why a mail is logged or not, for a person.",
    epilog="""\b
    Examples:
      bcclog explain --account account.toml --recipient log@in.crm.example mail.eml
      bcclog explain --account account.toml --recipient log@in.crm.example --html why.html mail.eml
      bcclog explain mail.eml

    Nothing of a person on a Never Log list is shown. The page of --html is one file without any script; it can be
    sent to whoever may see the mail.""",
)
@_account("The account file. Without one only the forward is explained, not what is done.")
@_recipient
@click.option("--html", "page", metavar="OUT", help="Write one page of HTML there; - is standard output.")
@click.argument("path", metavar="PATH")
def explain_command(account_file: str | None, recipient: str | None, page: str | None, path: str) -> None:
    """Explain why a mail is logged or not: its evidence, the decisions in order, and what would change them.

    PATH holds one mail: an .eml file, a mail of an mbox by its number (archive.mbox#12), or - for standard input.
    """
    if account_file is None and recipient is not None:
        raise click.UsageError("--recipient says what is done only with --account, the account file")
    loaded = None if account_file is None else _load(account_file)
    mails = list(_found([path]))
    if len(mails) != 1:
        raise click.UsageError(f"{path} holds {len(mails):,} mails; give one of them, such as {_label(mails[0])}")
    try:
        if isinstance(mails[0], OSError):
            raise mails[0]
        raw = mails[0].read()
    except OSError as error:
        _stop(path, error)
    plan: bcclog.Plan | None = None
    found: bcclog.Reading | bcclog.Unwrapped
    directory: bcclog.MemoryDirectory | None = None
    if loaded is None:
        found = bcclog.unwrap(raw)
    else:
        account, directory = loaded
        found = bcclog.read(raw, account=account, recipient=recipient)
        plan = bcclog.decide(found, directory=directory)
    if page is None:
        out = _console()
        for line in explain.to_text(raw, plan, found, directory=directory):
            out.print(line, style="" if line.startswith(" ") else "bold", markup=False)
        return
    html = explain.to_html(raw, plan, found, directory=directory)
    if page == "-":
        click.echo(html, nl=False)
        return
    _write(page, html)
    click.echo(f"wrote {explain.clean(page)}")


@main.command(
    "diff",
    short_help="Which mails two versions or policies plan differently.",
    epilog="""\b
    Two versions of bcclog, or of an account file:
      bcclog plan --account account.toml --json archive.mbox > old.ndjson    (before the change)
      bcclog plan --account account.toml --json archive.mbox > new.ndjson    (after it)
      bcclog diff old.ndjson new.ndjson
    \b
    Two policies:
      bcclog diff --account account.toml --policy HUBSPOT_2023_09 --policy PERMISSIVE archive.mbox

    As with diff(1), the exit status is 0 where nothing differs, 1 where something does, and 2 where a file cannot be
    used.""",
)
@click.option(
    "--policy", "policies", multiple=True, metavar="POLICY",
    help="Twice: the old policy and the new. A preset's name, or an account file whose policy is taken.",
)  # fmt: skip
@_account("With --policy: the account file.")
@_recipient
@click.option("--sorted", "is_sorted", is_flag=True, help="Both files are sorted (LC_ALL=C sort); for any length.")
@click.option("--summary", "is_summary", is_flag=True, help="Print the counts and not each mail.")
@_json
@click.argument("paths", nargs=-1, required=True, metavar="OLD NEW | PATH...")
def diff_command(
    policies: Sequence[str], account_file: str | None, recipient: str | None, is_sorted: bool, is_summary: bool,
    as_json: bool, paths: Sequence[str],
) -> None:  # fmt: skip
    """Show which mails would be planned differently, and why: before an upgrade, or before a change of policy.

    OLD and NEW are what `bcclog plan --json` printed. With two --policy, PATH is mail as `bcclog plan` takes it.
    """
    failures: list[OSError] = []
    with ExitStack() as files:
        if policies:
            if len(policies) != 2 or account_file is None or is_sorted:
                raise click.UsageError("give --policy twice, the old and the new, with --account, and without --sorted")
            account, directory = _load(account_file)
            old, new = (evolve(account, policy=_policy(name)) for name in policies)
            mails = _raw_mails(paths, failures)
            found = diff.compare_policies(mails, old, new, directory=directory, recipient=recipient)
        else:
            if len(paths) != 2 or account_file is not None or recipient is not None:
                raise click.UsageError("give two files of plans; or --account, two --policy, and mail")
            compare = diff.compare_sorted if is_sorted else diff.compare
            found = compare(*(_lines(path, files) for path in paths), names=(paths[0], paths[1]))
        tally = diff.Tally()
        try:
            for difference in tally.counting(found):
                if difference.kind is not diff.Kind.SAME and not is_summary:
                    click.echo(to_json(difference.to_dict()) if as_json else "\n".join(diff.to_text(difference)))
        except diff.DiffError as error:
            click.echo(f"bcclog: {explain.clean(str(error))}", err=True)
            sys.exit(2)
    if is_summary and as_json:
        click.echo(to_json(tally.to_dict()))
    elif not as_json:
        _show_tally(tally)
    sys.exit(2 if failures else 0 if tally.kinds.total() == tally.kinds[diff.Kind.SAME.value] else 1)


@main.command("init")
@click.option("--path", metavar="FILE", default="account.toml", show_default=True, help="Where to write it.")
def init_command(path: str) -> None:
    """Write a commented account file to start from."""
    place = Path(path)
    if place.is_dir():
        raise click.UsageError(f"{path} is a folder; give the name of a file in it")
    if place.exists():
        raise click.UsageError(f"{path} exists already; give another --path, or remove it first")
    _write(path, config.TEMPLATE)
    click.echo(f"wrote {path}; now try: bcclog plan --account {path} --recipient bcc@in.crm.example mail.eml")


@main.command(
    "notice",
    short_help="What a sender is told of a mail not logged.",
    epilog="""\b
    Examples:
      bcclog notice refuse.forward.chain
      bcclog notice --language de attachment.drop.size""",
)
@click.option(
    "--language", default=notices.DEFAULT_LANGUAGE, show_default=True, metavar="TAG",
    help=f"The language of the words: {', '.join(notices.languages())}, or one with a region such as pt-BR.",
)  # fmt: skip
@click.argument("name", metavar="CODE")
def notice_command(language: str, name: str) -> None:
    """Print what a sender is told about a mail, or an attachment, that was not logged."""
    about = next((code for code in bcclog.Code if code.value == name), None)
    if about is None:
        raise click.UsageError(_no_code(name))
    kind = notices.kind_of(about)
    if kind is None:
        raise click.UsageError(
            f"no sender is told about {name!r}, but about attachment.drop.size and what `bcclog codes refuse` lists"
        )
    words = notices.render(bcclog.Notice(to="the sender", code=kind, about=about), language)
    if words.language.partition("-")[0] != language.replace("_", "-").lower().partition("-")[0]:
        raise click.UsageError(f"there are no words in {language!r}, but in {', '.join(notices.languages())}")
    click.echo(f"{words.subject}\n\n{words.text}", nl=False)


@main.command(
    "codes",
    short_help="What the codes mean, and what to do.",
    epilog="""\b
    Examples:
      bcclog codes refuse.forward
      bcclog codes --json > codes.ndjson""",
)
@_json
@click.argument("names", nargs=-1, metavar="[CODE]...")
def codes_command(names: Sequence[str], as_json: bool) -> None:
    """Explain the codes that plans bear, or only those named (`refuse` names all refusals)."""
    starts = [f"{name.rstrip('.')}." for name in names]
    named = {
        name: [code for code in bcclog.Code if f"{code.value}.".startswith(start)]
        for name, start in zip(names, starts, strict=True)
    }
    unknown = [name for name, codes in named.items() if not codes]
    if unknown:
        raise click.UsageError(_no_code(unknown[0]))
    chosen = [code for code in bcclog.Code if not names or any(code in codes for codes in named.values())]
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
    out = _console()
    for code in chosen:
        out.print(f"[bold]{code.value}[/]  [dim]{code.rule}, {code.severity.value}[/]")
        out.print(f"  {escape(code.sentence)}")
        if code.action:
            out.print(f"  -> {escape(code.action)}")


def _no_code(name: str) -> str:
    values = [code.value for code in bcclog.Code]
    near = [value for value in values if name in value] or get_close_matches(name, values, 3)
    hint = f"near it: {', '.join(near[:8])}; " if name and near else ""
    return f"no code is called {name!r}; {hint}`bcclog codes` lists all"


# --- what was asked for -----------------------------------------------------------------------------------------------


def _load(account_file: str) -> tuple[bcclog.Account, bcclog.MemoryDirectory]:
    try:
        return config.load(account_file)
    except config.ConfigError as error:
        raise click.UsageError(str(error)) from None
    except UnicodeDecodeError:
        raise click.UsageError(f"{account_file} is no text in UTF-8; save it as UTF-8") from None
    except OSError as error:
        _stop(account_file, error)


def _policy(name: str) -> bcclog.Policy:
    """The preset of that name, or the policy of an account file."""
    if name in bcclog.PRESETS:
        return bcclog.PRESETS[name]
    if not Path(name).is_file():
        raise click.UsageError(f"{name} is neither a policy ({', '.join(bcclog.PRESETS)}) nor an account file")
    return _load(name)[0].policy


def _lines(path: str, files: ExitStack) -> Iterable[bytes]:
    try:
        return sys.stdin.buffer if path == "-" else files.enter_context(Path(path).open("rb"))
    except OSError as error:
        _stop(path, error)


def _write(path: str, text: str) -> None:
    try:
        Path(path).write_text(text, "utf-8", newline="\n")
    except OSError as error:
        _stop(path, error)


def _stop(path: str, error: OSError) -> NoReturn:
    """Say why a file cannot be used, and end with status 2."""
    _complain(path, error)
    sys.exit(2)


def _complain(path: str, error: OSError) -> None:
    click.echo(f"bcclog: {explain.clean(path)}: {error.strerror or error}", err=True)


# --- one mail ---------------------------------------------------------------------------------------------------------


_Work = Callable[[Source], "bcclog.Unwrapped | bcclog.Plan"]
"""What is done with one mail; it goes to worker processes, so it can be pickled."""


def _read(source: Source) -> bytes:
    """The mail; with a word on standard error where the file is of a kind that people take for one."""
    raw = source.read()
    if hint := not_as_sent(raw):
        click.echo(f"bcclog: {explain.clean(source.label)}: {hint}", err=True)
    return raw


def _unwrap_one(source: Source) -> bcclog.Unwrapped:
    return bcclog.unwrap(_read(source))


def _plan_one(
    account: bcclog.Account, directory: bcclog.MemoryDirectory, recipient: str | None, source: Source
) -> bcclog.Plan:
    return bcclog.plan(_read(source), account=account, directory=directory, recipient=recipient)


def _line(work: _Work, source: Source) -> str:
    return to_json({"path": _named(source.label), **work(source).to_dict()})


def _code(work: _Work, source: Source) -> bcclog.Code:
    return work(source).code


def _print_line(_label: str, line: str) -> None:
    # Not one by one to the file, as `click.echo` does: an archive has millions.
    sys.stdout.write(line + "\n")


def _run(
    paths: Sequence[str], work: _Work, show: Callable[[str, Any], None], *, is_summary: bool, as_json: bool, jobs: int
) -> None:
    """Do `work` on every mail, and print the counts, one object a line, or for a person each with `show`."""
    if is_summary:
        _count(paths, partial(_code, work), as_json, jobs)
    elif as_json:
        _each(paths, partial(_line, work), _print_line, jobs)
    else:
        _each(paths, work, show)


def _each(paths: Sequence[str], work: Callable[[Source], Any], show: Callable[[str, Any], None], jobs: int = 1) -> None:
    """Do `work` on every mail of every path and show it, in order. A mail that cannot be read is reported and the rest
    go on; then the exit status is 1."""
    failed = False
    # Standard input belongs to this process alone.
    for source, result in in_order(_with_progress(_found(paths)), work, 1 if "-" in paths else jobs):
        if isinstance(result, OSError):
            failed = True
            _complain(_label(source), result)
        else:
            assert isinstance(source, Source)
            show(source.label, result)
    if failed:
        sys.exit(1)


def _count(paths: Sequence[str], work: Callable[[Source], bcclog.Code], as_json: bool, jobs: int) -> None:
    """Count the mails by the code that `work` gives for each, and show the counts, the most frequent first."""
    counts: Counter[bcclog.Code] = Counter()
    examples: dict[bcclog.Code, str] = {}

    def add(label: str, code: bcclog.Code) -> None:
        counts[code] += 1
        examples.setdefault(code, label)

    try:
        _each(paths, work, add, jobs)
    finally:
        _show_counts(counts, examples, as_json)


def _label(source: Source | OSError) -> str:
    return str(source.filename or "-") if isinstance(source, OSError) else source.label


def _raw_mails(paths: Sequence[str], failures: list[OSError]) -> Iterator[tuple[str, bytes]]:
    """Each mail with its label; what cannot be read is reported, added to `failures`, and left out."""
    for source in _with_progress(_found(paths)):
        try:
            if isinstance(source, OSError):
                raise source
            yield source.label, _read(source)
        except OSError as error:
            failures.append(error)
            _complain(_label(source), error)


def _found(paths: Iterable[str]) -> Iterator[Source | OSError]:
    for path in paths:
        try:
            others = yield from sources(path)
        except OSError as error:
            yield error
        else:
            if others:
                files = "1 file" if others == 1 else f"{others:,} files"
                click.echo(f"bcclog: {explain.clean(path)}: {files} passed over, no name in .eml", err=True)


def _with_progress(found: Iterator[Source | OSError]) -> Iterator[Source | OSError]:
    """Count many mails on standard error, if it is a terminal and standard output is not. How many there are is not
    known: to list an archive first would hold all of it in memory."""
    few = list(islice(found, 20))
    yield from few
    if len(few) < 20 or not sys.stderr.isatty() or sys.stdout.isatty():
        yield from found
        return
    columns = (SpinnerColumn(), TextColumn("{task.completed:,.0f} mails"), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True)) as progress:
        yield from progress.track(found, total=None, completed=len(few))


# --- output -----------------------------------------------------------------------------------------------------------


def _named(path: str) -> str:
    """A file's name as text: bytes that are no UTF-8 as escapes, since JSON has no bytes."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")


def _console() -> Console:
    return Console(highlight=False, soft_wrap=True, emoji=False)


def _clean(text: object) -> str:
    """Text of a mail on one line, made safe for a terminal: no control character passes, no markup is read (T82)."""
    return escape(explain.clean(str(text)))


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
        ("comment", _clean(" ".join((found.comment or "").split()))),
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


def _show_counts(counts: "Counter[bcclog.Code]", examples: Mapping[bcclog.Code, str], as_json: bool) -> None:
    rows = sorted(counts.items(), key=lambda item: (-item[1], item[0].value))
    if as_json:
        codes = [{"code": code.value, "mails": count, "example": _named(examples[code])} for code, count in rows]
        click.echo(to_json({"mails": counts.total(), "codes": codes}))
        return
    out = _console()
    out.print(_mails(counts.total()), style="bold")
    for code, count in rows:
        out.print(f"{count:>8,}  {code.value}  [dim]for example {_clean(examples[code])}[/]")
        out.print(f"{'':>8}  {escape(code.sentence)}")


def _mails(count: int) -> str:
    return "1 mail" if count == 1 else f"{count:,} mails"


def _show_tally(tally: diff.Tally) -> None:
    """The counts in words."""
    out = _console()
    counts = {kind: tally.kinds[kind.value] for kind in diff.Kind}
    total = tally.kinds.total()
    out.print(
        f"{_mails(total)}: {counts[diff.Kind.SAME]:,} planned alike, "
        f"{counts[diff.Kind.CHANGED]:,} differently, {counts[diff.Kind.ONLY_OLD]:,} only before, "
        f"{counts[diff.Kind.ONLY_NEW]:,} only after",
        style="bold",
    )
    for (old, new), count in tally.codes.most_common():
        out.print(f"  {count:>6,}  {_clean(old)} -> {_clean(new)}")
