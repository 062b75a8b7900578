"""Whom the coverage of a week counts: of one schedule, for one service, in one way of meeting, in one language."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from core.kernel import clock
from core.people.models import Assignment, Client, LinkedLogin, StaffMember, User
from core.scheduling.coverage_queries import Wanted
from core.scheduling.models import Appointment
from core.scheduling.permissions import (
    availability_readable_by,
    clients_bookable_on,
    schedules_offered_to,
    schedules_run_by,
)
from core.team.queries import languages_spoken
from core.waiting_list.models import WaitingEntry
from core.waiting_list.permissions import entries_managed_by
from core.waiting_list.queries import first_date
from portal import spoken_languages
from portal.person_choices import key_of
from portal.person_fields import PersonField, PersonSelect, offer
from portal.scheduling.choices import CALENDARS
from portal.scheduling.service_choices import service_choices


class CoverageForm(forms.Form):
    """What stands above the grid."""

    schedule = PersonField(CALENDARS, required=False, empty_label=_("Everybody"), label=_("%(Practitioner)s"))
    service = forms.ChoiceField(required=False, label=_("%(Service)s"))
    mode = forms.ChoiceField(required=False, label=_("Where"), choices=[("", _("Anywhere")), *Appointment.Mode.choices])
    language = forms.ChoiceField(required=False, label=_("Language"))

    def __init__(self, *args: Any, user: User, **options: Any) -> None:
        super().__init__(*args, **options)
        offer(self, "schedule", user)
        self.has_more = not isinstance(self.fields["schedule"].widget, PersonSelect)
        services = [(str(each.id), str(each.own_name)) for each in service_choices()]
        self.fields["service"].choices = [("", _("All")), *services]  # type: ignore[attr-defined]
        self.fields["language"].choices = [("", _("All")), *spoken_languages.choices()]  # type: ignore[attr-defined]

    def chosen(self) -> dict[str, Any]:
        """What is asked for, without what makes no sense."""
        return self.cleaned_data if self.is_valid() or hasattr(self, "cleaned_data") else {}


@dataclass(frozen=True)
class Counted:
    """Whom the grid counts."""

    practitioners: Sequence[StaffMember]
    clients: QuerySet[Client]
    wanted: Wanted
    waiting: QuerySet[WaitingEntry]


def counted(user: User, chosen: dict[str, Any]) -> Counted:
    """The practitioners whose schedules this person runs, and the clients whom they may book and whose times they may read."""
    run = schedules_offered_to(user).filter(status=StaffMember.Status.ACTIVE).select_related("user")
    clients = clients_bookable_on(user, schedules_run_by(user)).filter(archived_at=None)
    clients = clients.filter(pk__in=availability_readable_by(user).order_by().values("pk"))
    if (schedule := chosen.get("schedule")) is not None:
        run = run.filter(pk=schedule.pk)
        clients = clients.filter(pk__in=Assignment.objects.filter(practitioner=schedule).values("client_id"))
    practitioners = list(run.order_by("user__sort_key", "pk"))
    if language := chosen.get("language"):
        practitioners = speakers(practitioners, language)
        logins = LinkedLogin.objects.filter(user__language=language)
        clients = clients.filter(pk__in=logins.values("client_id"))
    wanted = Wanted(chosen.get("mode") or "", key_of(chosen.get("service")))
    return Counted(practitioners, clients, wanted, _waiting(user, chosen, wanted))


def _waiting(user: User, chosen: dict[str, Any], wanted: Wanted) -> QuerySet[WaitingEntry]:
    """Those on the waiting list whom this person looks after; with this practitioner or anybody, where one is chosen."""
    found = entries_managed_by(user).filter(
        state=WaitingEntry.State.WAITING, until_on__gte=first_date(clock.now()), client__status=Client.Status.ACTIVE
    )
    if (schedule := chosen.get("schedule")) is not None:
        theirs = Assignment.objects.filter(practitioner=schedule).values("client_id")
        found = found.filter(Q(practitioners=schedule) | Q(practitioners=None, client__in=theirs))
    if wanted.service is not None:
        found = found.filter(service_id=wanted.service)
    if wanted.mode:
        found = found.filter(mode=wanted.mode)
    if language := chosen.get("language"):
        found = found.filter(client__in=LinkedLogin.objects.filter(user__language=language).values("client_id"))
    return found


def speakers(practitioners: Sequence[StaffMember], language: str) -> list[StaffMember]:
    """Those who speak it: by their card, or because they read the product in it."""
    spoken = languages_of(practitioners)
    return [each for each in practitioners if language in spoken[each.pk]]


def languages_of(practitioners: Sequence[StaffMember]) -> dict[UUID, frozenset[str]]:
    """What each of them speaks: as their card says, else the language in which they read the product."""
    by_card = languages_spoken(person.pk for person in practitioners)
    return {each.pk: by_card.get(each.pk, frozenset({each.user.language})) for each in practitioners}
