"""Addresses of legal texts, and the links at the foot of pages and mails. What is not published is not linked."""

from datetime import datetime
from typing import Any

from django.utils.translation import get_language

from branding.queries import current_brand
from core.legal.models import LegalText
from core.legal.queries import live_texts
from core.notifications.messages import Link
from core.pages.addresses import in_language
from tenants.absolute_urls import absolute_url


def path_of(slug: str, number: int | None = None, *, language: str = "") -> str:
    """Where a text is read: the version in force, or one of before; `language`: of the address, where it has one."""
    return in_language(f"/legal/{slug}/" if number is None else f"/legal/{slug}/{number}/", language)


def foot_links() -> list[dict[str, Any]]:
    """Those that stand at the foot of pages, in the reader's language."""
    return [{"label": text.title, "url": path_of(text.slug)} for text in live_texts() if text.is_linked]


def privacy_notice(*, language: str = "") -> dict[str, str] | None:
    """Where the notice stands by which what people type is kept, and its version; None as long as there is none. `language`: of the address."""
    text = next((each for each in live_texts() if each.kind == LegalText.Kind.PRIVACY), None)
    if text is None:
        return None
    path = path_of(text.slug, language=language)
    return {"label": text.title, "url": path, "version": f"{text.slug}/{text.number}"}


def mail_links() -> list[Link]:
    """The same for mails, whose readers follow them without a session: in the mail's language."""
    languages = current_brand().languages or ["en"]
    language = get_language() or ""
    shown = language if len(languages) > 1 and language in languages else ""
    return [
        Link(text.title, absolute_url(path_of(text.slug, language=shown))) for text in live_texts() if text.is_linked
    ]


def public_paths() -> list[tuple[str, datetime]]:
    """Every text that readers find: its path, and when it was published."""
    return [(path_of(text.slug), text.published_at) for text in live_texts()]
