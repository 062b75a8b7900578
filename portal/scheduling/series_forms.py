"""The form of a series: a booking, how it repeats, until when, and what becomes of each of its dates."""

from datetime import date, datetime, time
from typing import Any

from django import forms
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from core.kernel import clock
from core.scheduling.actions.series_checks import SeriesPlan, too_many
from core.scheduling.models import WorkingHours
from core.scheduling.rules import series
from core.scheduling.rules.series import Pattern
from portal.scheduling.appointment_forms import BookingForm
from portal.scheduling.forms import DayInput

WEEKS, MONTH_DAY, MONTH_WEEKDAY = "weeks", "month_day", "month_weekday"
UNTIL, COUNT, OPEN = "until", "count", "open"
START = {"frequency": WEEKS, "every": 1, "ends": COUNT, "count": 10}
SALT = "portal.series_form"


class SeriesForm(BookingForm):
    """Everything about a new series. What was chosen for each date stands beside the fields: `keep`, `on_<day>`, `at_<day>`."""

    field_order = (
        "practitioner", "clients", "service", "service_name", "date", "time", "minutes", "time_zone",
        "every", "frequency", "weekdays", "ends", "count", "until",
    )  # fmt: skip

    every = forms.IntegerField(label=_("Every"), min_value=1, max_value=series.MOST_BETWEEN)
    frequency = forms.ChoiceField(
        label=_("Repeats by"),
        choices=[
            (WEEKS, _("weeks")),
            (MONTH_DAY, _("months, on the same day of the month")),
            (MONTH_WEEKDAY, _("months, on the same day of the week")),
        ],
    )
    weekdays = forms.TypedMultipleChoiceField(
        label=_("On these days"),
        choices=WorkingHours.Weekday.choices,
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Of a weekly series; none means the day of the first date."),
    )
    ends = forms.ChoiceField(
        label=_("Ends"),
        choices=[(COUNT, _("after so many times")), (UNTIL, _("on a day")), (OPEN, _("not at all"))],
    )
    count = forms.IntegerField(label=_("Times"), min_value=1, required=False)
    until = forms.DateField(label=_("Last day"), widget=DayInput(), required=False)
    leave_out = forms.BooleanField(label=_("Book without the dates that are not free"), required=False)

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        ends, needed = values.get("ends"), {COUNT: "count", UNTIL: "until"}
        if (name := needed.get(ends or "")) and not values.get(name) and name not in self.errors:
            self.add_error(name, self.fields[name].error_messages["required"] or _("This field is required."))
        if ends == COUNT and (values.get("count") or 0) > series.MOST:
            self.add_error("count", too_many())
        if ends == UNTIL and values.get("until") and values.get("date") and values["until"] < values["date"]:
            self.add_error("until", _("The last day is not before the first."))
        if not self.errors:
            self._read_dates()
        return values

    def _read_dates(self) -> None:
        """What was chosen for each date that was listed; nothing where none was shown yet."""
        listed = [day for day in map(_day, self.data.getlist("listed")[: series.MOST]) if day]
        kept = {_day(text) for text in self.data.getlist("keep")}
        self.listed = frozenset(listed)
        self.skipped = frozenset(day for day in listed if day not in kept)
        self.moved: dict[date, datetime] = {}
        for day in listed:
            wall = _wall(self.data.get(f"on_{day}", ""), self.data.get(f"at_{day}", ""))
            by_rule = datetime.combine(day, self.cleaned_data["time"])
            if wall is None and day in kept:
                self.add_error(None, _("Choose a day and a time for each date that takes place."))
                return
            if wall is not None and wall != by_rule:
                self.moved[day] = wall

    @property
    def has_facts_errors(self) -> bool:
        """Whether something is wrong beside the rule itself."""
        return bool(
            set(self.errors) - {"__all__", "every", "frequency", "weekdays", "ends", "count", "until", "leave_out"}
        )

    @property
    def pattern(self) -> Pattern:
        values = self.cleaned_data
        first, every = values["date"], values["every"]
        if values["frequency"] == WEEKS:
            return Pattern("weekly", every, tuple(sorted(values["weekdays"])) or (first.weekday(),))
        return series.monthly(first, every=every, by_weekday=values["frequency"] == MONTH_WEEKDAY)

    def plan(self) -> SeriesPlan:
        """What the action takes. For a form without an error in a field."""
        facts, values = self.facts(), self.cleaned_data
        pattern, first = self.pattern, values["date"]
        until = values["until"] if values["ends"] == UNTIL else None
        if values["ends"] == COUNT:
            until = series.dates(pattern, first, count=values["count"])[-1]
        chosen = ("practitioner", "clients", "service_id", "service_name", "other_service_names", "mode", "location")
        return SeriesPlan(
            **{name: facts[name] for name in (*chosen, "note", "is_open_group", "resources")},
            pattern=pattern,
            first_on=first,
            at=values["time"],
            minutes=values["minutes"],
            time_zone=values["time_zone"],
            until_on=until,
            skipped=self.skipped,
            moved=self.moved,
        )

    def seen_mark(self, plan: SeriesPlan) -> str:
        """A mark of all that decides which dates there are and who must be free: other dates are looked at before they are booked."""
        people = sorted(str(each.pk) for each in (*plan.clients, *plan.resources))
        facts = [plan.pattern.rrule, plan.first_on, plan.at, plan.minutes, plan.time_zone, plan.until_on]
        return salted_hmac(SALT, repr([*map(str, facts), str(plan.practitioner.pk), people])).hexdigest()[:20]


def with_start(sent: Any) -> Any:
    """What a booking form has sent, as a series of its day: so that its dates can be shown at once."""
    if "frequency" in sent:
        return sent
    data = sent.copy()
    for name, value in START.items():
        data[name] = str(value)
    return data


def start_of(initial: dict[str, Any]) -> dict[str, Any]:
    return {**START, **initial}


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _wall(day: str, at: str) -> datetime | None:
    """A day and a time as they were typed, as far as they lie near enough to be an instant."""
    try:
        wall = datetime.combine(date.fromisoformat(day), time.fromisoformat(at))
    except ValueError:
        return None
    if wall.tzinfo is not None or abs(wall.year - clock.now().year) > 5:
        return None
    return wall.replace(second=0, microsecond=0)
