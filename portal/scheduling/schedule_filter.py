"""Which schedule a page shows, as its address says: `?schedule=<id>`."""

from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from core.people.models import StaffMember, User
from core.scheduling.models import BookableResource
from core.scheduling.permissions import can_see_resources
from portal.person_choices import Offer, key_of
from portal.person_fields import PersonField, PersonSelect, offer
from portal.scheduling.choices import CALENDARS


def chosen_schedule(request: HttpRequest, schedules: list[StaffMember]) -> StaffMember | None:
    """The one of these schedules that is asked for; none means all of them."""
    return next((person for person in schedules if str(person.pk) == request.GET.get("schedule")), None)


def shown_schedule(request: HttpRequest, user: User) -> StaffMember | None:
    """The schedule that a calendar is asked to show; none means all that this person may look at."""
    asked = request.GET.get("schedule")
    return Offer(CALENDARS, user).with_keys([asked]).first() if asked else None


def rooms_to_show(user: User) -> list[BookableResource]:
    """The rooms and the equipment whose calendar this person may look at."""
    return list(BookableResource.objects.filter(is_active=True)) if can_see_resources(user) else []


def shown_room(request: HttpRequest, user: User) -> BookableResource | None:
    """The room or equipment whose calendar is asked for, archived ones too."""
    key = key_of(request.GET.get("resource"))
    if key is None or not can_see_resources(user):
        return None
    return BookableResource.objects.filter(pk=key).first()


class ScheduleFilterForm(forms.Form):
    """Whose calendar: a list of a few, or a search among many."""

    schedule = PersonField(CALENDARS, required=False, empty_label=_("All calendars"), label=_("Whose calendar"))

    def __init__(self, *args: Any, user: User, **options: Any) -> None:
        super().__init__(*args, **options)
        offer(self, "schedule", user)
        self.few, self.has_more = self.fields["schedule"].offered.first()  # type: ignore[attr-defined]
        if isinstance(self.fields["schedule"].widget, PersonSelect):
            self.fields["schedule"].widget.attrs["class"] = "select select--bare"

    @property
    def has_any(self) -> bool:
        """Whether there is a calendar of somebody's to look at."""
        return bool(self.few)

    @property
    def has_several(self) -> bool:
        """Whether there is something to choose from."""
        return len(self.few) > 1
