"""One line of the lists of clients and of staff."""

from typing import Any

from core.people.models import Client, StaffMember
from portal.people.badges import login_badge, status_badge


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
    return {"staff": staff, "role": staff.role_definition, "badge": login_badge(staff.user, invited=invited)}
