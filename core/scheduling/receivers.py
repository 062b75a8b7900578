"""What scheduling does for a new organization, and when somebody comes to a client later."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.dispatch import receiver
from django.utils import translation

from core.kernel.translation import gettext_noop, translate
from core.people.models import User
from core.people.queries import login_facts
from core.people.rules.sign_in import sign_in_refusal
from core.people.signals import access_ended, access_gained
from core.scheduling import notifications, series_notifications
from core.scheduling.actions import end_feed_of
from core.scheduling.models import CompletionType
from tenants.signals import organization_created

# What every organization starts with (migration 0002), for translators.
FIRST_TYPES = (
    gettext_noop("Completed"),
    gettext_noop("Missed - full costs and wages"),
    gettext_noop("Missed - full costs, no wages"),
    gettext_noop("Missed - no costs"),
    gettext_noop("Cancelled late - full costs and wages"),
    gettext_noop("Cancelled late - half"),
    gettext_noop("Cancelled late - no costs"),
)


@receiver(organization_created, dispatch_uid="completion_types_in_the_organizations_language")
def name_completion_types(*, languages: list[str] | None = None, **_: Any) -> None:
    """The template has English names; an organization starts with those of its first language, and has the others beside them."""
    first = (languages or ["en"])[0]
    for name in FIRST_TYPES:
        names = {language: _in(language, name) for language, _name in settings.LANGUAGES}
        own = names.pop(first, name)
        CompletionType.objects.filter(name=name).update(name=own, other_names=names)


def _in(language: str, sentence: str) -> str:
    with translation.override(language):
        return translate(sentence)


@receiver(access_gained, dispatch_uid="tell_of_appointments_to_come")
def tell_of_appointments_to_come(*, user: User, by: Any, now: datetime, **_: Any) -> None:
    """A login that was linked or switched on hears of what is booked already, and is reminded like everybody else."""
    notifications.joined(user, by=by, now=now)
    series_notifications.joined(user, by=by, now=now)


@receiver(access_ended, dispatch_uid="end_the_calendar_address_of_a_login_that_was_switched_off")
def end_calendar_address(*, user: User, now: datetime, **_: Any) -> None:
    """Signing out everywhere leaves it; being switched off, or out, does not."""
    if sign_in_refusal(login_facts(user)) is not None:
        end_feed_of(user, now=now)
