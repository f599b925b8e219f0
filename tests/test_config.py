"""The account file."""

import re
from pathlib import Path

import pytest

from bcclog import config
from bcclog.account import HoldingKind
from bcclog.address import NormalEmail
from bcclog.policy import HUBSPOT_2025_12, Limits, PolicyError, TrustGrant

GOOD = config.TEMPLATE


def test_the_template_is_a_working_account_file(tmp_path: Path) -> None:
    path = tmp_path / "account.toml"
    path.write_text(GOOD, "utf-8")
    account, directory = config.load(path)
    assert account.forwarding_addresses == {"log@in.crm.example"}
    assert {holding.kind for holding in directory.holdings(NormalEmail("rosa@ourco.example"))} == {
        HoldingKind.ACCOUNT,
        HoldingKind.CONNECTED,
    }
    contact = directory.contact(NormalEmail("maria@prospect.example"))
    assert contact is not None and contact.open_deals == ("d1", "d2")


def test_the_example_of_the_docs_loads() -> None:
    config.load(Path(__file__).parent.parent / "docs" / "account.example.toml")


def test_options_change_the_preset() -> None:
    text = GOOD.replace('HUBSPOT_2023_09"', 'HUBSPOT_2025_12"').replace(
        "# [options]\n# require_both_parts = false", '[options]\nrequire_both_parts = false\nchain = "outermost"'
    )
    account, _ = config.loads(text)
    assert not account.policy.require_both_parts
    assert account.policy.chain == "outermost"
    assert account.policy.max_content_bytes == HUBSPOT_2025_12.max_content_bytes
    assert account.policy.name == "HUBSPOT_2025_12+"


def test_R27_options_say_what_each_verdict_may_do() -> None:
    written = "[options]\ntrust.unaligned = { log = true, create = false }"
    account, _ = config.loads(GOOD.replace("# [options]", written))
    assert dict(account.policy.trust) == {
        "aligned": TrustGrant(),
        "unaligned": TrustGrant(create=False),
        "absent": TrustGrant(),
    }


def test_options_set_limits_and_leave_the_others() -> None:
    account, _ = config.loads(GOOD.replace("# [options]", "[options]\nlimits.max_new_contacts = 3"))
    assert account.policy.limits == Limits(max_new_contacts=3)
    account, _ = config.loads(GOOD.replace("# [options]", "[options.limits]\nmax_depth = 4\nmax_parts = 9"))
    assert account.policy.limits == Limits(max_depth=4, max_parts=9)


def test_R17_a_digest_key_is_read_as_its_bytes() -> None:
    assert config.loads(GOOD)[0].digest_key is None
    account, _ = config.loads(GOOD.replace("# digest_key =", "digest_key ="))
    assert account.digest_key == b"a long random text, kept secret"


def test_every_line_that_the_template_leaves_out_may_be_taken_in() -> None:
    text = re.sub(r"(?m)^# (?=\[options\]|[a-z_.]+ = )", "", GOOD)
    account, _ = config.loads(text)
    assert account.policy.name == "HUBSPOT_2023_09+" and account.digest_key is not None
    assert account.policy.locales == {"de", "en-GB"}


WRONG = [
    ("# [options]", '[options]\nclients = ["gmial-web"]', "options.clients", "near it are gmail-web"),
    ("# [options]", '[options]\nlocales = ["xx"]', "options.locales", "the catalogue has no 'xx'"),
    ("# [options]", "[options]\nlimits = 5", "options.limits", "expected a table"),
    ("# [options]", "[options]\nlimits.max_bytes = 5", "options.limits.max_bytes", "known here are max_addresses"),
    ("# [options]", "[options]\nlimits.max_depth = 0", "options.limits.max_depth", "a whole number above 0, not 0"),
    ("# digest_key =", 'digest_key = ""\n#', "account.digest_key", "expected a string, not ''"),
    ("# [options]", "[options]\ntrust.forged = { log = true }", "options", "exactly the keys"),
    ("# [options]", "[options]\ntrust.absent = { logs = true }", "options.trust", "unknown key"),
    ("# [options]", "[options]\ntrust.absent = { log = 1 }", "options.trust", "true or false"),
    ("# [options]", "[options]\ntrust.absent = true", "options.trust", "expected a table"),
    ('domains = ["ourco.example"]', 'domain = ["ourco.example"]', "domain", "unknown key"),
    ('domains = ["ourco.example"]', 'domains = "ourco.example"', "account.domains", "expected a list of strings"),
    ('policy = "HUBSPOT_2023_09"', 'policy = "HUBSPOT"', "account.policy", "unknown policy 'HUBSPOT'"),
    ('["bcc@in.crm.example"]', '["bcc"]', "account.bcc_addresses", "must be an e-mail address"),
    ("since = 2021-05-04T10:00:00Z", "since = 2021-05-04T10:00:00", "users[0].connected", "needs a time zone"),
    ("since = 2021-05-04T10:00:00Z", "since = 5", "users[0].connected", "expected a date and time"),
    ('first_connected_by = "u1"', 'first_connected_by = "u9"', "team_addresses[0]", "unknown user 'u9'"),
    ('id = "c1"', 'ident = "c1"', "contacts[0].ident", "unknown key"),
    ('open_deals = ["d1", "d2"]', "open_deals = [1]", "contacts[0].open_deals", "expected a list of strings"),
    ('domains = ["ourco.example"]', 'domains = ["our co"]', "account.domains", "not 'our co'"),
    ('["bcc@in.crm.example"]', '["log@in.crm.example"]', "account", "both a BCC and a forwarding address"),
    ('policy = "HUBSPOT_2023_09"', 'policy = ["HUBSPOT_2023_09"]', "account.policy", "expected a string"),
    ("[[team_addresses]]", '[[users]]\nid = "u1"\n[[team_addresses]]', "users", "'u1' is given twice"),
    (
        'connected = [{ address = "rosa@ourco.example", since = 2021-05-04T10:00:00Z }]',
        "connected = 5",
        "users[0].connected",
        "expected entries such as",
    ),
    ("[[contacts]]", '[[contacts]]\nid = "c9"\naddress = "MARIA@prospect.example"\n[[contacts]]', "contacts", "same"),
    ("# [options]", '[options]\nclients = "gmail-web"', "options.clients", "must be a list of strings"),
    ("# [options]", '[options]\nmax_content_bytes = "2 MB"', "options.max_content_bytes", "whole number"),
    ("# [options]", "[options]\nmax_open_deals = -1", "options.max_open_deals", "0 or more"),
    ("# [options]", '[options]\nchain = "never"', "options.chain", "one of refuse, outermost"),
    ("[account]", "[acount]", "acount", "unknown key"),
    ("[account]", "[account", "no TOML", ""),
    ("*@lawyer.example", "*@*", "account.never_log", "*@*"),
]


@pytest.mark.parametrize(("old", "new", "key", "said"), WRONG)
def test_an_error_names_key_line_and_what_was_expected(old: str, new: str, key: str, said: str) -> None:
    assert old in GOOD
    text = GOOD.replace(old, new)
    with pytest.raises(config.ConfigError) as caught:
        config.loads(text, "my.toml")
    message = str(caught.value)
    assert message.startswith("my.toml") and key in message and said in message and "line" in message
    assert isinstance(caught.value, PolicyError)


def test_the_line_is_that_of_the_key() -> None:
    text = GOOD.replace('open_deals = ["d1", "d2"]', "open_deals = [1]")
    line = next(n for n, line in enumerate(text.splitlines(), 1) if line.startswith("open_deals"))
    with pytest.raises(config.ConfigError, match=rf"line {line}:"):
        config.loads(text)


@pytest.mark.parametrize(
    "options",
    [
        "[options]\nlimits.max_depth = 4\nlimits.max_parts = 0 # here",
        "[options.limits]\nmax_depth = 4\nmax_parts = 0 # here",
        "[options]\nchain = 'refuse'\nlimits = { max_depth = 4, max_parts = 0 } # here",
        "[options.trust]\nabsent = { log = true }\nunaligned = { log = 1 } # here",
        "[options.trust.unaligned]\nlog = 1\n[options.limits]\nmax_depth = 4",
        "[[users]]\nid = 'u7'\n[[users]]\nid = 'u8'\nname = 5 # here",
        "[[users]]\nname = 'Nobody' # its id is missing",
    ],
)
def test_the_line_is_that_of_the_key_wherever_it_stands(options: str) -> None:
    text = f'[account]\nbcc_addresses = ["bcc@in.crm.example"]\n{options}\n'
    lines = text.splitlines()
    line = next((n for n, line in enumerate(lines, 1) if line.endswith("# here")), 3)
    with pytest.raises(config.ConfigError, match=rf"line {line}:"):
        config.loads(text)
