"""Looking for articles: in what they say now, typing errors forgiven (`core.kernel.search`); and what nobody found."""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Q

from core.help.models import SearchEntry, SearchMiss
from core.help.queries import HelpCentre, Listed
from core.help.reading import read
from core.kernel import search_keys, sent_forms
from core.kernel.search import MOST_LETTERS, Word, fold, search

MOST_FOUND = 20
MOST_LOOKED_THROUGH = 100
SHORTEST_MISS = 3  # letters
MISSES_KEPT = timedelta(days=180)
MOST_MISSES = 500
AROUND = 140  # letters of what is shown of a text


@dataclass(frozen=True, slots=True)
class Found:
    """An article with the piece of it in which the words stand."""

    slug: str
    title: str
    piece: str
    category: str


def find_articles(centre: HelpCentre, typed: str, language: str) -> list[Found]:
    """Those of the reader's articles in which every word stands; first those whose title says it. Nothing for nothing."""
    if not typed.strip():
        return []
    articles = centre.articles
    _refresh(centre, language)
    entries = SearchEntry.objects.filter(language=language, slug__in=list(articles))
    words = fold(typed[:MOST_LETTERS]).split()
    found = search(entries, typed, _where).annotate(folded_title=search_keys.folded("title"))
    order = {slug: place for place, slug in enumerate(articles)}
    rows = sorted(
        found[:MOST_LOOKED_THROUGH],
        key=lambda row: (-sum(word in row.folded_title for word in words), order[row.slug]),
    )
    names = {each.code: each.name for each in centre.shelves}
    return [
        Found(row.slug, row.title, _piece(row, words), names[articles[row.slug].category]) for row in rows[:MOST_FOUND]
    ]


def note_miss(typed: str, *, language: str, now: datetime) -> None:
    """Count what was looked for in vain, folded, so that capitals make no second row. Too little of a word is none."""
    words = fold(typed[:MOST_LETTERS])[:100]
    if len(words) < SHORTEST_MISS:
        return
    known = SearchMiss.objects.filter(words=words, language=language)
    if known.update(count=F("count") + 1, last_at=now) or SearchMiss.objects.count() >= MOST_MISSES:
        return
    SearchMiss.objects.bulk_create([SearchMiss(words=words, language=language, last_at=now)], ignore_conflicts=True)


def forget_old_misses(*, now: datetime) -> None:
    """Throw away what nobody has looked for in half a year. A nightly job."""
    SearchMiss.objects.filter(last_at__lt=now - MISSES_KEPT).delete()


def _where(word: Word) -> Q:
    return word.in_("search_key")


def _refresh(centre: HelpCentre, language: str) -> None:
    """Write anew what articles say, where that has changed since somebody looked for something."""
    wanted = {slug: _mark(each, centre) for slug, each in centre.articles.items()}
    kept = set(SearchEntry.objects.filter(language=language, slug__in=list(wanted)).values_list("slug", "made_of"))
    stale = [slug for slug, mark in wanted.items() if (slug, mark) not in kept]
    if not stale:
        return
    with transaction.atomic():
        sent_forms.one_writer_at_a_time(f"help-search:{language}")
        SearchEntry.objects.filter(language=language, slug__in=stale).delete()
        SearchEntry.objects.bulk_create(_entry(centre.articles[slug], centre, language, wanted[slug]) for slug in stale)


def _mark(article: Listed, centre: HelpCentre) -> str:
    """Of the text, the facts and the words in it: a digest of what an entry is made of."""
    made_of = (article.text, article.names, article.for_staff, sorted(centre.facts.items()))
    return hashlib.sha256(repr(made_of).encode()).hexdigest()


def _entry(article: Listed, centre: HelpCentre, language: str, mark: str) -> SearchEntry:
    text = read(article.text, centre.facts)
    return SearchEntry(
        slug=article.slug, language=language, made_of=mark, for_staff=article.for_staff, title=text.title,
        summary=text.summary, keywords=article.text.keywords, text=text.text,
    )  # fmt: skip


def _piece(row: SearchEntry, words: Iterable[str]) -> str:
    """The part of the text around the first word that stands in it as it was typed; else the summary."""
    for word in words:
        if len(word) >= SHORTEST_MISS and (at := row.text.lower().find(word)) >= 0:
            start = max(0, at - AROUND // 2)
            cut = row.text[start : at + AROUND]
            return f"{'… ' if start else ''}{re.sub(r'^[^ ]* ', '', cut) if start else cut} …"
    return row.summary
