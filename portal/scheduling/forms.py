"""Forms of the calendar. Times are typed as on the wall, in a zone that stands beside them."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.db.models import QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from core.kernel import clock
from core.kernel.errors import DomainError
from core.kernel.money import Money
from core.scheduling.actions import booking_checks
from core.scheduling.models import Appointment, Cancellation, CompletionType, SchedulingSettings
from core.scheduling.models.cancellations import MOST_LEVELS
from core.scheduling.queries import completion_types_for_completing, completion_types_for_policy
from core.scheduling.rules import completion, extension, wall_time
from portal.language_fields import OwnTextsMixin
from portal.person_fields import PersonField, PersonSelect, offer
from portal.scheduling.choices import SCHEDULES
from portal.time_zone_fields import TimeZoneField


class DayInput(forms.DateInput):
    """The browser's own calendar."""

    input_type = "date"

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(format="%Y-%m-%d", **kwargs)


class ClockInput(forms.TimeInput):
    """The browser's own clock."""

    input_type = "time"

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(format="%H:%M", **kwargs)


def override_field() -> forms.CharField:
    """Why it shall be beside somebody's time; asked for once that has turned out."""
    return forms.CharField(label=_("All the same, because"), max_length=500, required=False)


class TimeForm(forms.Form):
    """A day, a time, a length and the zone in which they are meant."""

    before: datetime | None = None  # the start that an appointment has already

    date = forms.DateField(label=_("Day"), widget=DayInput())
    time = forms.TimeField(label=_("Starts"), widget=ClockInput())
    minutes = forms.IntegerField(label=_("Minutes"), min_value=5, max_value=24 * 60)
    time_zone = TimeZoneField()
    override_reason = override_field()

    def clean_date(self) -> date:
        """Not so far away that the instant, with its zone and length, is beyond what dates can say."""
        day: date = self.cleaned_data["date"]
        try:
            noon = datetime.combine(day, time(12), UTC)
            booking_checks.check_times(noon, noon + timedelta(hours=1), now=clock.now(), leeway=timedelta(days=2))
        except DomainError as error:
            raise forms.ValidationError(error.message) from error
        return day

    @property
    def moment(self) -> wall_time.Moment:
        """The start as an instant, with what had to be adjusted. For a valid form."""
        wall = datetime.combine(self.cleaned_data["date"], self.cleaned_data["time"])
        return wall_time.to_instant(wall, wall_time.zone(self.cleaned_data["time_zone"]), before=self.before)

    @property
    def length(self) -> timedelta:
        return timedelta(minutes=self.cleaned_data["minutes"])


class MoveForm(TimeForm):
    """The same for an appointment that is there already, with who runs it."""

    practitioner = PersonField(SCHEDULES, label=_("%(Practitioner)s"), required=False)

    def __init__(self, *args: Any, appointment: Appointment, user: Any, words: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.before = appointment.starts_at
        field = self.fields["practitioner"]
        offer(self, "practitioner", user)
        field.label = words.get("practitioner").capitalize()
        present = (str(appointment.practitioner_id), str(appointment.practitioner))
        if isinstance(field.widget, PersonSelect):
            others = [choice for choice in field.choices if choice[0] and choice[0] != present[0]]  # type: ignore[attr-defined]
            field.choices = [present, *others]  # type: ignore[attr-defined]
            if not others:
                field.widget = forms.HiddenInput()


def slot_of(sent: Mapping[str, Any]) -> tuple[datetime, datetime] | None:
    """Begin and end in what was sent for a `TimeForm`, read without its sentences; None where they are not clear."""
    try:
        wall = datetime.fromisoformat(f"{sent['date']}T{sent['time']}")
        begins = wall_time.to_instant(wall, ZoneInfo(sent["time_zone"])).instant
        return begins, begins + timedelta(minutes=int(sent["minutes"]))
    except (LookupError, ValueError, OverflowError, OSError):
        return None


def completion_types_now(appointment: Appointment) -> QuerySet[CompletionType]:
    """What it can be completed as at this moment: as missed only once the no-show clock has run down."""
    minutes = SchedulingSettings.current().no_show_minutes
    types = completion_types_for_completing()
    if clock.now() >= completion.missed_from(appointment.starts_at, minutes=minutes):
        return types
    return types.exclude(outcome=CompletionType.Outcome.MISSED)


def outcome_label(kind: CompletionType, amount: Money | None, wage: Money | None = None) -> str:
    """What it means that it ended so: the amount and the wage for those who may see them, and the shares."""
    shares: dict[str, Any] = {"kind": kind, "client_share": kind.client_share, "wage_share": kind.wage_share}
    language = get_language() or "en"
    if amount is not None:
        shares["amount"] = amount.percent(Decimal(kind.client_share)).format(language)
    if wage is not None:
        shares["wage"] = wage.percent(Decimal(kind.wage_share)).format(language)
    if amount is None and wage is None:
        return _("%(kind)s: %(client_share)s %% of the price, %(wage_share)s %% of the wage") % shares
    if wage is None:
        return _("%(kind)s: %(amount)s, %(client_share)s %% of the price, %(wage_share)s %% of the wage") % shares
    if amount is None:
        return _("%(kind)s: %(client_share)s %% of the price; wage %(wage)s, %(wage_share)s %%") % shares
    return _("%(kind)s: %(amount)s, %(client_share)s %% of the price; wage %(wage)s, %(wage_share)s %%") % shares


def press_label(kind: CompletionType, amount: Money | None) -> str:
    """The same in short, for a button."""
    if amount is None:
        return str(kind)
    return f"{kind} · {amount.percent(Decimal(kind.client_share)).format(get_language() or 'en')}"


class ExtensionForm(forms.Form):
    """By how many minutes; and why, where somebody else has that time."""

    minutes = forms.IntegerField(label=_("Other length, in minutes"), min_value=1, max_value=extension.MOST)
    reason = forms.CharField(label=_("All the same, because"), max_length=500, required=False)


class CompletionForm(forms.Form):
    """What became of an appointment; in a group, of each client."""

    completion_type = forms.ModelChoiceField(
        CompletionType.objects.none(), label=_("What became of it"), widget=forms.RadioSelect, empty_label=None
    )
    charged_minutes = forms.IntegerField(label=_("Minutes to charge"), min_value=0, max_value=24 * 60)
    note = forms.CharField(label=_("Remark"), max_length=500, required=False, help_text=_("For colleagues only."))
    was_held_before = forms.BooleanField(label=_("It was held already, before its time"), required=False)

    def __init__(
        self,
        *args: Any,
        appointment: Appointment,
        amount: Money | None = None,
        wage: Money | None = None,
        **kwargs: Any,
    ) -> None:
        """`amount`: of all places that this person may see the amounts of, held as booked; `wage`: likewise what is earned by it."""
        super().__init__(*args, **kwargs)
        types = completion_types_now(appointment)
        self.fields["completion_type"].label_from_instance = lambda kind: outcome_label(kind, amount, wage)  # type: ignore[attr-defined]
        if appointment.starts_at <= clock.now():
            del self.fields["was_held_before"]
        self.fields["completion_type"].queryset = types  # type: ignore[attr-defined]
        self.fields["completion_type"].initial = next((kind.pk for kind in types if kind.outcome == "held"), None)
        self.fields["charged_minutes"].initial = appointment.minutes
        self.participants = appointment.attending if appointment.is_group else []
        for participant in self.participants:
            self.fields[f"client_{participant.client_id}"] = forms.ModelChoiceField(
                types, label=participant.client.name, required=False, empty_label=_("Like everybody")
            )

    @property
    def single(self) -> list[forms.BoundField]:
        """The fields of single clients, for the page."""
        return [self[f"client_{participant.client_id}"] for participant in self.participants]

    def per_client(self) -> dict[Any, CompletionType]:
        """The clients for whom it ended otherwise. For a valid form."""
        chosen = {
            participant.client_id: self.cleaned_data[f"client_{participant.client_id}"]
            for participant in self.participants
        }
        return {client: kind for client, kind in chosen.items() if kind}


class NoShowForm(forms.Form):
    """How long somebody may be late before it is offered that they did not come."""

    minutes = forms.IntegerField(label=_("Minutes after the start"), min_value=0, max_value=completion.MOST_MINUTES)


class CancellationForm(forms.Form):
    """Why, and on whose side; whoever runs the schedule may waive what the policy charges."""

    party = forms.ChoiceField(label=_("Who cannot make it?"), widget=forms.RadioSelect)
    participant = forms.ModelChoiceField(
        None, label=_("Whose place?"), required=False, empty_label=_("The whole %(group)s")
    )
    reason = forms.CharField(
        label=_("Reason"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    waiver_reason = forms.CharField(
        label=_("Waive the charge because"), max_length=500, required=False,
        help_text=_("Fill this in only if nothing shall be charged although the policy says so."),
    )  # fmt: skip

    def __init__(
        self,
        *args: Any,
        participants: Any,
        runs: bool,
        charges: bool,
        words: Any,
        stands_alone: bool = False,
        **kwargs: Any,
    ) -> None:
        """`stands_alone`: it takes place without anybody, so that the last one leaves it and nothing is cancelled."""
        super().__init__(*args, **kwargs)
        client = words.get("client").capitalize()
        self.fields["party"].choices = [
            (Cancellation.Party.CLIENT, client),
            (Cancellation.Party.PRACTICE, _("We cannot")),
        ]  # type: ignore[attr-defined]
        self.fields["participant"].queryset = participants  # type: ignore[attr-defined]
        self.fields["participant"].label_from_instance = lambda participant: participant.client.name  # type: ignore[attr-defined]
        if not runs or not participants:
            del self.fields["party"]
            self.fields["participant"].empty_label = None  # type: ignore[attr-defined]
        if not (runs and charges and participants):
            del self.fields["waiver_reason"]
        if len(participants) < (1 if stands_alone else 2):
            del self.fields["participant"]


class PolicyForm(forms.Form):
    """Up to three levels: hours before the start, and what cancelling later than that counts as."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for number in range(1, MOST_LEVELS + 1):
            self.fields[f"hours_{number}"] = forms.IntegerField(
                label=_("Less than … hours before"), min_value=1, max_value=672, required=False
            )
            self.fields[f"type_{number}"] = forms.ModelChoiceField(
                completion_types_for_policy(), label=_("counts as"), required=False, empty_label=_("Choose…")
            )

    @property
    def pairs(self) -> list[tuple[Any, Any]]:
        """The two fields of each level, for the page."""
        return [(self[f"hours_{number}"], self[f"type_{number}"]) for number in range(1, MOST_LEVELS + 1)]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        for number in range(1, MOST_LEVELS + 1):
            hours, kind = values.get(f"hours_{number}"), values.get(f"type_{number}")
            if bool(hours) != bool(kind) and not self.errors:
                missing = f"type_{number}" if hours else f"hours_{number}"
                self.add_error(missing, _("A level needs both: the hours, and what it counts as."))
        return values

    def levels(self) -> list[tuple[int, CompletionType]]:
        """The filled levels. For a valid form."""
        pairs = [(self.cleaned_data[f"hours_{n}"], self.cleaned_data[f"type_{n}"]) for n in range(1, MOST_LEVELS + 1)]
        return [(hours, kind) for hours, kind in pairs if hours and kind]


class CompletionTypeForm(OwnTextsMixin, forms.ModelForm):
    """A way for an appointment to end, with what it means for money."""

    client_share = forms.IntegerField(label=_("The %(client)s pays"), min_value=0, max_value=100)
    wage_share = forms.IntegerField(label=_("The wage is paid"), min_value=0, max_value=100)

    class Meta:
        model = CompletionType
        fields = ("name", "outcome", "client_share", "wage_share", "is_active")
        labels = {"name": _("Name"), "outcome": _("Used when"), "is_active": _("Can be chosen")}  # noqa: RUF012

    def __init__(self, *args: Any, words: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.before = self.instance.own_name
        self.offer_languages(name=self.before)
        self.fields["client_share"].label = _("Share of the price for the %(client)s")
        self.fields["wage_share"].label = _("Share of the wage for the %(name)s") % {"name": words.get("practitioner")}

    def kind(self) -> CompletionType:
        """What was sent, not saved."""
        found: CompletionType = self.save(commit=False)
        found.other_names = dict(self.own_text("name", self.before).others)
        return found
