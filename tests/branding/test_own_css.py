"""Stylesheets that organizations write: the worked tables of docs/rules/own-css.md, and tricks."""

import string
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from branding.rules.contrast import TEXT, contrast, luminance
from branding.rules.own_css import (
    FIXED,
    GROUNDS,
    INKS,
    LEAST_LIGHT,
    MOST_DARK,
    MOST_LETTERS,
    MOST_RULES,
    PROPERTIES,
    ROOT,
    SENTENCES,
    UNPAINTED,
    read_css,
)
from branding.rules.palette import BrandFacts, derive_palette
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
    sheet = read_css("a, .b > c::placeholder { gap: 0 } @media (hover) { * { gap: 0 } }").sheet

    rules = [line for line in sheet.splitlines() if "{ gap" in line]
    assert len(rules) == 3 and sheet.startswith("@layer own {")
    for rule in rules:
        assert rule.startswith(f":is(.{ROOT}, .{ROOT} *):is(") and all(
            f"{part}, " in rule and f"{part} *" in rule for part in FIXED
        )
        assert all(part in rule for part in UNPAINTED)


SERVED_PAIRS = [
    ("color: #7c2d6b; background: white", "color: #7c2d6b; background: #ffffff; color-scheme: light;"),
    ("color: WHITE; background-color: hsl(0 0% 4%)", "color: #ffffff; background: #0a0a0a; color-scheme: dark;"),
    (
        "color: var(--color-muted); background: var(--color-surface)",
        "color: var(--color-muted); background: var(--color-surface);",
    ),
    (
        "color: #fff; background: linear-gradient(#000 #000)",  # which no browser takes: then the plain ground stays
        "color: #ffffff; background: #000000; background-image: linear-gradient(#000 #000); color-scheme: dark;",
    ),
]


@pytest.mark.parametrize(("typed", "served"), SERVED_PAIRS)
def test_text_is_served_with_its_ground_and_scheme(typed: str, served: str) -> None:
    assert read_css(f"a {{ {typed} }}").sheet.partition("{ color")[2].partition(" }")[0] == served.removeprefix("color")


@pytest.mark.parametrize("primary", ["#3c5a99", "#ffe600", "#000000", "#ffffff", "#d0006f", "#777777"])
@pytest.mark.parametrize("neutral", ["brand", "warm"])
def test_whatever_ground_is_taken_the_colours_of_the_product_can_be_read_on_it(primary: str, neutral: str) -> None:
    colours = derive_palette(BrandFacts(primary=primary, neutral=neutral)).colours
    status = [name.removeprefix("--color-") for name in INKS if name.endswith("-text") and name != "--color-text"]
    light, dark = ["neutral-900", "neutral-600", "text", *status], ["neutral-100", "neutral-400", "text-dark"]
    dark += [f"{name}-dark" for name in status]
    greys = [f"#{level:02x}{level:02x}{level:02x}" for level in range(256)]
    palest = next(grey for grey in greys if luminance(grey) >= LEAST_LIGHT)
    darkest = [grey for grey in greys if luminance(grey) <= MOST_DARK][-1]

    assert len(status) == 4 and len(GROUNDS) == 5
    assert min(contrast(colours[name], palest) for name in light) >= TEXT - 0.1
    assert min(contrast(colours[name], darkest) for name in dark) >= TEXT


def test_problems_say_their_lines() -> None:
    read = read_css(
        "a { gap: 0; }\n\n.b {\n  gap: 0;\n  position: fixed;\n}\n.c {\n  gap: 0;\n  color: red;\n}\n@import 'x';\n"
    )

    assert [(problem.line, problem.code) for problem in read.problems] == [
        (5, "css_property"),
        (9, "css_pair"),
        (11, "css_at"),
    ]
    assert {problem.code for problem in read.problems} <= SENTENCES.keys()


@pytest.mark.parametrize(
    "sheet",
    [
        "x" * 1_000_000,
        "a{" + "(" * 4000,
        "a" + ":not(" * 1000 + "b" + ")" * 1000 + "{gap:0}",
        "{" * 5000 + "}" * 5000,
        "a{gap:0}" * 800,
        ",".join(["a"] * 4000) + "{gap:0}",
        "a{gap:0\0}",
        "a{gap:0\u200b}",
        "a{gap:0;\u202e}",
        "</style><script>alert(1)</script>",
        "a{gap:0}/*",
        "/*/ a{gap:0} /*/ {",
        "a{ga/**/p:0}",
        "a{gap:0;}b{background:URL(x)}",
        "a{background:u/**/rl(x)}",
        "a{font-family:'x\ny'}",
        "a{background:element(#x)}",
        "a{color:attr(data-x)}",
        "a{width:expression(alert(1))}",
        "a{behavior:x}",
        "@charset 'utf-7';a{gap:0}",
        "@namespace 'x';",
        "@property --color-text {syntax:'*'}",
        "@keyframes x {to{gap:0}}",
        "@supports (gap:0) {a{gap:0}}",
        "a{animation:x}",
        "a|b{gap:0}",
        "svg|*{gap:0}",
        "a{gap:0}}:root{display:none",
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
    line = "a.b > c { color: #123456; background: #fff }\n"
    sheet = line * min(MOST_RULES, MOST_LETTERS // len(line))
    started = time.process_time()

    assert read_css.__wrapped__(sheet).rules and time.process_time() - started < 5
