"""Stylesheets that organizations write: the worked tables of docs/rules/own-css.md, and tricks."""

import string
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from branding.rules.own_css import FIXED, MOST_LETTERS, MOST_RULES, PROPERTIES, ROOT, SENTENCES, read_css
from tests.rules_tables import rows

pytestmark = pytest.mark.unit
# What may never be in a sheet that is served.
NEVER = (
    "url(",
    "\\",
    "import",
    "font-face",
    "position",
    "display",
    "content:",
    "z-index",
    "!",
    "opacity",
    "visibility",
    "transform:",
    "expression",
    "<",
)
PIECES = ["a", ".b", "{", "}", "(", ")", ":", ";", "color", "red", "url(x)", "@media", "@import", "/*", "*/", '"', "\\75", "position", "fixed", "--x",
          "var(", "!important", "::before", "content", ",", ">", "\n", "\0", "<", "é", "0", "px", "[data-x]", "&", "@layer x"]  # fmt: skip


@pytest.mark.parametrize(("sheet", "answer"), rows("own-css", "Sheet"))
def test_sheet_of_the_worked_table(sheet: str, answer: str) -> None:
    read = read_css(sheet)

    codes = {problem.code for problem in read.problems}
    assert (
        (answer in codes and read.sheet == "") if answer != "taken" else (not codes and read.rules == 1 and read.sheet)
    )
    assert all(problem.sentence.startswith("Line 1: ") for problem in read.problems)


def test_every_property_of_the_worked_table_is_taken() -> None:
    named = {
        name.strip()
        for names, _values in rows("own-css", "Property")
        for name in names.replace(" and its sides", "").split(",")
    }

    assert {name.removesuffix(" and its corners").partition(" and ")[0] for name in named} <= PROPERTIES.keys()
    assert {
        "display",
        "position",
        "content",
        "visibility",
        "opacity",
        "transform",
        "cursor",
        "filter",
        "clip-path",
    }.isdisjoint(PROPERTIES)


def test_every_rule_is_within_the_root_and_reaches_nothing_fixed() -> None:
    sheet = read_css("a, .b > c::placeholder { color: red } @media (hover) { * { color: red } }").sheet

    rules = [line for line in sheet.splitlines() if "{ color" in line]
    assert len(rules) == 3 and sheet.startswith("@layer own {")
    for rule in rules:
        assert rule.startswith(f":is(.{ROOT}, .{ROOT} *):is(") and all(
            f"{part}, " in rule and f"{part} *" in rule for part in FIXED
        )


def test_problems_say_their_lines() -> None:
    read = read_css("a { color: red; }\n\n.b {\n  color: red;\n  position: fixed;\n}\n@import 'x';\n")

    assert [(problem.line, problem.code) for problem in read.problems] == [(5, "css_property"), (7, "css_at")]
    assert {problem.code for problem in read.problems} <= SENTENCES.keys()


@pytest.mark.parametrize(
    "sheet",
    [
        "x" * 1_000_000,
        "a{" + "(" * 4000,
        "a" + ":not(" * 1000 + "b" + ")" * 1000 + "{color:red}",
        "{" * 5000 + "}" * 5000,
        "a{color:red}" * 800,
        ",".join(["a"] * 4000) + "{color:red}",
        "a{color:red\0}",
        "a{color:re\u200bd}",
        "a{color:red;\u202e}",
        "</style><script>alert(1)</script>",
        "a{color:red}/*",
        "/*/ a{color:red} /*/ {",
        "a{co/**/lor:red}",
        "a{color:red;}b{background:URL(x)}",
        "a{background:u/**/rl(x)}",
        "a{font-family:'x\ny'}",
        "a{background:element(#x)}",
        "a{color:attr(data-x)}",
        "a{width:expression(alert(1))}",
        "a{behavior:x}",
        "@charset 'utf-7';a{color:red}",
        "@namespace 'x';",
        "@property --color-text {syntax:'*'}",
        "@keyframes x {to{color:red}}",
        "@supports (color:red) {a{color:red}}",
        "a{animation:x}",
        "a|b{color:red}",
        "svg|*{color:red}",
        "a{background:red}}:root{display:none",
    ],
)
def test_trick_is_refused_at_once(sheet: str) -> None:
    started = time.process_time()
    read = read_css.__wrapped__(sheet)

    assert read.problems and read.sheet == "" and time.process_time() - started < 5


@given(st.lists(st.sampled_from(PIECES) | st.text(string.printable, max_size=4), max_size=30))
@settings(max_examples=150, deadline=None)
def test_whatever_is_served_holds_nothing_forbidden(pieces: list[str]) -> None:
    for sheet in (" ".join(pieces), "a {" + " ".join(pieces) + "}"):
        served = read_css.__wrapped__(sheet).sheet
        assert not any(word in served.lower() for word in NEVER), served


def test_sheet_as_long_as_may_be_is_read_in_a_moment() -> None:
    line = "a.b > c { color: #123456; padding: 1rem }\n"
    sheet = line * min(MOST_RULES, MOST_LETTERS // len(line))
    started = time.process_time()

    assert read_css.__wrapped__(sheet).rules and time.process_time() - started < 5
