"""How other calendar programs are given an address, step by step, for people who have done no such thing before."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Guide:
    """One program's steps. Its name is its own, in every language."""

    name: str
    steps: tuple[Any, ...]


GUIDES = (
    Guide(
        "Apple",
        (
            _("Open this page on the iPhone, iPad or Mac and press “Subscribe”."),
            _("Confirm the subscription. On a Mac, choose how often it is refreshed: every hour is enough."),
            _("If the button does nothing: in the calendar's settings add a subscription and paste the address."),
        ),
    ),
    Guide(
        "Google",
        (
            _("Copy the address. On a computer, open your calendar in the browser."),
            _("Beside “Other calendars”, press the plus sign and choose “From URL”."),
            _("Paste the address and add the calendar. It then shows on your phone, too."),
            _("Changes can take up to a day to arrive there; nothing on our side makes it faster."),
        ),
    ),
    Guide(
        "Outlook",
        (
            _("Copy the address. In the calendar, choose “Add calendar”, then “Subscribe from web”."),
            _("Paste the address, give the calendar a name and import it."),
            _("Changes arrive within a few hours."),
        ),
    ),
)
