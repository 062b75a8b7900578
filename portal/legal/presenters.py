"""Legal texts as templates show them."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from branding.queries import current_brand
from core.legal import queries
from core.legal.models import LegalText
from core.people.models import LinkedLogin
from portal.legal_links import path_of

ICONS = {"terms": "scale", "privacy": "shield-check", "imprint": "building-2", "consent": "signature"}


def kind_in(text: LegalText, language: str) -> str:
    """What the kind is called in a language: the first title of a text."""
    with translation.override(language):
        return str(text.get_kind_display())


def name_of(text: LegalText, titles: Mapping[str, str]) -> str:
    """How a text is called among the settings: a consent by its title, the others by their kind."""
    if not text.is_consent:
        return str(text.get_kind_display())
    return titles.get(queries.choose(titles, current_brand().language), "") or text.slug


def text_rows() -> list[dict[str, Any]]:
    """Every text in a list, with four questions to the database."""
    texts = queries.texts_to_write()
    titles, drafts, counts = queries.titles_of(texts), queries.drafts_of(texts), queries.counts_of_acceptances()
    return [
        {
            "name": name_of(text, titles.get(text.pk, {})),
            "icon": ICONS[text.kind],
            "url": reverse("legal:text", args=[text.slug]),
            "badge": badge(text, has_draft=text.pk in drafts),
            "asked": asked_in_words(text),
            "path": path_of(text.slug) if text.is_live else "",
            "accepted": counts.get(text.pk, 0),
            "answers_url": _answers_url(text, counts.get(text.pk, 0)),
        }
        for text in texts
    ]


def _answers_url(text: LegalText, accepted: int) -> str:
    """Nothing for what nobody is asked about, and nobody has answered."""
    is_asked = text.is_asked_of_clients or text.is_asked_of_staff
    return reverse("legal:answers", args=[text.slug]) if text.current_number and (is_asked or accepted) else ""


def unanswered_rows(found: Iterable[Any], *, may_open: bool) -> list[dict[str, Any]]:
    """Logins, or ties of logins to clients, that somebody is waiting for."""
    rows = []
    for each in found:
        login, client = (each.user, each.client) if isinstance(each, LinkedLogin) else (each, None)
        url = reverse("people:login", args=[login.pk]) if may_open else ""
        rows.append({"name": login.name, "email": login.email, "url": url, "client": client})
    return rows


def badge(text: LegalText, *, has_draft: bool) -> dict[str, str]:
    """How far a text is, in words and colour."""
    if text.current_number is None:
        return {"label": _("Draft"), "tone": "info"} if has_draft else {"label": _("Not written"), "tone": "neutral"}
    if text.withdrawn_at is not None:
        return {"label": _("Taken out"), "tone": "warning"}
    if has_draft:
        return {"label": _("Published, with changes that are not"), "tone": "warning"}
    return {"label": _("Published"), "tone": "success"}


def asked_in_words(text: LegalText) -> str:
    """Who is asked to accept it."""
    if text.is_per_client and text.is_asked_of_clients:
        return _("Asked for each %(client)s")
    if text.is_asked_of_clients and text.is_asked_of_staff:
        return _("Asked of %(clients)s and %(staff_members)s")
    if text.is_asked_of_clients:
        return _("Asked of %(clients)s")
    if text.is_asked_of_staff:
        return _("Asked of %(staff_members)s")
    return _("Only to be read")


def text_page(text: LegalText, languages: list[str]) -> dict[str, Any]:
    """One text among the settings."""
    titles = queries.titles_of([text]).get(text.pk, {})
    draft = queries.draft_of(text)
    slug = text.slug
    return {
        "text": text,
        "name": name_of(text, titles),
        "badge": badge(text, has_draft=draft is not None),
        "asked": asked_in_words(text),
        "has_draft": draft is not None,
        "words": word_rows(text, languages, draft),
        "versions": version_rows(text),
        "path": path_of(slug) if text.is_live else "",
        "urls": {
            name: reverse(f"legal:{name}", args=[slug])
            for name in ("words", "asking", "publication", "draft_end", "withdrawal", "return", "removal", "answers")
        },
    }


def word_rows(text: LegalText, languages: list[str], draft: Any) -> list[dict[str, Any]]:
    """Each language of the organization: whether something is written, published, or waits."""
    names = dict(settings.LANGUAGES)
    out = set(queries.published(text.slug).texts.values_list("language", flat=True)) if text.current_number else set()
    waiting = {words.language for words in draft.texts.all()} if draft else set()
    return [
        {
            "label": names.get(code, code),
            "url": f"{reverse('legal:words', args=[text.slug])}?language={code}",
            "is_out": code in out,
            "is_draft": code in waiting,
        }
        for code in languages
    ]


def version_rows(text: LegalText) -> list[dict[str, Any]]:
    """What was published, the newest first."""
    if text._state.adding:
        return []
    return [
        {
            "number": version.number,
            "at": version.published_at,
            "who": version.published_by,
            "must_accept": version.must_accept and (text.is_asked_of_clients or text.is_asked_of_staff),
            "is_current": version.number == text.current_number and text.is_live,
            "url": path_of(text.slug, version.number),
            "changes": queries.words_for(version, translation.get_language() or "en").changes,
            "digest": queries.words_for(version, translation.get_language() or "en").digest,
        }
        for version in queries.versions_of(text).order_by("-number")
    ]


def language_choices(text: LegalText, languages: list[str], current: str) -> list[dict[str, Any]]:
    """The languages as a choice; those in which nothing is written yet say so."""
    names = dict(settings.LANGUAGES)
    written = set(queries.titles_of([text]).get(text.pk, {}))
    return [
        {
            "label": names[code] if code in written else f"{names[code]} +",
            "url": f"?language={code}",
            "current": code == current,
        }
        for code in languages
        if code in names
    ]


def draft_to_publish(text: LegalText, languages: list[str]) -> dict[str, Any]:
    """What would be published, as readers would see it; and in which languages they would get another one."""
    draft = queries.draft_of(text)
    names = dict(settings.LANGUAGES)
    words = sorted(draft.texts.all(), key=lambda each: each.language) if draft else []
    written = {each.language for each in words}
    return {
        "drafts": [{"language": names.get(each.language, each.language), "words": each} for each in words],
        "missing": [names[code] for code in languages if code not in written],
        "is_first": text.current_number is None,
        "asked": asked_in_words(text),
        "is_asked": text.is_asked_of_clients or text.is_asked_of_staff,
    }
