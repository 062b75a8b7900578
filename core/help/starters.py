"""The articles that come with the product: which there are, where they stand, and what each says in every language.

A text stands in `core/help/articles/<language>/<slug>.md`: a few lines `name: value` (title, summary, keywords), an empty line, then Markdown.
In it stand variables in double braces (`core.help.facts`), parts that depend on one, and places for the organization's nouns, so that it says
what holds when it is read.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from core.help.article_list import CATEGORIES, STARTERS, Starter, StarterCategory

FOLDER = Path(__file__).parent / "articles"
FIRST = "en"
PARTS = ("title", "summary", "keywords", "body")


@dataclass(frozen=True, slots=True)
class ArticleText:
    """What an article says, as somebody wrote it: `body` is Markdown, `keywords` are words that people look for and that it does not use."""

    title: str
    summary: str = ""
    keywords: str = ""
    body: str = ""

    @property
    def digest(self) -> str:
        """Tells this text from every other."""
        return hashlib.sha256("\0".join(getattr(self, part) for part in PARTS).encode()).hexdigest()[:16]


def starter(slug: str) -> Starter | None:
    """The article of the product with this address, if there is one."""
    return _BY_SLUG.get(slug)


def starter_category(code: str) -> StarterCategory | None:
    """The category of the product with this code, if there is one."""
    return _BY_CODE.get(code)


@lru_cache(maxsize=1000)
def standard_text(slug: str, language: str) -> ArticleText:
    """What the product's article says in a language; in English where nobody has written it in that one."""
    path = FOLDER / language / f"{slug}.md"
    return read(path if path.exists() else FOLDER / FIRST / f"{slug}.md")


def read(path: Path) -> ArticleText:
    """A text as its file has it. ValueError where a line at the head is none."""
    head, _, body = path.read_text(encoding="utf-8").partition("\n\n")
    values = dict(_named(head, path))
    return ArticleText(**values, body=body.strip())


def _named(head: str, path: Path) -> Iterator[tuple[str, str]]:
    for line in head.splitlines():
        name, colon, value = line.partition(":")
        if not colon or name not in PARTS:
            raise ValueError(f"{path.name}: {line!r} is no line of a head")
        yield name, value.strip()


_BY_SLUG = {each.slug: each for each in STARTERS}
_BY_CODE = {each.code: each for each in CATEGORIES}
