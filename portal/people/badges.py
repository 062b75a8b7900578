"""The state of a client or a login as a badge: a word and its colour."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from core.people.models import Client, User

STATUS_TONES = {"active": "success", "prospect": "info", "inactive": "neutral"}


@dataclass(frozen=True, slots=True)
class Badge:
    """A word and its colour."""

    label: str
    tone: str


def status_badge(client: Client) -> Badge:
    """Active, prospect, inactive or archived."""
    if client.archived_at is not None:
        return Badge(_("Archived"), "neutral")
    words = {"active": _("Active"), "prospect": _("Prospect"), "inactive": _("Inactive")}
    return Badge(words[client.status], STATUS_TONES[client.status])


def login_badge(login: User, *, invited: bool) -> Badge:
    """What a login is worth: may sign in, invited, never invited, or switched off."""
    if not login.is_active:
        return Badge(_("Access off"), "danger")
    if login.has_usable_password():
        return Badge(_("Can sign in"), "success")
    return Badge(_("Invited"), "info") if invited else Badge(_("Not invited yet"), "warning")
