"""What demo.json says of one organization: addresses, logins, and the ids of a few objects."""

from typing import Any

from billing.models import Invoice
from core.kernel import clock
from core.people.models import Client, StaffMember, User
from core.scheduling.models import Appointment
from deploy.local.seed.people import PASSWORD
from deploy.local.seed.practices import Practice
from tenants.absolute_urls import absolute_url, primary_host

ORDER = ["owner", "administrator", "staff", "practitioner", "guardian", "client", "agent"]


def describe(practice: Practice) -> dict[str, Any]:
    """Call inside the organization."""
    return {
        "name": practice.name,
        "slug": practice.slug,
        "host": primary_host(),
        "url": absolute_url("/"),
        "users": _users(),
        "objects": _objects(),
    }


def _users() -> list[dict[str, str]]:
    found = [_login(member.user, member.role) for member in StaffMember.objects.select_related("user")]
    linked = User.objects.filter(links__client__status="active").distinct().prefetch_related("links")
    for user in linked:
        own = all(link.relationship == "self" for link in user.links.all())
        found.append(_login(user, "client" if own else "guardian"))
    found += [_login(user, "agent") for user in User.objects.filter(agent__isnull=False)]
    return sorted(found, key=lambda entry: (ORDER.index(entry["role"]), entry["email"]))


def _login(user: User, role: str) -> dict[str, str]:
    facts = {"role": role, "name": user.name, "email": user.email, "password": PASSWORD, "time_zone": user.time_zone}
    return facts | {"language": user.language}


def _objects() -> dict[str, str]:
    upcoming = Appointment.objects.filter(status="booked", mode="online", ends_at__gt=clock.now())
    invoice = Invoice.objects.filter(state="open").first()
    client = Client.objects.order_by("first_name").first()
    pairs = {"appointment": upcoming.order_by("starts_at").first(), "invoice": invoice, "client": client}
    return {name: str(row.pk) for name, row in pairs.items() if row is not None}
