"""Forms about personal links: of whose they are, and of who comes by them."""

from collections.abc import Sequence
from datetime import time
from typing import Any

from babel.dates import get_day_names
from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from branding.queries import locale_of
from core.people.models import User
from core.scheduling.rules.availability import DAY, WEEK, Window
from portal.live.choices import CALLERS
from portal.person_fields import PersonField
from sessions_live.personal_links.models import LONGEST_NAME, LONGEST_PASSPHRASE, LONGEST_SLUG, LinkGuest, PersonalLink


class ClockInput(forms.TimeInput):
    """The browser's own clock."""

    input_type = "time"

    def __init__(self) -> None:
        super().__init__(format="%H:%M")


class LinkForm(forms.Form):
    """Who can come, and when."""

    is_locked = forms.BooleanField(
        label=_("Locked"), required=False, help_text=_("Nobody new comes in. The address stays the same.")
    )
    passphrase = forms.CharField(
        label=_("Passphrase"), max_length=LONGEST_PASSPHRASE, required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=_("Guests type it before they see whose link it is. Tell it to them another way than the link."),
    )  # fmt: skip
    weekdays = forms.TypedMultipleChoiceField(
        label=_("Open on"), coerce=int, required=False, widget=forms.CheckboxSelectMultiple, help_text=_("None: every day.")
    )  # fmt: skip
    starts = forms.TimeField(label=_("From"), widget=ClockInput(), required=False)
    ends = forms.TimeField(label=_("Until"), widget=ClockInput(), required=False)

    def __init__(self, *posted: Any, link: PersonalLink) -> None:
        super().__init__(*posted, initial=_initial(link))
        locale = locale_of(get_language() or "en")
        names = get_day_names("wide", locale=locale)
        order = [(locale.first_week_day + number) % 7 for number in WEEK]
        self.fields["weekdays"].choices = [(day, names[day]) for day in order]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if bool(values.get("starts")) != bool(values.get("ends")) and not self.errors:
            self.add_error("ends", _("Give both times, or none for whole days."))
        elif _window(values.get("starts"), values.get("ends")).ends <= _minutes(values.get("starts")):
            self.add_error("ends", _("It ends before it begins."))
        return values

    def weekly(self) -> dict[int, list[Window]]:
        """For a valid form; none at all where it is open always."""
        values = self.cleaned_data
        if not (values["weekdays"] or values["starts"] or values["ends"]):
            return {}
        window = _window(values["starts"], values["ends"])
        return {day: [window] for day in values["weekdays"] or WEEK}


def _minutes(at: time | None) -> int:
    return at.hour * 60 + at.minute if at else 0


def _window(starts: time | None, ends: time | None) -> Window:
    """Midnight as an end is that of the same day."""
    return Window(_minutes(starts), _minutes(ends) or DAY)


def _initial(link: PersonalLink) -> dict[str, Any]:
    days: Sequence[int] = sorted(int(day) for day, windows in link.hours.items() if windows)
    initial: dict[str, Any] = {"is_locked": link.is_locked, "passphrase": link.passphrase, "weekdays": []}
    if days:
        starts, ends = link.hours[str(days[0])][0]
        initial["weekdays"] = [] if len(days) == len(WEEK) else list(days)
        if (starts, ends) != (0, DAY):
            initial |= {"starts": time(starts // 60, starts % 60), "ends": time(ends % DAY // 60, ends % 60)}
    return initial


class ResetForm(forms.Form):
    """Another address."""

    wanted = forms.CharField(
        label=_("The last part of the address"), max_length=LONGEST_SLUG, required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=_("Letters and figures. Leave it empty, and one is made that nobody guesses."),
    )  # fmt: skip


class CallForm(forms.Form):
    """Who it was."""

    client = PersonField(CALLERS, label=_("%(Client)s"), required=False, empty_label=_("Nobody we know"))

    def __init__(self, *posted: Any, user: User, guest: LinkGuest) -> None:
        super().__init__(*posted, initial={"client": guest.client})
        self.fields["client"].offer(user)  # type: ignore[attr-defined]


class GuestForm(forms.Form):
    """What somebody without an account says before they come to the waiting room."""

    name = forms.CharField(
        label=_("Your name"), max_length=LONGEST_NAME, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    passphrase = forms.CharField(
        label=_("Passphrase"), max_length=LONGEST_PASSPHRASE, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )

    def __init__(self, *posted: Any, has_passphrase: bool, is_signed_in: bool) -> None:
        super().__init__(*posted)
        if not has_passphrase:
            del self.fields["passphrase"]
        if is_signed_in:
            del self.fields["name"]
