"""Who is told of wages: whoever was paid, by mail and behind the bell."""

from typing import Any

from babel.dates import format_date

from billing.wages import messages, outbox_names
from billing.wages.models import Payout
from branding.queries import locale_of
from core.kernel import outbox
from core.kernel.translation import translate
from core.notifications import notices
from core.notifications.languages import in_language_of
from core.notifications.messages import Content
from core.people.models import User
from tenants.absolute_urls import absolute_url, path_of


def paid_out(payout: Payout, *, by: Any) -> None:
    """Promise the mail, and post the notice."""
    user = payout.practitioner.user
    with in_language_of(user) as language:
        notices.post(
            messages.PAYOUT_NOTICE,
            user_id=user.pk,
            path=page_of(payout),
            concerns=payout.practitioner,
            **_values(payout, language),
        )
    outbox.enqueue(outbox_names.MAIL_PAYOUT, key=f"payout:{payout.pk}", by=by, about=payout, payout=str(payout.pk))


def content_of(payout: Payout, user: User) -> Content:
    """What the mail says, in the language in force."""
    return Content(
        values=_values(payout, user.reads),
        button_url=absolute_url(page_of(payout)),
        reason=translate(messages.PAYOUT_REASON),
        preview=_values(payout, user.reads)["until"],
    )


def page_of(payout: Payout) -> str:
    """The path of the page with its entries."""
    return path_of("billing:payout", payout.pk)


def _values(payout: Payout, language: str) -> dict[str, str]:
    locale = locale_of(language)
    run = payout.run
    return {
        "until": format_date(run.until, "long", locale=locale),
        "paid_on": format_date(run.paid_on, "long", locale=locale) if run.paid_on else "",
    }
