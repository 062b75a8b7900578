"""What scheduling does for a new organization, and when somebody comes to a client later."""

from datetime import datetime
from typing import Any

from django.dispatch import receiver
from django.utils import translation

from core.kernel.translation import gettext_noop, translate
from core.people.models import User
from core.people.signals import access_gained
from core.scheduling import notifications
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
    """The template has English names; an organization that speaks another language first starts with its own."""
    language = (languages or ["en"])[0]
    if language == "en":
        return
    with translation.override(language):
        for name in FIRST_TYPES:
            CompletionType.objects.filter(name=name).update(name=translate(name))


@receiver(access_gained, dispatch_uid="tell_of_appointments_to_come")
def tell_of_appointments_to_come(*, user: User, by: Any, now: datetime, **_: Any) -> None:
    """A login that was linked or switched on hears of what is booked already, and is reminded like everybody else."""
    notifications.joined(user, by=by, now=now)
