"""Words in lines as wide as their thing: as a page shows them, and each letter is looked at a few times at most."""

import random

import pytest

from sessions_live.boards.format import svg
from sessions_live.boards.format.svg import LETTER, WIDE_LETTER, Page, Thing, drawing_of, lines_of

pytestmark = pytest.mark.unit
PLACE = {"x": 0, "y": 0, "sx": 1, "sy": 1, "z": 1}


def thing(words, *, w=260.0, size=16, kind="text"):
    return Thing({"kind": kind, "x": 0, "y": 0, "w": w, "h": 0, "width": size, "colour": 0}, PLACE, words)


def width(line, size=16):
    return sum(WIDE_LETTER if letter >= "\u3000" else LETTER for letter in line) * size / 100


@pytest.mark.parametrize(
    ("words", "lines"),
    [
        ("", [""]),
        ("one two", ["one two"]),
        ("one two three four", ["one two", "three", "four"]),
        ("a\n\nb", ["a", "", "b"]),
        ("abcdefghijklmnop", ["abcdefghi", "jklmnop"]),
        ("ab abcdefghijkl cd", ["ab", "abcdefghi", "jkl cd"]),
        ("世界世界世界", ["世界世界世", "界"]),
        ("a  b", ["a  b"]),
    ],
)
def test_words_are_broken_where_a_page_breaks_them(words, lines):
    assert lines_of(thing(words, w=80.0)) == lines


def test_thing_that_is_narrower_than_a_letter_has_one_on_each_line():
    assert lines_of(thing("界ab", w=1.0)) == ["界", "a", "b"]
    assert lines_of(thing("ab", w=10.0, kind="note")) == ["a", "b"]


def test_lines_fit_and_no_letter_is_lost():
    chance = random.Random(3)
    for _ in range(300):
        words = "".join(chance.choice("ab世界  ") for _ in range(chance.randint(1, 200)))
        lines = lines_of(thing(words))
        assert "".join(lines).replace(" ", "") == words.replace(" ", "")
        assert all(width(line.rstrip(" ")) <= 260.001 for line in lines)


@pytest.mark.parametrize("words", ["界" * 2000, "a" * 2000, "a " * 1000, "界 " * 1000])
def test_each_letter_is_measured_a_few_times_at_most(monkeypatch, words):
    seen = []
    monkeypatch.setattr(svg, "wcwidth", lambda letter: seen.append(letter) or 1)
    drawing_of(Page(things=[thing(words)]), pictures=(), family="serif")
    assert len(seen) <= 4 * len(words)
