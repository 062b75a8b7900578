"""Legal texts of the file: written, published as a version where they say something new, and asked of whom the file says."""

from datetime import datetime

from django.conf import settings

from branding.models import Brand
from core.go_live.report import Outcome, Report
from core.go_live.wanted import LegalWanted
from core.kernel.audit import System
from core.kernel.errors import DomainError
from core.legal import actions, queries
from core.legal.models import LegalText, VersionText
from core.pages import rich_text

_ASKING = ("is_asked_of_clients", "is_asked_of_staff", "is_per_client", "is_linked")


def legal_text(wanted: LegalWanted, report: Report, part: str, *, now: datetime) -> None:
    """One text. What it says in a language that the file leaves out stays. Error `draft_waits`: nobody's draft is published by this."""
    brand = Brand.objects.get(is_current=True)
    if unknown := sorted(set(wanted.texts) - set(dict(settings.LANGUAGES))):
        raise DomainError("language_unknown", f"Not offered: {', '.join(unknown)}.", field="texts")
    by, main = System(brand.name), wanted.texts.get(brand.language) or next(iter(wanted.texts.values()))
    known = _known(wanted, main.title)
    text = known or _begun(wanted, main.title, brand.language, by=by, now=now)
    fresh = {
        language: words
        for language, words in wanted.texts.items()
        if not _says(text, language, words.title, words.body)
    }
    # A draft of ours is published in the transaction that makes it, so any that waits is somebody else's.
    if known and fresh and queries.draft_of(known) is not None:
        raise DomainError(
            "draft_waits",
            "Somebody has written a draft of it. Publish it or throw it away, then run this again.",
            field="texts",
        )
    for language, words in fresh.items():
        actions.write_draft(text=text, language=language, title=words.title, body=words.body, by=by, now=now)
    text = LegalText.objects.get(slug=text.slug)
    asking = {name: getattr(text, name) for name in _ASKING}
    asking |= {name: value for name in _ASKING if (value := getattr(wanted, name)) is not None}
    is_asked_anew = asking != {name: getattr(text, name) for name in _ASKING}
    actions.change_asking(text=text, **asking, by=by, now=now)
    if fresh:
        changes = {language: words.changes for language, words in wanted.texts.items()}
        version = actions.publish_text(text=text, must_accept=wanted.must_accept, changes=changes, by=by, now=now)
        report.add(part, Outcome.CHANGED if known else Outcome.MADE, f"{main.title}, version {version.number}")
    else:
        report.add(part, Outcome.CHANGED if is_asked_anew else Outcome.SAME, main.title)


def _known(wanted: LegalWanted, title: str) -> LegalText | None:
    if wanted.kind != LegalText.Kind.CONSENT:
        return LegalText.objects.filter(slug=wanted.kind).first()
    named = (
        VersionText.objects.filter(version__text__kind=wanted.kind, title=title).select_related("version__text").first()
    )
    return named.version.text if named else None


def _begun(wanted: LegalWanted, title: str, language: str, *, by: System, now: datetime) -> LegalText:
    if wanted.kind != LegalText.Kind.CONSENT:
        return LegalText(kind=wanted.kind, slug=wanted.kind)
    return actions.add_consent(title=title, language=language, by=by, now=now)


def _says(text: LegalText, language: str, title: str, body: str) -> bool:
    """Whether the version in force says just this."""
    if text._state.adding or text.current_number is None:
        return False
    version = queries.published(text.slug)
    words = next((each for each in version.texts.all() if each.language == language), None)
    return words is not None and (words.title, words.body) == (title, rich_text.clean(body))
