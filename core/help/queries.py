"""The help centre as it stands: the product's categories and articles with what the organization has made of them."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.utils.translation import get_language

from core.help.article_list import CATEGORIES, STARTERS, Starter
from core.help.facts import Values, facts_in_force
from core.help.models import Article, ArticleVersion, Category
from core.help.permissions import reads_staff_articles
from core.help.reading import Names, names
from core.help.starters import FIRST, ArticleText, standard_text, starter, starter_category
from core.kernel.errors import NotFound
from core.kernel.translation import translate

BY_DEFAULT_LAST = 10_000  # the position of what nobody has placed, plus its place in the product's own order


@dataclass(frozen=True, slots=True)
class Shelf:
    """A category as it is listed, in the language in force, with its articles in their order."""

    code: str
    name: str
    about: str
    icon: str
    for_staff: bool
    is_hidden: bool = False
    is_own: bool = False
    articles: list["Listed"] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Listed:
    """An article as it is listed. `text`: what it says, not filled in yet; `version`: the organization's own, where one is in force."""

    slug: str
    category: str
    text: ArticleText
    names: Names
    for_staff: bool
    is_hidden: bool = False
    is_own: bool = False
    version: ArticleVersion | None = None
    related: tuple[str, ...] = ()
    updated_on: date | None = None

    @property
    def updated_at(self) -> datetime | None:
        """When the organization's own text was written; None for the product's."""
        return self.version.created_at if self.version else None


@dataclass(frozen=True, slots=True)
class HelpCentre:
    """All shelves for one reader, or for who writes them, with the facts that their articles are filled with."""

    shelves: list[Shelf]
    facts: Values

    @property
    def articles(self) -> dict[str, Listed]:
        """Every article on them, by its address."""
        return {each.slug: each for shelf in self.shelves for each in shelf.articles}

    def get(self, slug: str) -> Listed:
        """The article with this address. NotFound where this reader has none."""
        found = self.articles.get(slug)
        if found is None:
            raise NotFound
        return found

    def shelf(self, code: str) -> Shelf:
        """The category with this code. NotFound where this reader has none."""
        found = next((each for each in self.shelves if each.code == code), None)
        if found is None:
            raise NotFound
        return found


def help_centre_for(user: Any) -> HelpCentre:
    """What this reader finds, in the language in force; shelves with nothing on them are left out."""
    whole, staff = whole_help_centre(get_language() or FIRST), reads_staff_articles(user)
    shelves = [
        Shelf(each.code, each.name, each.about, each.icon, each.for_staff, articles=found)
        for each in whole.shelves
        if not each.is_hidden and (staff or not each.for_staff)
        if (found := [article for article in each.articles if not article.is_hidden])
    ]
    return HelpCentre(shelves, whole.facts)


def whole_help_centre(language: str) -> HelpCentre:
    """Everything in one language, which is the one in force, with what is hidden: for who writes it."""
    facts, shelves = facts_in_force(), _shelves(language)
    rows, by_code = {row.slug: row for row in Article.objects.all()}, {shelf.code: shelf for shelf in shelves}
    found = [*_starters(rows, facts, language), *_own([row for row in rows.values() if row.is_own], language)]
    for _place, slug, category, text, version in sorted(found, key=lambda each: each[:2]):
        shelf, row, origin = by_code.get(category, shelves[0]), rows.get(slug), starter(slug)
        shelf.articles.append(
            Listed(
                slug, shelf.code, text, names(text, facts), shelf.for_staff,
                is_hidden=row is not None and row.is_hidden, is_own=origin is None, version=version,
                related=origin.related if origin else (), updated_on=origin.updated_on if origin else None,
            )
        )  # fmt: skip
    return HelpCentre(shelves, facts)


def require_article(slug: str) -> None:
    """NotFound unless it is one of the product's or of the organization's own."""
    if starter(slug) is None and not Article.objects.filter(slug=slug, is_own=True).exists():
        raise NotFound


def require_category(code: str) -> None:
    """NotFound, likewise."""
    if starter_category(code) is None and not Category.objects.filter(code=code).exists():
        raise NotFound


def versions_in_force(language: str) -> dict[str, ArticleVersion]:
    """The newest published version of every article that has one in this language."""
    newest = (
        ArticleVersion.objects.filter(language=language, is_published=True).order_by("slug", "-number").distinct("slug")
    )
    return {each.slug: each for each in newest}


def versions_of(slug: str, language: str) -> Iterable[ArticleVersion]:
    """Every version of one article in one language, the newest first."""
    return ArticleVersion.objects.filter(slug=slug, language=language).order_by("-number")


def text_of(version: ArticleVersion) -> ArticleText:
    """What a version says."""
    return ArticleText(version.title, version.summary, version.keywords, version.body)


Found = tuple[int, str, str, ArticleText, ArticleVersion | None]


def _starters(rows: dict[str, Article], facts: Values, language: str) -> Iterable[Found]:
    versions = versions_in_force(language)
    for place, origin in enumerate(STARTERS):
        if origin.needs and not facts[origin.needs]:
            continue
        row, version = rows.get(origin.slug), versions.get(origin.slug)
        own = version if version is not None and not version.is_standard else None
        text = text_of(own) if own else standard_text(origin.slug, language)
        yield _position(row, place), origin.slug, _category(row, origin), text, own


def _own(rows: list[Article], language: str) -> Iterable[Found]:
    """The organization's own, each in this language, else in another one in which it was written."""
    published = ArticleVersion.objects.filter(slug__in=[row.slug for row in rows], is_published=True)
    newest = published.order_by("slug", "language", "-number").distinct("slug", "language")
    written: dict[str, list[ArticleVersion]] = {}
    for version in newest:
        if not version.is_standard:
            written.setdefault(version.slug, []).append(version)
    for row in rows:
        found = sorted(written.get(row.slug, []), key=lambda each: (each.language != language, each.language))
        if found:
            yield _position(row, len(STARTERS)), row.slug, row.category, text_of(found[0]), found[0]


def _position(row: Article | None, place: int) -> int:
    return row.position if row is not None and row.position is not None else BY_DEFAULT_LAST + place


def _category(row: Article | None, origin: Starter) -> str:
    return row.category if row is not None and row.category else origin.category


def _shelves(language: str) -> list[Shelf]:
    rows = {row.code: row for row in Category.objects.all()}
    found = []
    for place, each in enumerate(CATEGORIES):
        row = rows.pop(each.code, None)
        own = row.names.get(language, {}) if row else {}
        shelf = Shelf(
            each.code, own.get("name") or translate(each.name), own.get("about") or translate(each.about),
            (row.icon if row else "") or each.icon, each.for_staff, is_hidden=row is not None and row.is_hidden,
        )  # fmt: skip
        found.append((_place(row, place), shelf))
    for row in rows.values():
        named = row.names.get(language) or next(iter(row.names.values()), {})
        shelf = Shelf(
            row.code, named.get("name", row.code), named.get("about", ""), row.icon, row.for_staff,
            is_hidden=row.is_hidden, is_own=True,
        )  # fmt: skip
        found.append((_place(row, len(CATEGORIES)), shelf))
    return [shelf for _place, shelf in sorted(found, key=lambda each: each[0])]


def _place(row: Category | None, place: int) -> int:
    return row.position if row is not None and row.position is not None else BY_DEFAULT_LAST + place
