"""“Was this helpful?”: counted per article and language, with reasons and, if somebody likes, words. Nobody is named."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from django.db import transaction
from django.db.models import Count, Q, QuerySet

from core.help.models import Feedback
from core.kernel import limits
from core.kernel.errors import DomainError
from core.kernel.limits import Limit
from core.kernel.translation import gettext_noop, translate

ANSWERS = Limit("help.feedback", 20, timedelta(hours=1))  # of one person, or one network
ANSWERS_TO_ONE = Limit("help.feedback.article", 3, timedelta(days=1))
LONGEST_COMMENT = 1000


class FeedbackReason(StrEnum):
    """Why an article did not help."""

    sentence: str

    def __new__(cls, code: str, sentence: str) -> "FeedbackReason":
        member = str.__new__(cls, code)
        member._value_ = code
        member.sentence = sentence
        return member

    UNCLEAR = "unclear", gettext_noop("I do not understand it")
    INCOMPLETE = "incomplete", gettext_noop("Something is missing")
    WRONG = "wrong", gettext_noop("It is not right, or not any more")
    OTHER_TOPIC = "other_topic", gettext_noop("It is not about what I was looking for")
    NOT_SOLVED = "not_solved", gettext_noop("I did what it says, and it still does not work")
    UNHAPPY = "unhappy", gettext_noop("I understand it, but I do not like how it works")


@dataclass(frozen=True, slots=True)
class Tally:
    """How one article did in one language."""

    slug: str
    language: str
    yes: int
    no: int

    @property
    def share(self) -> int:
        """How many of a hundred were helped."""
        return round(100 * self.yes / (self.yes + self.no)) if self.yes + self.no else 0


@transaction.atomic
def answer(
    slug: str, *, language: str, key: str, is_helpful: bool, reasons: Iterable[str] = (), comment: str = "",
    by_staff: bool, who: str, now: datetime,
) -> Feedback:  # fmt: skip
    """Count one answer; the same form sent again changes it. `who`: a person or a network, for the limits. Raises `TooOften`."""
    digest = hashlib.sha256(f"{slug}:{language}:{key}".encode()).hexdigest()
    known = {each.value for each in FeedbackReason}
    values = {
        "is_helpful": is_helpful,
        "reasons": [] if is_helpful else [each for each in dict.fromkeys(reasons) if each in known],
        "comment": "" if is_helpful else comment.strip()[:LONGEST_COMMENT],
    }
    found = Feedback.objects.select_for_update().filter(key=digest).first()
    if found is None:
        limits.count([(ANSWERS, who), (ANSWERS_TO_ONE, f"{who}:{slug}:{language}")], now=now)
        found, is_new = Feedback.objects.get_or_create(
            key=digest, defaults={"slug": slug, "language": language, "by_staff": by_staff, "at": now, **values}
        )
        if is_new:
            return found  # else the same form, sent twice at once, was faster
    Feedback.objects.filter(pk=found.pk).update(**values)
    return found


def require_reason(reasons: Sequence[str]) -> None:
    """DomainError `reason_missing`: whoever says no says why (SUP-10)."""
    if not {each.value for each in FeedbackReason} & set(reasons):
        raise DomainError("reason_missing", translate("Select at least one of the reasons."), field="reasons")


def tallies() -> list[Tally]:
    """Every article that somebody has judged, in each language, the least helpful first."""
    counted = Feedback.objects.values("slug", "language").annotate(
        yes=Count("pk", filter=Q(is_helpful=True)), no=Count("pk", filter=Q(is_helpful=False))
    )
    found = [Tally(**each) for each in counted.order_by("slug", "language")]
    return sorted(found, key=lambda each: (each.share, -each.no))


def complaints() -> QuerySet[Feedback]:
    """Every “no” with a reason or a comment, the latest first."""
    return Feedback.objects.filter(is_helpful=False).exclude(reasons=[], comment="").order_by("-at")


def sentences_of(found: Feedback) -> list[str]:
    """Its reasons as sentences in the language in force."""
    return [translate(each.sentence) for each in FeedbackReason if each.value in found.reasons]


def tallies_by_article(found: Iterable[Tally]) -> dict[str, Any]:
    """The sums over all languages, by address."""
    sums: dict[str, list[int]] = {}
    for each in found:
        both = sums.setdefault(each.slug, [0, 0])
        both[0] += each.yes
        both[1] += each.no
    return {slug: Tally(slug, "", *both) for slug, both in sums.items()}
