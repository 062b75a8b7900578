"""Markdown of articles as HTML: headings with anchors, lists, tables, links; no HTML of the writer's own, no pictures, nothing that runs."""

import re
from dataclasses import dataclass

import nh3
from django.utils.text import slugify
from markdown_it import MarkdownIt
from markdown_it.token import Token

TAGS = {"p", "h2", "h3", "h4", "ul", "ol", "li", "a", "strong", "em", "code", "pre", "blockquote", "hr", "br", "table",
        "thead", "tbody", "tr", "th", "td"}  # fmt: skip
ATTRIBUTES = {"a": {"href"}, "h2": {"id"}, "h3": {"id"}, "h4": {"id"}, "ol": {"start"}}
SCHEMES = {"https", "http", "mailto", "tel"}
TOP = 2  # of an article's headings: its title is the first
_SIGNS = re.compile(r"([\\`*_{}\[\]()#+\-.!|<>&~])")
_read = MarkdownIt("commonmark", {"html": False, "breaks": False}).enable("table").disable("image")


@dataclass(frozen=True, slots=True)
class Heading:
    """One line of an article's contents."""

    anchor: str
    words: str


@dataclass(frozen=True, slots=True)
class Drawn:
    """An article's body: safe HTML, its contents, and its words as text."""

    html: str
    contents: tuple[Heading, ...]
    text: str


def drawn(source: str) -> Drawn:
    """Make the HTML. The highest heading becomes an h2, whatever it was."""
    tokens = _read.parse(source)
    headings = _with_anchors(tokens)
    html = nh3.clean(
        _read.renderer.render(tokens, _read.options, {}),
        tags=TAGS,
        attributes=ATTRIBUTES,
        url_schemes=SCHEMES,
        link_rel="noopener noreferrer",
    )
    return Drawn(html, headings, " ".join(_words(tokens)))


def escaped(value: str) -> str:
    """A text of one line that Markdown reads as it stands."""
    return _SIGNS.sub(r"\\\1", " ".join(value.split()))


def _with_anchors(tokens: list[Token]) -> tuple[Heading, ...]:
    """Give each heading its level and anchor; returns those of the highest level."""
    openings = [at for at, token in enumerate(tokens) if token.type == "heading_open"]
    highest = min((int(tokens[at].tag[1:]) for at in openings), default=TOP)
    taken: set[str] = set()
    found = []
    for at in openings:
        level = min(int(tokens[at].tag[1:]) - highest + TOP, 4)
        tokens[at].tag = tokens[at + 2].tag = f"h{level}"
        words = _text_of(tokens[at + 1])
        anchor = _free(slugify(words, allow_unicode=True) or "part", taken)
        tokens[at].attrSet("id", anchor)
        if level == TOP:
            found.append(Heading(anchor, words))
    return tuple(found)


def _free(wanted: str, taken: set[str]) -> str:
    anchor, number = wanted[:80], 2
    while anchor in taken:
        anchor, number = f"{wanted[:80]}-{number}", number + 1
    taken.add(anchor)
    return anchor


def _words(tokens: list[Token]) -> list[str]:
    return [words for token in tokens if token.type in ("inline", "fence", "code_block") and (words := _text_of(token))]


def _text_of(token: Token) -> str:
    if token.children is None:
        return token.content.strip()
    said = (child.content if child.type in ("text", "code_inline") else " " for child in token.children)
    return " ".join("".join(said).split())
