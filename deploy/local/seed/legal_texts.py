"""The legal texts of the demo: published, one of them in a second version, answered by everybody; one consent was declined, one withdrawn."""

from datetime import datetime, timedelta
from typing import Any

from django.utils import translation

from core.legal import actions, queries
from core.legal.actions import Given
from core.legal.models import Acceptance, LegalText
from core.people.models import User
from deploy.local.seed.practices import Practice

_TEXTS = {
    "privacy": {
        "en": ("Privacy notice", "<h2>Who is responsible</h2><p>{name}, {address}.</p><h2>Which data we keep, and what for</h2>"
               "<p>Names, addresses, appointments and bills, because we could not work without them. Notes about your progress are read by "
               "those who work with you.</p><h2>Who else receives data</h2><p>Nobody, unless you ask for it or a law does.</p>"),
        "de": ("Datenschutz", "<h2>Wer verantwortlich ist</h2><p>{name}, {address}.</p><h2>Welche Daten wir führen, und wozu</h2>"
               "<p>Namen, Adressen, Termine und Rechnungen, weil wir ohne sie nicht arbeiten könnten. Notizen zum Verlauf lesen die, "
               "die mit Ihnen arbeiten.</p><h2>Wer sonst Daten erhält</h2><p>Niemand, es sei denn, Sie oder ein Gesetz verlangen es.</p>"),
    },
    "imprint": {
        "en": ("Imprint", "<p>{name}<br>{address}</p><p>Telephone {phone}</p>"),
        "de": ("Impressum", "<p>{name}<br>{address}</p><p>Telefon {phone}</p>"),
    },
    "terms": {
        "en": ("Terms", "<h2>What we offer</h2><p>Work with you, on site and online, at the times that we agree.</p>"
               "<h2>Cancelling</h2><p>Please tell us a day ahead when you cannot come.</p>"),
        "de": ("Bedingungen", "<h2>Was wir anbieten</h2><p>Die Arbeit mit Ihnen, vor Ort und online, zu den Zeiten, die wir vereinbaren.</p>"
               "<h2>Absagen</h2><p>Sagen Sie uns bitte einen Tag vorher Bescheid, wenn Sie nicht kommen können.</p>"),
    },
    "consent": {
        "en": ("Photos of our work", "<h2>What you agree to</h2><p>We may take photos while we work together.</p>"
               "<h2>What it is for</h2><p>For the record only. They are shown to nobody else.</p>"),
        "de": ("Fotos von unserer Arbeit", "<h2>Womit Sie einverstanden sind</h2><p>Wir dürfen während der gemeinsamen Arbeit Fotos machen.</p>"
               "<h2>Wozu</h2><p>Nur für die Akte. Sonst sieht sie niemand.</p>"),
    },
}  # fmt: skip
_MORE = {
    "en": "<h2>How long data is kept</h2><p>Bills for ten years, everything else until you have not been here for three.</p>",
    "de": "<h2>Wie lange Daten bleiben</h2><p>Rechnungen zehn Jahre, alles andere, bis Sie drei Jahre nicht hier waren.</p>",
}
_SECOND = {"en": "How long data is kept is new.", "de": "Neu ist, wie lange Daten bleiben."}


def fill_legal_texts(practice: Practice, *, by: User, now: datetime) -> None:
    """As the owner writes them, and as everybody answers at their first sign-in."""
    began = now - timedelta(days=24)
    for kind in ("privacy", "imprint", "terms", "consent"):
        _publish(kind, practice, by=by, now=began)
    privacy = LegalText.objects.get(slug="privacy")
    for language in _languages("privacy", practice):
        words = queries.words_to_write(privacy, language)
        assert words is not None
        body = words.body + _MORE[language]
        actions.write_draft(
            text=privacy, language=language, title=words.title, body=body, by=by, now=now - timedelta(days=9)
        )
    actions.publish_text(text=privacy, must_accept=False, changes=_SECOND, by=by, now=now - timedelta(days=9))
    _answer(now=now - timedelta(days=20))


def _publish(kind: str, practice: Practice, *, by: User, now: datetime) -> None:
    languages = _languages(kind, practice)
    if kind == "consent":
        text = actions.add_consent(title=_TEXTS[kind][languages[0]][0], language=languages[0], by=by, now=now)
    else:
        text = LegalText(kind=kind, slug=kind)
    told = {"name": practice.name, "address": practice.address.replace("\n", ", "), "phone": practice.phone}
    for language in languages:
        title, body = _TEXTS[kind][language]
        actions.write_draft(text=text, language=language, title=title, body=body.format(**told), by=by, now=now)
        text = LegalText.objects.get(slug=text.slug)
    asked: dict[str, Any] = {"is_asked_of_clients": kind in ("terms", "consent"), "is_asked_of_staff": False}
    actions.change_asking(
        text=text, **asked, is_per_client=kind == "consent", is_linked=kind != "consent", by=by, now=now
    )
    actions.publish_text(text=text, must_accept=True, by=by, now=now)


def _languages(kind: str, practice: Practice) -> list[str]:
    return [language for language in practice.languages if language in _TEXTS[kind]] or ["en"]


def _answer(*, now: datetime) -> None:
    """Everybody answers in their own language; every seventh declines the consent, and the last yes is taken back."""
    number, last = 0, None
    for user in User.objects.filter(is_active=True).order_by("created_at", "pk"):
        with translation.override(user.reads):
            given = []
            for ask in queries.open_asks(user):
                number += 1
                given.append(Given(ask.key, is_yes=not (ask.text.is_consent and number % 7 == 0)))
            for row in actions.answer_texts(
                given=given, by=user, now=now + timedelta(hours=number), address="192.0.2.44"
            ):
                last = row if row.version.text.is_consent and row.answer == Acceptance.Answer.ACCEPTED else last
    if last is not None and last.user is not None:
        path = f"/settings/legal/{last.version.text.slug}/answers/"
        actions.withdraw_consent(
            acceptance=last, by=last.user, now=now + timedelta(days=9), address="192.0.2.44", path=path
        )
