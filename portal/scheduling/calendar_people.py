"""Whose schedules a calendar shows, and by whom its appointments are coloured: as the address says, else as the person has ticked."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from core.people.models import StaffMember, User
from core.scheduling.actions.calendar_choice import MOST_COLUMNS
from core.scheduling.models import Appointment, CalendarChoice
from core.scheduling.queries import schedules_to_book_on
from portal.person_choices import MOST, key_of
from portal.person_fields import PeopleField, offer
from portal.scheduling.appointment_rows import PLAIN
from portal.scheduling.choices import CALENDARS
from portal.scheduling.schedule_filter import shown_schedule
from themes.elements import tone_of


@dataclass
class CalendarPeople:
    """The answer for one request."""

    request: HttpRequest
    user: User

    @cached_property
    def asked(self) -> StaffMember | None:
        """The one schedule that the address asks for."""
        return shown_schedule(self.request, self.user)

    @cached_property
    def choice(self) -> CalendarChoice:
        return CalendarChoice.objects.filter(user=self.user).first() or CalendarChoice(user=self.user)

    @cached_property
    def ticked(self) -> list[StaffMember]:
        """Those whom the address names, else who were ticked, and may still be looked at, by name. An address can name nobody: everybody."""
        named = self.request.GET.get("people")
        keys = (
            self.choice.schedules if named is None else list(filter(None, map(key_of, named.split(",")[:MOST_COLUMNS])))
        )
        if not keys:
            return []
        found = CALENDARS.offered(self.user, {}).filter(pk__in=keys)
        return list(found.order_by("user__sort_key", "pk"))

    @cached_property
    def names_nobody(self) -> bool:
        """The address names people, or one, but none whose calendar may be looked at: nobody's is shown, instead of everybody's."""
        if self.request.GET.get("schedule"):
            return self.asked is None
        return bool(self.request.GET.get("people")) and not self.ticked

    @property
    def chosen(self) -> list[StaffMember]:
        """To whom every view is narrowed; nobody: it is not, or nobody's is shown."""
        if self.names_nobody:
            return []
        return [self.asked] if self.asked is not None else self.ticked

    def columns(self, busy: Iterable[StaffMember]) -> "Columns":
        """Who has a column in the day view: the chosen ones, else those with whom people meet and whoever else is `busy` that day.

        Where there are more than there is room for, those who are busy stay first; all of them in their usual order.
        """
        if self.chosen or self.names_nobody:
            return Columns(self.chosen)
        busy = list(busy)
        practising = [person for person in schedules_to_book_on(self.user) if person.is_active]
        everybody = {person.pk: person for person in (*practising, *busy)}
        first = dict.fromkeys([person.pk for person in busy])
        kept = list(first | dict.fromkeys(everybody))[:MOST_COLUMNS]
        shown = [person for key, person in everybody.items() if key in kept]
        return Columns(shown, len(everybody) - len(shown))

    @property
    def legend(self) -> "list[LegendPerson]":
        """The ticked ones with their colours, where there are too many to offer each of them."""
        return [LegendPerson(person, is_ticked=True) for person in self.ticked]

    @property
    def colors_clients(self) -> bool:
        return self.choice.color_by == CalendarChoice.ColorBy.CLIENT

    def narrow(self, found: QuerySet[Appointment]) -> QuerySet[Appointment]:
        """Without what is on the schedules of others; what somebody has as a client stays, unless one schedule is asked for."""
        if self.asked is not None:
            return found.filter(practitioner=self.asked)
        if not self.chosen and not self.names_nobody:
            return found
        hidden = CALENDARS.offered(self.user, {}).exclude(pk__in=[person.pk for person in self.chosen])
        return found.exclude(practitioner__in=hidden.order_by().values("pk"))


@dataclass(frozen=True)
class Columns:
    """Whose columns a day has, and for how many more there is no room."""

    people: Sequence[StaffMember]
    left_out: int = 0

    @property
    def sentence(self) -> str:
        """What is said of those; nothing where all are shown."""
        if not self.left_out:
            return ""
        said = ngettext(
            "%(number)d more is not shown: there is space for %(most)d. Choose above whom to show.",
            "%(number)d more are not shown: there is space for %(most)d. Choose above whom to show.",
            self.left_out,
        )
        return said % {"number": self.left_out, "most": MOST_COLUMNS}


@dataclass(frozen=True)
class LegendPerson:
    """One name in the legend, with the colour that it has everywhere."""

    staff: StaffMember
    is_ticked: bool

    @property
    def key(self) -> str:
        return str(self.staff.pk)

    @property
    def name(self) -> str:
        return str(self.staff)

    @property
    def color(self) -> str:
        return "" if self.staff.color == PLAIN else self.staff.color

    @property
    def tone_class(self) -> str:
        return f"tone-{tone_of(self.name)}"


class CalendarChoiceForm(forms.Form):
    """The legend: whom to show, and whose colours."""

    schedules = PeopleField(CALENDARS, required=False, label=_("Whose calendar"))
    color_by = forms.ChoiceField(label=_("Colours by"), choices=CalendarChoice.ColorBy.choices)

    def __init__(self, *args: Any, user: User, words: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.user = user
        offer(self, "schedules", user)
        self.fields["color_by"].choices = [  # type: ignore[attr-defined]
            (kind.value, words.get(kind.value).capitalize()) for kind in CalendarChoice.ColorBy
        ]
        _few, self.has_more = self.fields["schedules"].offered.first()  # type: ignore[attr-defined]

    @cached_property
    def people(self) -> list[LegendPerson]:
        """Who is offered, with their colour, while all fit in."""
        ticked = {str(key) for key in self["schedules"].value() or ()}
        rows = CALENDARS.offered(self.user, {}).order_by(*CALENDARS.order)[:MOST]
        return [LegendPerson(row, is_ticked=str(row.pk) in ticked) for row in rows]


def legend_form(request: HttpRequest, people: CalendarPeople) -> CalendarChoiceForm:
    """The legend as it stands: without a choice of one's own, those are ticked who are shown."""
    initial = {"schedules": [person.pk for person in people.ticked], "color_by": people.choice.color_by}
    return CalendarChoiceForm(initial=initial, user=people.user, words=request.vocabulary)  # type: ignore[attr-defined]
