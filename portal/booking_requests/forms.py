"""Forms of requests. Times are typed as on the wall, in a zone that stands beside them; several of them, one below the other."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.booking_requests.actions.checks import LONGEST_NOTE, LONGEST_REASON, LONGEST_WISH
from core.booking_requests.rules.booking_requests import MOST_TIMES
from core.kernel import clock
from core.scheduling.models import Appointment, BookableResource
from core.scheduling.rules import wall_time
from portal.booking_requests.free_times import chosen_in
from portal.booking_requests.rows import TimeRow
from portal.person_fields import PersonField, offer
from portal.scheduling.choices import SCHEDULES
from portal.scheduling.forms import ClockInput, DayInput, override_field
from portal.scheduling.wanted_forms import WantedPeopleForm, WantedServiceForm
from portal.time_zone_fields import TimeZoneField

FIRST_SHOWN = 2  # the rows that stand open
# Only times that lie ahead are offered: what was chosen on an older page has passed meanwhile.
PASSED = {"invalid_choice": _("This time has passed already. Choose another.")}


class TimesForm(forms.Form):
    """Up to five times."""

    time_zone = TimeZoneField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for number in range(1, MOST_TIMES + 1):
            self.fields[f"date_{number}"] = forms.DateField(
                label=gettext("Day %(number)s") % {"number": number}, widget=DayInput(), required=False
            )
            self.fields[f"time_{number}"] = forms.TimeField(
                label=gettext("Starts"), widget=ClockInput(), required=False
            )
        self.notes: list[str] = []

    @property
    def first_rows(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        return self._rows(1, FIRST_SHOWN)

    @property
    def more_rows(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        return self._rows(FIRST_SHOWN + 1, MOST_TIMES)

    @property
    def has_more(self) -> bool:
        """Whether anything stands in the rows that are folded away."""
        return any(field.value() or field.errors for pair in self.more_rows for field in pair)

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        now = clock.now()
        self.starts: list[datetime] = []
        for number in range(1, MOST_TIMES + 1):
            day, hour = values.get(f"date_{number}"), values.get(f"time_{number}")
            if bool(day) != (hour is not None):
                missing = f"time_{number}" if day else f"date_{number}"
                if missing not in self.errors:
                    self.add_error(missing, gettext("A time needs both: the day, and when it starts."))
            elif day and hour is not None and values.get("time_zone"):
                self._take(number, datetime.combine(day, hour), values["time_zone"], now)
        return values

    def _take(self, number: int, wall: datetime, zone: str, now: datetime) -> None:
        try:
            moment = wall_time.to_instant(wall, wall_time.zone(zone))
        except (OverflowError, ValueError):
            self.add_error(f"date_{number}", gettext("Please check the date."))
            return
        if moment.instant <= now:
            self.add_error(f"date_{number}", gettext("This time has passed already."))
            return
        if moment.note:
            self.notes.append(moment.note)
        self.starts.append(moment.instant)

    def _rows(self, first: int, last: int) -> list[tuple[forms.BoundField, forms.BoundField]]:
        return [(self[f"date_{number}"], self[f"time_{number}"]) for number in range(first, last + 1)]


class WishForm(TimesForm):
    """When it would suit, in times or in words."""

    wish = forms.CharField(
        label=_("Or in words: when would it suit you?"),
        max_length=LONGEST_WISH,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Such as: Tuesdays and Thursdays, not before three."),
    )
    note = forms.CharField(
        label=_("What we should know"),
        max_length=LONGEST_NOTE,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def clean(self) -> dict[str, Any]:
        values = super().clean()
        self.starts += chosen_in(self.data)
        if not self.errors and len(set(self.starts)) > MOST_TIMES:
            self.add_error(None, gettext("At most %(most)s times.") % {"most": MOST_TIMES})
        if not self.errors and not self.starts and not values.get("wish"):
            self.add_error("date_1", gettext("Name at least one time, or say in words when it would suit you."))
        return values


class AskForm(WantedPeopleForm, WantedServiceForm, WishForm):
    """An appointment that is asked for."""


class AcceptForm(forms.Form):
    """Which of the times, with whom and where."""

    time = forms.ChoiceField(label=_("Which time?"), widget=forms.RadioSelect, error_messages=PASSED)
    practitioner = PersonField(SCHEDULES, label=_("%(Practitioner)s"))
    mode = forms.ChoiceField(label=_("Where"), choices=Appointment.Mode.choices)
    resources = forms.ModelMultipleChoiceField(
        BookableResource.objects.filter(is_active=True),
        label=_("Rooms and equipment"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    location = forms.CharField(label=_("Place"), max_length=200, required=False)
    override_reason = override_field()

    def __init__(
        self, *args: Any, times: Sequence[TimeRow], moves: bool, runner: Any, user: Any, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.runner = runner
        self.fields["time"].choices = [(str(row.time.pk), str(row)) for row in times]  # type: ignore[attr-defined]
        if len(times) == 1:
            self.fields["time"].initial = str(times[0].time.pk)
        if runner is not None:
            del self.fields["practitioner"]
        else:
            offer(self, "practitioner", user)
        if moves:
            for name in ("mode", "resources", "location"):
                del self.fields[name]
        elif not self.fields["resources"].queryset.exists():  # type: ignore[attr-defined]
            del self.fields["resources"]


class ProposeForm(TimesForm):
    """Other times, with whom, and a word about them."""

    practitioner = PersonField(SCHEDULES, label=_("%(Practitioner)s"))
    message = forms.CharField(
        label=_("A word about it"),
        max_length=LONGEST_REASON,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Whoever asked reads it."),
    )
    override_reason = override_field()

    def __init__(self, *args: Any, runner: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if runner is not None:
            del self.fields["practitioner"]
        else:
            offer(self, "practitioner", user)

    def clean(self) -> dict[str, Any]:
        values = super().clean()
        if not self.errors and not self.starts:
            self.add_error("date_1", gettext("Name at least one time."))
        return values


class DeclineForm(forms.Form):
    """Why not."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Whoever asked reads it."),
    )


class ProposedForm(forms.Form):
    """Which of the proposed times."""

    time = forms.ChoiceField(label=_("Which time suits you?"), widget=forms.RadioSelect, error_messages=PASSED)

    def __init__(self, *args: Any, times: Sequence[TimeRow], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["time"].choices = [(str(row.time.pk), _proposed(row)) for row in times]  # type: ignore[attr-defined]
        if len(times) == 1:
            self.fields["time"].initial = str(times[0].time.pk)


class KeepForm(forms.Form):
    """A word about why none suits."""

    words = forms.CharField(
        label=_("When would it suit you then?"),
        max_length=LONGEST_WISH,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Whoever answers reads it."),
    )

    def __init__(self, *args: Any, still_count: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if still_count:
            self.fields["words"].help_text = gettext(
                "Whoever answers reads it. The times that you asked for still count."
            )


class WithdrawForm(forms.Form):
    """Nothing but a button."""


def _proposed(row: TimeRow) -> str:
    return f"{row} · {gettext('with %(name)s') % {'name': row.time.runner}}"
