"""The account file."""

from pathlib import Path

import pytest

from bcclog import config
from bcclog.account import HoldingKind
from bcclog.address import NormalEmail
from bcclog.policy import HUBSPOT_2025_12, PolicyError, TrustGrant

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


WRONG = [
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
