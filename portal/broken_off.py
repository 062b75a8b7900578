"""The night's look at forms that were begun and never finished: whoever sent one is told, because nobody else knows what it was to do."""

from datetime import datetime

from core.kernel import sent_forms
from core.notifications import notices
from core.notifications.languages import in_language_of
from core.people.messages import BROKEN_OFF
from core.people.models import User


def tell_of_broken_off(*, now: datetime) -> None:
    """A notice for each, which leads to where the form stands; each is told of once."""
    for row in sent_forms.broken_off(now=now):
        for user in User.objects.filter(pk=row.sender, is_active=True):
            with in_language_of(user):
                notices.post(BROKEN_OFF, user_id=user.pk, path=row.address)
        row.delete()
