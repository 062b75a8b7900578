"""What pages show of people, put into words and colours in one place."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from core.kernel import audit
from core.kernel.models import AuditEvent
from core.people.models import Client, StaffMember, User
from core.people.permissions import Relation

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


def relation_sentence(relations: tuple[Relation, ...]) -> str:
    """As whom one looks at this page, for people who are more than staff."""
    words = {
        Relation.SELF: _("This is you."),
        Relation.GUARDIAN: _("You act for them."),
        Relation.AGENT: _("You are their agent: you see details and bills, and pay; the calendar is theirs."),
    }
    return " ".join(words[each] for each in relations if each in words)


def client_row(client: Client) -> dict[str, Any]:
    """One line of the list."""
    return {
        "client": client,
        "badge": status_badge(client),
        "practitioners": ", ".join(staff.user.name for staff in client.practitioners.all()),
        "logins": ", ".join(link.user.name for link in client.links.all()),
    }


def staff_row(staff: StaffMember) -> dict[str, Any]:
    """One line of the list, from a row annotated by `staff_list`."""
    invited = getattr(staff, "has_open_invitation", False)
    return {"staff": staff, "role": staff.role_made, "badge": login_badge(staff.user, invited=invited)}


def told(events: list[AuditEvent]) -> list[dict[str, Any]]:
    """History as sentences: who, what, when; never more than the audit holds."""
    return [{"at": event.at, "by": event.actor_label, "title": _story(event)} for event in events]


def _story(event: AuditEvent) -> str:
    title = audit.sentence_of(event)
    old_new = event.changes.get("status") or event.changes.get("role")
    return f"{title}: {old_new[0]} → {old_new[1]}" if old_new and old_new[0] else title
