"""Writing the help centre: own texts, drafts, new articles, categories, order. What the product says itself is never changed, only covered."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.text import slugify

from core.help.article_list import CATEGORIES
from core.help.audit_codes import HelpAudit
from core.help.facts import ALLOWED
from core.help.models import Article, ArticleVersion, Category
from core.help.permissions import can_write_help
from core.help.queries import text_of, versions_of, whole_help_centre
from core.help.reading import check
from core.help.starters import ArticleText, standard_text, starter, starter_category
from core.kernel import audit, sent_forms
from core.kernel.errors import DomainError
from core.kernel.translation import translate
from core.people.actions.changes import require

MOST_OWN = 200  # articles of the organization's own, so that no page grows without end
MOST_CATEGORIES = 40
RESERVED = {"search", "topics", "panel", "new"}  # parts of addresses


@transaction.atomic
def write_article(
    slug: str, *, language: str, languages: Collection[str], text: ArticleText, publish: bool, by: Any, now: datetime
) -> ArticleVersion:
    """Save a text for readers of `language`, as a draft or for everybody to read. What stands there already makes no version."""
    _require_right(by, language, languages)
    tidy = check(text, ALLOWED)
    before = _held(slug, language)
    if (
        before is not None
        and not before.is_standard
        and text_of(before) == tidy
        and (before.is_published or not publish)
    ):
        return before
    code = HelpAudit.ARTICLE_PUBLISHED if publish else HelpAudit.ARTICLE_DRAFTED
    return _add(slug, language, tidy, before, code, publish=publish, by=by, now=now)


@transaction.atomic
def add_article(
    *,
    category: str,
    language: str,
    languages: Collection[str],
    text: ArticleText,
    publish: bool,
    by: Any,
    now: datetime,
) -> Article:
    """Add an article of the organization's own. DomainError `too_many_articles`, `category_gone`."""
    _require_right(by, language, languages)
    tidy = check(text, ALLOWED)
    sent_forms.one_writer_at_a_time("help")
    if Article.objects.filter(is_own=True).count() >= MOST_OWN:
        raise DomainError(
            "too_many_articles",
            translate("There are %(most)s articles of your own; that is as many as fit.", most=MOST_OWN),
        )
    _require_category(category)
    article = Article.objects.create(slug=_free_slug(tidy.title), category=category, is_own=True, created_at=now)
    audit.record(HelpAudit.ARTICLE_ADDED, by=by, subject=article, changes={"category": [None, category]})
    code = HelpAudit.ARTICLE_PUBLISHED if publish else HelpAudit.ARTICLE_DRAFTED
    _add(article.slug, language, tidy, None, code, publish=publish, by=by, now=now)
    return article


@transaction.atomic
def restore_article(
    slug: str, *, number: int, language: str, languages: Collection[str], by: Any, now: datetime
) -> ArticleVersion:
    """Publish an earlier version again, as a new one. DomainError `version_gone`."""
    _require_right(by, language, languages)
    before, wanted = _held(slug, language), versions_of(slug, language)
    found = next((each for each in wanted if each.number == number), None)
    if found is None or before is None:
        raise DomainError("version_gone", translate("There is no such version."))
    if found.is_standard:
        return _add(slug, language, None, before, HelpAudit.ARTICLE_RESET, publish=True, by=by, now=now)
    tidy = check(text_of(found), ALLOWED)
    return _add(slug, language, tidy, before, HelpAudit.ARTICLE_PUBLISHED, publish=True, by=by, now=now)


@transaction.atomic
def reset_article(slug: str, *, language: str, by: Any, now: datetime) -> ArticleVersion | None:
    """Let the product's text hold again; what was written stays among the versions. An own article is gone in this language."""
    require(can_write_help(by))
    before = _held(slug, language)
    if before is None or (before.is_standard and before.is_published):
        return before
    return _add(slug, language, None, before, HelpAudit.ARTICLE_RESET, publish=True, by=by, now=now)


@transaction.atomic
def keep_own_text(slug: str, *, language: str, by: Any, now: datetime) -> ArticleVersion | None:
    """Keep one's own text although the product's has changed since: from now on that one counts as seen."""
    require(can_write_help(by))
    before = _held(slug, language)
    if before is None or before.is_standard:
        return before
    return _add(
        slug, language, text_of(before), before, HelpAudit.ARTICLE_KEPT, publish=before.is_published, by=by, now=now
    )


@transaction.atomic
def show_article(slug: str, *, is_shown: bool, by: Any, now: datetime) -> Article:
    """Hide an article from every reader, or show it again."""
    require(can_write_help(by))
    row = _row(slug, now=now)
    if row.is_hidden is is_shown:
        row.is_hidden = not is_shown
        row.save(update_fields=["is_hidden"])
        audit.record(HelpAudit.ARTICLE_SHOWN if is_shown else HelpAudit.ARTICLE_HIDDEN, by=by, subject=row)
    return row


@transaction.atomic
def move_article(
    slug: str, *, language: str, category: str = "", up: bool | None = None, by: Any, now: datetime
) -> Article:
    """Put an article into another category, at its end; or before (`up`) or behind its neighbour. Every place is written down."""
    require(can_write_help(by))
    sent_forms.one_writer_at_a_time("help")
    shelves = whole_help_centre(language).shelves
    here = next((shelf for shelf in shelves if any(each.slug == slug for each in shelf.articles)), None)
    row = _row(slug, now=now)
    if category and (here is None or category != here.code):
        _require_category(category)
        before, row.category, row.position = row.category or (here.code if here else ""), category, None
        row.save(update_fields=["category", "position"])
        audit.record(HelpAudit.ARTICLE_MOVED, by=by, subject=row, changes={"category": [before, category]})
    elif up is not None and here is not None:
        slugs = [each.slug for each in here.articles]
        if _swapped(slugs, slug, up):
            _place([_row(each, now=now) for each in slugs])
            audit.record(HelpAudit.ARTICLE_MOVED, by=by, subject=row, changes={"place": [None, slugs.index(slug) + 1]})
    return row


@transaction.atomic
def change_category(
    code: str, *, language: str, languages: Collection[str], name: str, about: str, icon: str, is_shown: bool = True,
    for_staff: bool = False, by: Any,
) -> Category:  # fmt: skip
    """Name a category in one language; an empty code adds one. Whom a category of the product is for stays."""
    _require_right(by, language, languages)
    sent_forms.one_writer_at_a_time("help")
    if not name.strip():
        raise DomainError("name_missing", translate("Enter a name."), field="name")
    row, origin = Category.objects.filter(code=code).first(), starter_category(code)
    if row is None and origin is None:
        if Category.objects.count() >= MOST_CATEGORIES:
            raise DomainError("too_many_categories", translate("There are enough categories; change one of them."))
        row = Category(code=_free_code(name), for_staff=for_staff)
    row = row or Category(code=code, for_staff=origin.for_staff if origin else for_staff)
    before = row.names.get(language)
    wanted = {"name": " ".join(name.split())[:80], "about": " ".join(about.split())[:200]}
    standard = origin is not None and wanted == {"name": translate(origin.name), "about": translate(origin.about)}
    row.names = {key: value for key, value in row.names.items() if key != language} | (
        {} if standard else {language: wanted}
    )
    row.icon, row.is_hidden = icon, not is_shown
    row.save()
    changes = {
        "language": [None, language],
        "name": [(before or {}).get("name"), wanted["name"]],
        "shown": [None, is_shown],
    }
    audit.record(HelpAudit.HELP_CATEGORY_CHANGED, by=by, subject=row, changes=changes)
    return row


@transaction.atomic
def move_category(code: str, *, language: str, up: bool, by: Any) -> None:
    """Put a category before (`up`) or behind its neighbour."""
    require(can_write_help(by))
    sent_forms.one_writer_at_a_time("help")
    codes = [shelf.code for shelf in whole_help_centre(language).shelves]
    if code in codes and _swapped(codes, code, up):
        rows = {row.code: row for row in Category.objects.all()}
        fresh = {each.code: Category(code=each.code, for_staff=each.for_staff) for each in CATEGORIES}
        _place([rows.get(each) or fresh[each] for each in codes])
        row = Category.objects.get(code=code)
        audit.record(
            HelpAudit.HELP_CATEGORY_CHANGED, by=by, subject=row, changes={"place": [None, codes.index(code) + 1]}
        )


def _swapped(order: list[str], one: str, up: bool) -> bool:
    """Exchange it with its neighbour; whether there is one."""
    at = order.index(one)
    other = at - 1 if up else at + 1
    if not 0 <= other < len(order):
        return False
    order[at], order[other] = order[other], order[at]
    return True


def _place(rows: list[Any]) -> None:
    for place, row in enumerate(rows):
        if row.position != place or row._state.adding:
            row.position = place
            row.save()


def _row(slug: str, *, now: datetime) -> Article:
    """The row of an article, made for one of the product's. DomainError `article_gone`."""
    found = Article.objects.select_for_update().filter(slug=slug).first()
    if found is None and starter(slug) is None:
        raise DomainError("article_gone", translate("There is no such article any more."))
    return found or Article.objects.create(slug=slug, created_at=now)


def _add(
    slug: str, language: str, text: ArticleText | None, before: ArticleVersion | None, code: HelpAudit, *, publish: bool,
    by: Any, now: datetime,
) -> ArticleVersion:  # fmt: skip
    written = text or ArticleText("")
    version = ArticleVersion.objects.create(
        slug=slug, language=language, number=before.number + 1 if before else 1, is_published=publish, is_standard=text is None,
        title=written.title, summary=written.summary, keywords=written.keywords[:500], body=written.body,
        starter_digest=standard_text(slug, language).digest if starter(slug) else "",
        author_id=str(by.pk), author_name=str(by)[:150], created_at=now,
    )  # fmt: skip
    audit.record(code, by=by, subject=version, changes={"language": [None, language]})
    return version


def _held(slug: str, language: str) -> ArticleVersion | None:
    """The newest version, after which nobody else adds one until the end of the transaction. DomainError `article_gone`."""
    sent_forms.one_writer_at_a_time(f"help:{slug}:{language}")
    if starter(slug) is None and not Article.objects.filter(slug=slug, is_own=True).exists():
        raise DomainError("article_gone", translate("There is no such article any more."))
    return next(iter(versions_of(slug, language)[:1]), None)


def _require_right(by: Any, language: str, languages: Collection[str]) -> None:
    require(can_write_help(by))
    if language not in languages:
        raise DomainError("language_unknown", translate("Choose one of your languages."), field="language")


def _require_category(code: str) -> None:
    if starter_category(code) is None and not Category.objects.filter(code=code).exists():
        raise DomainError("category_gone", translate("There is no such category any more."), field="category")


def _free_slug(title: str) -> str:
    wanted = slugify(title)[:50].strip("-") or "article"
    taken = set(Article.objects.filter(slug__startswith=wanted).values_list("slug", flat=True))
    return _free(wanted, lambda each: each in taken or each in RESERVED or starter(each) is not None)


def _free_code(name: str) -> str:
    wanted = slugify(name)[:50].strip("-") or "category"
    taken = set(Category.objects.values_list("code", flat=True))
    return _free(wanted, lambda each: each in taken or starter_category(each) is not None)


def _free(wanted: str, is_taken: Any) -> str:
    found, number = wanted, 2
    while is_taken(found):
        found, number = f"{wanted}-{number}", number + 1
    return found
