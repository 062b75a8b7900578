"""The night's look at forms that were begun and never finished: whoever sent one is told, because nobody else knows what it was to do."""

from datetime import datetime

from core.kernel import sent_forms
from core.kernel.translation import translate
from core.notifications import notices
from core.notifications.languages import in_language_of
from core.people.models import User


def tell_of_broken_off(*, now: datetime) -> None:
    """A notice for each, which leads to where the form stands; each is told of once."""
    for row in sent_forms.broken_off(now=now):
        for user in User.objects.filter(pk=row.sender, is_active=True):
            with in_language_of(user):
                title = translate("Something that you sent was broken off")
                body = translate("It may have been done, or not: look what is there.")
            notices.post(user_id=user.pk, kind="form_broken_off", title=title, body=body, path=row.address)
        row.delete()
