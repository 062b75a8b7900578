"""What of the forms is shown elsewhere: on the start page, and as a tab of a client's page."""

from django.http import HttpRequest
from django.urls import reverse

from core.people.models import Client, User
from core.people.permissions import can_act_for, is_active_staff
from core.people.roles import ClientPermission
from portal.panels import Panel
from portal.records.panels import keeps_records


def sees_forms(user: User, client: Client) -> bool:
    """For the tab: whoever keeps the record, and whoever may fill in forms for the client."""
    if keeps_records(user, client):
        return True
    return client.allows(ClientPermission.COMPLETE_REQUESTS) and can_act_for(user, client)


def to_fill_in(request: HttpRequest) -> Panel | None:
    """For logins of clients: the start page fetches by itself what is still to be filled in, so that it asks no more at once."""
    is_staff = is_active_staff(request.user)  # type: ignore[arg-type]
    return None if is_staff else Panel("questionnaires/_mine_panel.html")


def first_list(user: User) -> str:
    """Where somebody who sends forms begins: with what is still to be filled in."""
    return reverse("questionnaires:sent")
