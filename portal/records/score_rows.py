"""Scores as pages show them: in words, in a table, in a small chart."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from core.people.models import Client
from core.records import queries
from core.records.models import Score, ScoreText
from core.records.queries import ScoredResource
from core.records.rules.scores import Scale, drawn, worth
from portal.records.drawings import Drawing, draw
from portal.records.numbers import normalized

IN_CARD = 30  # of the latest scores that a small chart draws


@dataclass(frozen=True, slots=True)
class ScoreRow:
    """One score."""

    score: Score
    text: ScoreText
    words: str


@dataclass(frozen=True, slots=True)
class ScoredRow:
    """One resource with its scores, the latest first, and the chart of those that compare with the latest one."""

    found: ScoredResource
    title: str
    rows: tuple[ScoreRow, ...]
    drawing: Drawing | None

    @property
    def latest(self) -> ScoreRow:
        return self.rows[0]


def words_of(text: ScoreText) -> str:
    """The number as people say it."""
    if not text.is_readable:
        return _("Cannot be read any more")
    value = normalized(text.value)
    if text.scale is Scale.PERCENT:
        return _("%(value)s per cent") % {"value": value}
    if text.scale is Scale.POINTS or text.maximum is None:
        return _("%(value)s points") % {"value": value}
    return _("%(value)s of %(maximum)s") % {"value": value, "maximum": normalized(text.maximum)}


def score_rows(scores: Iterable[Score]) -> tuple[ScoreRow, ...]:
    """In the order in which they come."""
    return tuple(ScoreRow(each, each.text, words_of(each.text)) for each in scores)


def drawing_of(rows: Sequence[ScoreRow]) -> Drawing | None:
    """Of rows with the latest first."""
    readable = [row for row in reversed(rows) if row.text.is_readable]
    places = drawn([row.text.marks for row in readable])
    return draw(
        [(readable[place].score.on, worth(readable[place].text.marks)[1], readable[place].words) for place in places]
    )


def scored_rows(client: Client, user: Any, counted: Iterable[dict[str, Any]]) -> list[ScoredRow]:
    """Each resource with its latest scores."""
    return [scored_row(each) for each in queries.scored_resources(client, user, counted, most=IN_CARD)]


def scored_row(found: ScoredResource) -> ScoredRow:
    """One of them."""
    rows = score_rows(found.scores)
    return ScoredRow(found, title_of(found), rows, drawing_of(rows))


def title_of(found: ScoredResource) -> str:
    """Also of one that is gone, and whose name cannot be read any more."""
    return found.title or _("A resource that is no longer there")
