"""Which schedule a page shows, as its address says: `?schedule=<id>`."""

from django.http import HttpRequest

from core.people.models import StaffMember


def chosen_schedule(request: HttpRequest, schedules: list[StaffMember]) -> StaffMember | None:
    """The one of these schedules that is asked for; none means all of them."""
    return next((person for person in schedules if str(person.pk) == request.GET.get("schedule")), None)
