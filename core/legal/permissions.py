"""Who writes legal texts and sees the answers; who reads a text; whose answer somebody can take back."""

from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet

from core.kernel.errors import NotFound
from core.legal.models import Acceptance, LegalText
from core.people.models import User
from core.people.permissions import is_active_staff
from core.people.roles import Permission

FIXED = (LegalText.Kind.TERMS, LegalText.Kind.PRIVACY, LegalText.Kind.IMPRINT)  # their address is their kind


def can_manage_texts(user: Any) -> bool:
    """Whoever looks after the organization's legal texts."""
    return bool(user.is_authenticated and user.may(Permission.MANAGE_LEGAL_TEXTS))


def acceptances_visible_to(user: User) -> QuerySet[Acceptance]:
    """Every answer for those who look after the texts; else one's own."""
    everything = Acceptance.objects.select_related("version__text")
    return everything if can_manage_texts(user) else everything.filter(user=user)


def can_see_answers_for_clients(user: User) -> bool:
    """What was agreed to for a client is for the staff who see the client; others read their own."""
    return is_active_staff(user)


def can_read(user: Any, text: LegalText) -> bool:
    """Everybody while the text is out; later whoever looks after it, sees what was answered to it for clients, or has answered it."""
    if text.is_live:
        return True
    if not user.is_authenticated or text.current_number is None:
        return False
    sees_answers = can_manage_texts(user) or can_see_answers_for_clients(user)
    return sees_answers or Acceptance.objects.filter(version__text=text, user=user).exists()


def get_text(user: User, slug: str) -> LegalText:
    """The text at an address, to write it; one of the three that every organization has may not be begun yet. NotFound, PermissionDenied."""
    found = LegalText.objects.filter(slug=slug).first()
    if found is None and slug not in FIXED:
        raise NotFound(f"legal text {slug}")
    if not can_manage_texts(user):
        raise PermissionDenied
    return found or LegalText(kind=slug, slug=slug)


def get_own_acceptance(user: User, pk: UUID) -> Acceptance:
    """One of one's own answers. NotFound for anybody else's."""
    found = Acceptance.objects.select_related("version__text").filter(pk=pk, user=user).first()
    if found is None:
        raise NotFound(f"acceptance {pk}")
    return found
