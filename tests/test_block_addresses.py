"""People as mail clients write them inside a forwarded block: T16, T22, T24, T59, T64, R31."""

import json
from importlib.resources import files

import pytest

from bcclog._people.block_addresses import parse_block_list, split_on_behalf
from bcclog._people.normal import normalize
from bcclog.codes import Code
from bcclog.policy import Limits

KIM, JO = "kim@customer.example", "jo@partner.example"
EVIL = "evil@attacker.example"

Pairs = list[tuple[str | None, str | None]]


def pairs(text: str) -> Pairs:
    return [(one.name, one.email) for one in parse_block_list(text).mailboxes]


@pytest.mark.parametrize(
    "text",
    [
        f"Kim Roe <{KIM}>", f'"Kim Roe" <{KIM}>', f'"Kim Roe"<{KIM}>;', f"'Kim Roe' <{KIM}>", f"“Kim Roe” <{KIM}>", f"„Kim Roe“ <{KIM}>",
        f"«Kim Roe» <{KIM}>", f"\"'Kim Roe'\" <{KIM}>", f"*Kim Roe* <{KIM}>", f"*Kim Roe <{KIM}>*", f"Kim Roe *<{KIM}>*", f"Kim Roe\u00a0<{KIM}>",
        f"Kim Roe [{KIM}]", f"Kim Roe [mailto:{KIM}]", f"Kim Roe ({KIM})", f"Kim Roe <mailto:{KIM}>", f"Kim Roe [SMTP:{KIM}]",
        f"Kim Roe <{KIM}<mailto:{KIM}>>", f"Kim Roe <{KIM}> <mailto:{KIM}>", f"Kim Roe [{KIM}<mailto:{KIM}>]", f"Kim Roe [[mailto:{KIM}]]",
        f'"Kim Roe" {KIM}', f"Kim Roe {KIM}", f"{KIM} (Kim Roe)", f"Kim Roe <{KIM}> (at work)", f"Kim Roe <{KIM}> wrote:",
        f"Kim\n Roe\n <{KIM}>\n", "Kim Roe <kim@customer.\nexample>", f"=?utf-8?q?Kim_Roe?= <{KIM}>", f"Kim Roe＜{KIM.replace('@', '＠')}＞",
        f"\u200fKim Roe\u200f <\u200e{KIM}\u200e>", f"Kim Roe <{KIM}>;", f"; Kim Roe <{KIM}>,", f'"Kim Roe <{KIM}>',
        f"Kim Roe <[{KIM}](mailto:{KIM})>", f"Kim Roe <{KIM} (mailto:{KIM})>", f"Kim Roe <{KIM} [mailto:{KIM}]>", f"Kim Roe <{KIM} [{KIM}]>",
        f"Kim Roe <{KIM} ( {KIM} )>", f"[Kim Roe](mailto:{KIM})", f"Kim Roe <[1]{KIM}>", f"Kim Roe <{KIM} [12]>",
        f"Kim Roe <[{KIM}|mailto:{KIM}]>", f"Kim Roe <[{KIM}](mailto:Kim%20Roe%20%3c{KIM}%3e)>", f"Kim Roe ‹{KIM}›", f"Kim Roe ⟨{KIM}⟩",
        f"Kim Roe [/o=ExchangeLabs/ou=x/cn=kim] <{KIM}>", f"Kim Roe - {KIM}", f"Kim Roe – <{KIM}>", f"Kim Roe - <{KIM}>", f"Kim Roe | {KIM}",
        f"- Kim Roe <{KIM}>", f"Kim Roe / {KIM}", f"Kim Roe, <{KIM}>",
    ],
)  # fmt: skip
def test_one_person_is_read_from_any_notation(text: str) -> None:
    assert pairs(text) == [("Kim Roe", KIM)]


@pytest.mark.parametrize(
    "text",
    [
        KIM,
        f"<{KIM}>",
        f"<mailto:{KIM}>",
        f"<mailto:{KIM.replace('@', '%40')}>",
        f"mailto:{KIM}",
        f"{KIM} <mailto:{KIM}>",
        f"{KIM}<mailto:{KIM}>",
        f"{KIM}.",
        f"<<{KIM}>>",
    ],
)
def test_an_address_without_a_name_has_none(text: str) -> None:
    assert pairs(text) == [(None, KIM)]


@pytest.mark.parametrize(
    "marks",
    [
        "''", "‘’", "‚‘", '""', "“”", "„“", "«»", "»«", "‹›", "「」", "『』", "【】", "``", "´´", "**", "__", "~~", "||", "//", "{}", "()", "[]", "（）", "［］", "＂＂", "\u2060\u2060",
        "'", "*", "`", "“", "•", ("", "'"), ("", "’"), ("", "*"), ("", "|"), ("", "–"), ("**", "**"), ("\"'", "'\""), ("'\"", "\"'"), ("*'", "'*"), ("\u200e'", "'\u200e"), ("mailto:", ""),
        ("mailto://", ""), ("mailto:%27", "%27"), ("<mailto:%27", "%27>"), ("'mailto:", "'"), ("<mailto://", ">"), ("<'", "'>"), ("<[", "]>"), ("<mailto:'", "'>"), ("'<", ">'"), ('<"', '">'), ("\\<", "\\>"),
        ("'", f"' <mailto:{KIM}>"), ("'", f"'<mailto:{KIM}>"), ("'", f"' [mailto:{KIM}]"),
    ],
)  # fmt: skip
def test_R16_marks_round_a_bare_address_are_no_part_of_it(marks: str | tuple[str, str]) -> None:
    left, right = marks if isinstance(marks, tuple) else (marks[0], marks[1:])
    assert pairs(f"{left}{KIM}{right}") == [(None, KIM)]
    assert pairs(f"{left}{KIM}{right}; Jo <{JO}>") == [(None, KIM), ("Jo", JO)]
    if not left.startswith(('"', "'\"", "'<")) and "mailto" not in right:  # quotes inside of a name are its own
        assert pairs(f"Roe {left}{KIM}{right}") == [("Roe", KIM)]


@pytest.mark.parametrize(
    "email",
    ["_kim@x.example", "kim_@x.example", "o'neil@x.example", "'kim'@x.example", "+kim@x.example", "k*m@x.example"],
)
def test_marks_that_nothing_closes_are_part_of_an_address(email: str) -> None:
    assert [pairs(email), pairs(f"Kim <{email}>")] == [[(None, email)], [("Kim", email)]]


@pytest.mark.parametrize("cut", ["…", "...", ".."])
def test_an_address_that_is_cut_off_is_none(cut: str) -> None:
    assert pairs(f"kim@customer.exam{cut}") == [(f"kim@customer.exam{cut}", None)]
    assert pairs(f"Kim <kim@customer.exam{cut}>") == [("Kim", None)]


def test_half_an_address_behind_a_backslash_is_none() -> None:
    assert [email for _, email in pairs(f"k\\{KIM}")] == [None]
    assert pairs("Kim \\<k\\_m\\-x@customer.example\\>") == [("Kim", "k_m-x@customer.example")]


def test_the_only_address_inside_double_quotes_is_the_persons() -> None:
    assert pairs(f'"Kim Roe <{KIM}>"; "Kim, {JO}"') == [("Kim Roe", KIM), ("Kim, jo@partner.example", None)]


@pytest.mark.parametrize(
    "picture",
    ["[cid:image001.png@01D9A1B2.C3D4E5F6]", "<cid:a@b.example>", "[image: portrait]", "![Kim](https://x/a@b)"],
)
@pytest.mark.parametrize("form", ["{} Kim <{}>", "Kim {} <{}>", "Kim <{1}> {0}"])
def test_a_picture_beside_a_person_is_nobody(picture: str, form: str) -> None:
    found = parse_block_list(form.format(picture, KIM) + f", Jo <{JO}>")
    assert [(one.name, one.email) for one in found.mailboxes] == [("Kim", KIM), ("Jo", JO)]
    assert not found.notes


def test_an_at_sign_in_a_link_makes_no_person() -> None:
    found = parse_block_list(f"Kim <{KIM}> [https://x.example/kim@2x.png], Jo <{JO}>")
    assert [(one.name, one.email) for one in found.mailboxes] == [("Kim", KIM), ("Jo", JO)]


@pytest.mark.parametrize("mask", ["ki...@customer.example", "kim.k…@customer.example", "k***@customer.example"])
@pytest.mark.parametrize("form", ["Kim <{}>", "Kim [{}]", "Kim <mailto:{}>", "Kim <{}>, Jo <jo@partner.example>"])
def test_a_masked_address_is_none(mask: str, form: str) -> None:
    found = parse_block_list(form.format(mask)).mailboxes
    assert found[0].email is None
    assert [one.email for one in found[1:]] == [JO] * (len(form) > 20)


@pytest.mark.parametrize(
    "first",
    ["</O=X/OU=Y/CN=KIM>", "<[email protected]>", "<kim(at)x.example>", "<tel:+49431>", "<kim@cu stomer.example>"],
)
@pytest.mark.parametrize("second", ["</O=X/CN=JO>", "<[email protected]>", f"<{JO}>"])
def test_a_comma_parts_two_people_where_brackets_stand_in_the_place_of_an_address(first: str, second: str) -> None:
    found = parse_block_list(f"Kim {first}, Jo {second}").mailboxes
    assert [(one.name, one.email) for one in found] == [("Kim", None), ("Jo", JO if JO in second else None)]


@pytest.mark.parametrize("text", [f"'{KIM}' <{KIM}>", f'"{KIM}" <{KIM}>', f"{KIM} <{KIM}>"])
def test_R31_an_address_written_as_name_is_a_name(text: str) -> None:
    assert pairs(text) == [(KIM, KIM)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"Roe, Kim <{KIM}>, Doe, Jo <{JO}>", [("Roe, Kim", KIM), ("Doe, Jo", JO)]),
        (f'"Roe, Kim" <{KIM}>; "Doe, Jo" <{JO}>', [("Roe, Kim", KIM), ("Doe, Jo", JO)]),
        (f"Roe, Jr., Kim <{KIM}>", [("Roe, Jr., Kim", KIM)]),
        ("Roe, Kim", [("Roe, Kim", None)]),
        ("van Roe, Kim Jo", [("van Roe, Kim Jo", None)]),
        ("Roe, Kim; Doe, Jo", [("Roe, Kim", None), ("Doe, Jo", None)]),
        (f"Roe, Kim; Doe, Jo <{JO}>;", [("Roe, Kim", None), ("Doe, Jo", JO)]),
        (f"Roe, Kim <{KIM}>; Doe, Jo", [("Roe, Kim", KIM), ("Doe, Jo", None)]),
        (f"{KIM}, Doe, Jo <{JO}>", [(None, KIM), ("Doe, Jo", JO)]),
        (f"Kim via Sales <{JO}>", [("Kim via Sales", JO)]),
        (f"Kim (Sales) Roe <{KIM}>", [("Kim (Sales) Roe", KIM)]),
        (f"[EXT] Kim Roe <{KIM}>", [("[EXT] Kim Roe", KIM)]),
        (f"Sales: Kim Roe <{KIM}>", [("Sales: Kim Roe", KIM)]),
        (f'Kim 5" Roe <{KIM}>; Jo 6" <{JO}>', [('Kim 5" Roe', KIM), ('Jo 6"', JO)]),
        (f'"Kim \\"K\\" Roe" <{KIM}>', [('Kim "K" Roe', KIM)]),
        (f"Kim @ Home <{KIM}>", [("Kim @ Home", KIM)]),
        (f"Kim - Sales <{KIM}>", [("Kim - Sales", KIM)]),
        (f"Kim Roe- <{KIM}>", [("Kim Roe-", KIM)]),
        ("Kim O'Neil <o'neil@x.example>", [("Kim O'Neil", "o'neil@x.example")]),
        (f"Roe\nKim <{KIM}>", [("Roe Kim", KIM)]),
    ],
)  # fmt: skip
def test_R31_names_are_kept_whole(text: str, expected: Pairs) -> None:
    assert pairs(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f'Kim [HYPERLINK "mailto:{KIM}"mailto:{KIM}]; HYPERLINK "mailto:{JO}" \\t "_blank" {JO}', [("Kim", KIM), (None, JO)]),
        (f'Kim HYPERLINK "mailto:{KIM}" <{KIM}>, Jo <HYPERLINK "mailto:{JO}"{JO}>', [("Kim", KIM), ("Jo", JO)]),
        (f'Kim <HYPERLINK "mailto:{JO}"{KIM}>', [("Kim", None)]),
        (f'Kim <HYPERLINK "mailto:{KIM}"{KIM}.example>', [("Kim", None)]),
    ],
)  # fmt: skip
def test_T59_a_field_of_word_that_shows_the_address_it_links_is_passed_over(text: str, expected: Pairs) -> None:
    assert pairs(text) == expected


@pytest.mark.parametrize("separator", [";", "; ", ",", ", ", "；", "，", "、", "، ", "؛", ",\n ", ";\n", " ; , ", "\n"])
def test_T22_people_are_parted_by_the_signs_of_every_keyboard(separator: str) -> None:
    assert pairs(f"金 <{KIM}>{separator}Jo <{JO}>") == [("金", KIM), ("Jo", JO)]
    assert pairs(f"{KIM}{separator}{JO}{separator}") == [(None, KIM), (None, JO)]


@pytest.mark.parametrize("separator", [";", "；", "、", "؛"])
def test_T22_names_alone_are_parted_by_signs_that_no_name_holds(separator: str) -> None:
    assert pairs(f"金, 一{separator}朴") == [("金, 一", None), ("朴", None)]


@pytest.mark.parametrize(
    ("text", "expected", "groups"),
    [
        (f"Team: {KIM}, {JO};", [(None, KIM), (None, JO)], ("Team",)),
        ("undisclosed-recipients:;", [], ("undisclosed-recipients",)),
        ("Undisclosed recipients：", [], ("Undisclosed recipients",)),
        (f"Team: Kim <{KIM}>, Jo <{JO}>;", [("Kim", KIM), ("Jo", JO)], ("Team",)),
        (f"Team: Kim <{KIM}>;, Jo <{JO}>", [("Kim", KIM), ("Jo", JO)], ("Team",)),
        (f"Team: Kim <{KIM}>;", [("Kim", KIM)], ("Team",)),
        (f"Team: Kim <{KIM}>; Jo <{JO}>", [("Team: Kim", KIM), ("Jo", JO)], ()),
        (f"Jo <{JO}>; Re: Kim <{KIM}>;", [("Jo", JO), ("Re: Kim", KIM)], ()),
        (f"Kim </O=ORG/CN=KIM>; Jo <{JO}>", [("Kim", None), ("Jo", JO)], ()),
        ("Kim <[email protected]>", [("Kim", None)], ()),
        ("", [], ()),
        (" ; , ;\n", [], ()),
    ],
)
def test_T3_groups_and_brackets_without_address_are_nobody(text: str, expected: Pairs, groups: tuple[str, ...]) -> None:
    assert (pairs(text), parse_block_list(text).groups) == (expected, groups)


def test_an_address_that_the_line_cuts_off_is_not_used() -> None:
    found = parse_block_list("Kim <kim@customer.exam")
    assert [(one.name, one.email) for one in found.mailboxes] == [("Kim", None)]
    assert (found.unreadable, [code for code, _, _ in found.notes]) == (((4, 22),), [Code.WARN_ADDRESS_UNREADABLE])


def test_T16_several_at_signs_are_no_address() -> None:
    assert pairs(f"rep@acme.example@attacker.example, {KIM}")[-1:] == [(None, KIM)]
    assert not any(
        one.email and "acme" in one.email for one in parse_block_list("rep@acme.example@attacker.example").mailboxes
    )


@pytest.mark.parametrize("odd", ["\u200b", "\u00ad", "\u202e", "\u2060"])
def test_T24_an_invisible_character_inside_an_address_leaves_it_unusable(odd: str) -> None:
    ((_, email),) = pairs(f"K{odd}im <k{odd}im@customer.example>")
    assert email == "k\ufffdim@customer.example" and normalize(email) is None
    assert pairs(f"K{odd}im <{KIM}>") == [("Kim", KIM)]


@pytest.mark.parametrize("mark", ["\u200b", "\u00ad", "\u2060", "\ufeff"])
@pytest.mark.parametrize("text", ["kim@{}customer.example", "kim{}@customer.example", "kim@customer.{}example"])
def test_T24_an_invisible_mark_where_a_line_may_break_is_no_part_of_an_address(text: str, mark: str) -> None:
    assert pairs(text.format(mark)) == [(None, KIM)]
    assert pairs(f"Kim <{text.format(mark)}>") == [("Kim", KIM)]


@pytest.mark.parametrize("odd", ["\u202e", "\u200f", "\u2066"])
def test_T24_a_mark_of_direction_inside_an_address_leaves_it_unusable_anywhere(odd: str) -> None:
    assert [normalize(email or "") for _, email in pairs(f"kim@{odd}customer.example")] == [None]


@pytest.mark.parametrize(
    "text",
    [
        f"Kim <{KIM}> zamiast Jo",
        f"Kim [mailto:{KIM}] Zamiast Jo Doe",
        f"{KIM} Kaufmann",
        f"<{KIM}> wrote:",
        f"Kim <{KIM}> x, Jo <{JO}>",
        f"Doe, Jo, {KIM}",
        f"Jo, {KIM}",
        f"Kim: {KIM}",
        f"Team: {KIM}, {JO}",
    ],
)
def test_R31_words_beside_an_address_are_said(text: str) -> None:
    assert [code for code, _, _ in parse_block_list(text).notes] == [Code.WARN_ADDRESS_WORDS_BEHIND]


@pytest.mark.parametrize(
    "text",
    [
        f"Kim <{KIM}> (at work)",
        f"Kim <{KIM}> [EXTERNAL]",
        f"'{KIM}' – ;",
        f"Kim <{KIM}><https://x.example/kim>",
        f"{KIM} (Kim) <mailto:{KIM}>",
        f"{KIM} and {JO}",
        f"Kim <{KIM}> Jo <{JO}>",
        f"Kim <{KIM}>.",
    ],
)
def test_what_stands_in_brackets_behind_an_address_and_what_joins_two_is_nothing_to_say(text: str) -> None:
    assert parse_block_list(text).notes == ()


@pytest.mark.parametrize("name", [f'"{KIM}"', f"'{KIM}'", KIM, f"Kim <b> {KIM}", f'"Kim <{KIM}>"', f"“{KIM}”"])
def test_T64_a_name_that_holds_an_address_is_a_name(name: str) -> None:
    found = parse_block_list(f"{name} <{EVIL}>")
    assert [one.email for one in found.mailboxes] == [EVIL]
    assert [code for code, _, _ in found.notes] == [Code.WARN_NAME_HOLDS_ADDRESS]


@pytest.mark.parametrize(
    "text",
    [
        f"{KIM} via {EVIL}",
        f"{KIM} {EVIL}",
        f"{KIM}, {EVIL}",
        f"Kim <{KIM}> <{EVIL}>",
        f"Kim <{KIM}> Evil [{EVIL}]",
        f"<{KIM}> {EVIL}",
    ],
)
def test_T64_two_addresses_are_two_people_for_the_caller_to_doubt(text: str) -> None:
    assert [one.email for one in parse_block_list(text).mailboxes] == [KIM, EVIL]


def test_T64_a_name_of_10_kB_is_read() -> None:
    assert pairs(f"{'Kim ' * 2_500}<{KIM}>") == [(("Kim " * 2_500).strip(), KIM)]


@pytest.mark.parametrize(("count", "is_complete"), [(3, True), (4, False)])
def test_T28_past_the_limit_of_addresses_reading_stops_and_says_so(count: int, is_complete: bool) -> None:
    found = parse_block_list("; ".join(f"kim{n}@x.example" for n in range(count)), Limits(max_addresses=3))
    assert (len(found.mailboxes), found.is_complete) == (3, is_complete)


# --- two senders


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"List [mailto:{JO}] Im Auftrag von Kim", (f"List [mailto:{JO}]", "Kim")),
        (f"List <{JO}> im Auftrag von Kim <{KIM}>", (f"List <{JO}>", f"Kim <{KIM}>")),
        (f"{JO} [mailto:{JO}]\n On Behalf Of Kim Roe", (f"{JO} [mailto:{JO}]", "Kim Roe")),
        (f"List <{JO}> de la part de Kim <{KIM}>", (f"List <{JO}>", f"Kim <{KIM}>")),
        (f"List <{JO}> namens Kim <{KIM}>", (f"List <{JO}>", f"Kim <{KIM}>")),
        (f"List <{JO}> が Kim <{KIM}> の代理で送信", (f"List <{JO}>", f"Kim <{KIM}>")),
        (f"List <{JO}> בשם Kim <{KIM}>", (f"List <{JO}>", f"Kim <{KIM}>")),
        (f"List <{JO}> 代表 Kim <{KIM}>", (f"List <{JO}>", f"Kim <{KIM}>")),
        (f"\u0130 <{JO}> on behalf of Kim <{KIM}>", (f"\u0130 <{JO}>", f"Kim <{KIM}>")),
        ("Jo on behalf of Kim", ("Jo", "Kim")),
        (f"Jo </O=X/CN=JO> on behalf of Kim <{KIM}>", ("Jo </O=X/CN=JO>", f"Kim <{KIM}>")),
        (f"Jo [/o=X/cn=jo] on behalf of Kim <{KIM}>", ("Jo [/o=X/cn=jo]", f"Kim <{KIM}>")),
        (f"List [mailto:{JO}] För Kim Roe via Desk", (f"List [mailto:{JO}]", "Kim Roe via Desk")),
        (f"{JO} puolesta Kim <{KIM}>", (JO, f"Kim <{KIM}>")),
        (f"Center för Kim <{KIM}>", None),
        (f"Jo <{JO}> Center för Kim", None),
        ("Center för Kim", None),
        (f"Kim <{KIM}>", None),
        (f"DocuSign on behalf of Kim <{JO}>", None),
        (f'"Jo on behalf of {KIM}" <{EVIL}>', None),
        (f'"Kim <{KIM}> on behalf of x" <{EVIL}>', None),
        (f"on behalf of Kim <{KIM}>", None),
        (f"Jo <{JO}> on behalf of ", None),
        (f"王代表 <{KIM}>", None),
        (f"Kim via Sales <{JO}>", None),
    ],
)
def test_R31_T64_the_one_on_whose_behalf_it_was_sent_is_the_author(text: str, expected: tuple[str, str] | None) -> None:
    assert split_on_behalf(text) == expected


def test_every_phrase_stands_between_two_senders() -> None:
    data = json.loads((files("bcclog") / "data" / "on_behalf.json").read_text("utf-8"))
    for phrase in data["phrases"]:
        assert (
            set(phrase) - {"after_address"} == {"text", "locales", "confidence", "source"}
            and phrase["source"] in data["sources"]
        )
        assert phrase["text"] == phrase["text"].lower() and phrase["text"].startswith("{sender} ")
        text = phrase["text"].format(sender=f"List <{JO}>", author=f"Kim <{KIM}>")
        assert split_on_behalf(text) == (f"List <{JO}>", f"Kim <{KIM}>")


def test_R31_what_turns_html_into_text_joins_no_two_people() -> None:
    assert pairs(f"Kim Roe <{KIM} (mailto:{KIM})>, Jo Doe <{JO} [mailto:{JO}]>") == [("Kim Roe", KIM), ("Jo Doe", JO)]
    assert pairs(f"[Kim Roe](mailto:{KIM}), [Jo Doe](mailto:{JO})") == [("Kim Roe", KIM), ("Jo Doe", JO)]


def test_T59_an_address_with_another_one_behind_it_is_no_address() -> None:
    assert pairs(f"Kim Roe <{KIM} (mailto:{EVIL})>") == [("Kim Roe", None)]
    assert pairs(f"Kim Roe <{KIM}<mailto:{EVIL}>>") == [("Kim Roe", None)]
    assert pairs(f"Kim Roe <{KIM}<mailto:{KIM}>>, Jo <{JO}<http://b.example/{JO}>>") == [("Kim Roe", KIM), ("Jo", JO)]


def test_T59_T64_a_link_to_another_is_another_and_a_name_in_square_brackets_is_a_name() -> None:
    assert [email for _, email in pairs(f"{KIM}<mailto:{EVIL}>")] == [KIM, EVIL]
    assert [email for _, email in pairs(f"Kim {KIM} <mailto:{EVIL}>")] == [KIM, EVIL]
    assert pairs(f"{KIM}<mailto:{KIM}>, Jo {JO} <mailto:{JO}>") == [(None, KIM), ("Jo", JO)]
    assert pairs(f"{KIM} [mailto:{EVIL}]") == [(KIM, EVIL)]


def test_the_directory_address_of_outlook_is_no_part_of_a_name() -> None:
    assert pairs("Kim Roe [/o=ExchangeLabs/ou=x/cn=kim]; Jo Doe") == [("Kim Roe", None), ("Jo Doe", None)]


def test_T24_marks_are_taken_off_round_a_whole_address_only() -> None:
    assert pairs(f"Kim <'{KIM}'>") == [("Kim", KIM)]
    assert pairs("Kim <'kim'@customer.example>") == [("Kim", "'kim'@customer.example")]
    assert pairs("Kim <*kim*@customer.example>") == [("Kim", "*kim*@customer.example")]


@pytest.mark.parametrize(
    "text",
    [f"Kim <[{KIM}|mailto:{EVIL}]>", f"Kim <[{KIM}](mailto:Kim%20%3c{EVIL}%3e)>", f"Kim <[{KIM}](mailto:%3c%3e)>"],
)
def test_T59_a_link_to_another_address_is_no_address_in_any_notation(text: str) -> None:
    assert pairs(text) == [("Kim", None)]
