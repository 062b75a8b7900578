"""Forms about when somebody works, and when nobody does."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from branding.queries import first_day_of_week, locale_of
from core.kernel import clock
from core.kernel.reading_order import reading_key
from core.people.models import Client, StaffMember
from core.scheduling import public_holidays
from core.scheduling.actions.availability import MOST_MINUTES, Wishes
from core.scheduling.client_availability_queries import availability_of
from core.scheduling.models import Closure, ScheduleSettings, SchedulingSettings, TimeOff, WorkingHours
from core.scheduling.rules.availability import DAY, WEEK, Window
from portal.scheduling.forms import ClockInput, DayInput
from portal.scheduling.hours_fields import WindowsField
from portal.scheduling.service_choices import ServiceChoice, service_choices
from portal.time_zone_fields import TimeZoneField


class DaysForm(forms.Form):
    """Windows on each day of the week, on the clock of a zone."""

    time_zone = TimeZoneField()

    def add_days(self, *, services: Sequence[ServiceChoice] = (), with_kinds: bool = True) -> None:
        """A field for each day; `with_kinds`: each window for one way of meeting, or for one of the services."""
        names = dict(WorkingHours.Weekday.choices)
        for day in WEEK:
            field = WindowsField(label=names[day], required=False)
            field.widget.services = services  # type: ignore[attr-defined]
            field.widget.with_kinds = with_kinds  # type: ignore[attr-defined]
            self.fields[f"day_{day}"] = field

    @property
    def days(self) -> list[forms.BoundField]:
        """In the order in which a week runs here."""
        return [self[f"day_{(first_day_of_week() + number) % 7}"] for number in WEEK]

    def weekly(self) -> dict[int, list[Window]]:
        """For a valid form."""
        return {day: list(self.cleaned_data[f"day_{day}"]) for day in WEEK}


class ClientWeekForm(DaysForm):
    """When a client can come."""

    def __init__(self, *args: Any, client: Client, **kwargs: Any) -> None:
        super().__init__(*args, initial=_times_of(client), **kwargs)
        self.add_days(with_kinds=False)


def _times_of(client: Client) -> dict[str, Any]:
    known = availability_of(client)
    initial: dict[str, Any] = {"time_zone": known.time_zone if known else client.time_zone}
    initial |= {f"day_{day}": [] for day in WEEK}
    for row in known.windows.all() if known else ():
        initial[f"day_{row.weekday}"].append(Window(row.starts, row.ends))
    return initial


class WeekForm(DaysForm):
    """The hours of every week, and how appointments are to lie in them."""

    buffer_before = forms.IntegerField(label=_("Minutes before each"), min_value=0, max_value=MOST_MINUTES)
    buffer_after = forms.IntegerField(label=_("Minutes after each"), min_value=0, max_value=MOST_MINUTES)
    most_per_day = forms.IntegerField(label=_("At most a day"), min_value=1, max_value=200, required=False)
    most_per_week = forms.IntegerField(label=_("At most a week"), min_value=1, max_value=1000, required=False)

    def __init__(self, *args: Any, practitioner: StaffMember, **kwargs: Any) -> None:
        super().__init__(*args, initial=_week_of(practitioner), **kwargs)
        self.add_days(services=service_choices())

    def wishes(self) -> Wishes:
        """For a valid form."""
        return Wishes(**{name: self.cleaned_data[name] for name in Wishes.__slots__})


def _week_of(practitioner: StaffMember) -> dict[str, Any]:
    settings = ScheduleSettings.objects.filter(practitioner=practitioner).first() or ScheduleSettings()
    initial: dict[str, Any] = {name: getattr(settings, name) for name in Wishes.__slots__}
    initial["time_zone"] = settings.time_zone or practitioner.user.time_zone
    initial |= {f"day_{day}": [] for day in WEEK}
    for row in WorkingHours.objects.filter(practitioner=practitioner):
        initial[f"day_{row.weekday}"].append(Window(row.starts, row.ends, row.mode, frozenset(row.service_ids)))
    return initial


class DayForm(forms.Form):
    """Other hours of one day, or none of them."""

    day = forms.DateField(label=_("Day"), widget=DayInput())
    windows = WindowsField(label=_("Works from … to …"), required=False, help_text=_("Leave it empty for a day off."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["windows"].widget.with_kinds = False  # type: ignore[attr-defined]

    def clean_day(self) -> date:
        day: date = self.cleaned_data["day"]
        if day < clock.now().date() or day.year > clock.now().year + 3:
            raise forms.ValidationError(_("Choose a day from today on, within three years."))
        return day


class TimeOffForm(forms.Form):
    """Days, or hours of days, on which somebody is away."""

    first_on = forms.DateField(label=_("From"), widget=DayInput())
    last_on = forms.DateField(label=_("To and including"), widget=DayInput())
    starts = forms.TimeField(label=_("Only from"), widget=ClockInput(), required=False)
    ends = forms.TimeField(label=_("until"), widget=ClockInput(), required=False)
    weekdays = forms.TypedMultipleChoiceField(
        label=_("Only on"),
        choices=WorkingHours.Weekday.choices,
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("For what comes back every week; none ticked means every day."),
    )
    note = forms.CharField(
        label=_("Note"), max_length=200, required=False, help_text=_("For those who run this schedule.")
    )

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if bool(values.get("starts")) != bool(values.get("ends")) and not self.errors:
            self.add_error("ends", _("Give both times, or none for whole days."))
        return values

    def time_off(self, practitioner: StaffMember) -> TimeOff:
        """For a valid form."""
        values = self.cleaned_data
        minutes = [each.hour * 60 + each.minute if each else None for each in (values["starts"], values["ends"])]
        return TimeOff(
            practitioner=practitioner,
            first_on=values["first_on"],
            last_on=values["last_on"],
            starts=minutes[0] or 0,
            ends=DAY if minutes[1] is None or (minutes[1] == 0 and minutes[0]) else minutes[1],
            weekdays=sorted(values["weekdays"]),
            note=values["note"],
        )


class ClosureForm(forms.ModelForm):
    """Days on which nobody works."""

    class Meta:
        model = Closure
        fields = ("name", "first_on", "last_on")
        labels = {"name": _("What for"), "first_on": _("From"), "last_on": _("To and including")}  # noqa: RUF012
        widgets = {"first_on": DayInput(), "last_on": DayInput()}  # noqa: RUF012


class HolidaysForm(forms.Form):
    """Whose public holidays are kept, and which of them are worked all the same."""

    country = forms.ChoiceField(label=_("Country"), required=False)
    region = forms.ChoiceField(label=_("Region"), required=False)
    worked = forms.TypedMultipleChoiceField(
        label=_("Worked all the same"), coerce=date.fromisoformat, required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, settings: SchedulingSettings, upcoming: dict[date, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known, names = public_holidays.countries(), locale_of(get_language() or "en").territories
        chosen = (self.data.get("country") if self.is_bound else settings.holiday_country) or ""
        named = sorted(
            ((code, names.get(code, code)) for code in known if len(code) == 2), key=lambda pair: reading_key(pair[1])
        )
        self.fields["country"].choices = [("", _("No public holidays")), *named]  # type: ignore[attr-defined]
        regions = [(each, each) for each in known.get(chosen, ())]
        if self.is_bound and self.data.get("region") not in known.get(chosen, ()):
            self.data = self.data.copy()  # because the list of regions is of the country that was chosen before
            self.data["region"] = ""
        self.fields["region"].choices = [("", _("The whole country")), *regions]  # type: ignore[attr-defined]
        days = [(day.isoformat(), f"{name}, {day.isoformat()}") for day, name in upcoming.items()]
        self.fields["worked"].choices = days  # type: ignore[attr-defined]
        if not regions:
            self.fields["region"].widget = forms.HiddenInput()
        if not days:
            del self.fields["worked"]
