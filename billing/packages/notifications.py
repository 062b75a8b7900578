"""Who is told of packages: the payer, and of the last units whoever works with the client. Each may still see it when the mail leaves."""

from typing import Any

from billing.packages import messages, outbox_names, wording
from billing.packages.models import Purchase, UnitEntry
from billing.permissions import can_see_costs
from branding.queries import current_brand
from core.kernel import outbox
from core.kernel.translation import translate
from core.notifications import notices
from core.notifications.languages import in_language_of
from core.notifications.mail import Recipient
from core.notifications.messages import Content, Message
from core.people.models import User
from core.scheduling.models import Appointment
from tenants.absolute_urls import absolute_url, path_of


def package_low(purchase: Purchase, entry: UnitEntry, *, left: int) -> None:
    """The payer by mail and behind the bell; the practitioner behind the bell."""
    _notify_payer(purchase, messages.LOW_NOTICE)
    outbox.enqueue(
        outbox_names.MAIL_LOW, key=f"package-low:{entry.pk}", about=purchase, purchase=str(purchase.pk), left=left
    )
    appointment = Appointment.objects.select_related("practitioner__user").filter(pk=entry.appointment_id).first()
    if appointment is None or not appointment.practitioner.user.is_active:
        return
    user = appointment.practitioner.user
    with in_language_of(user):
        notices.post(
            messages.LOW_STAFF_NOTICE,
            user_id=user.pk,
            path=path_of("scheduling:appointment", appointment.pk),
            concerns=appointment.practitioner,
            package=str(purchase.own_name),
            client=purchase.client.name,
        )


def package_expiring(purchase: Purchase, *, left: int) -> None:
    """The payer by mail and behind the bell."""
    if purchase.expires_on is None:
        return
    _notify_payer(purchase, messages.EXPIRING_NOTICE, until=True)
    outbox.enqueue(
        outbox_names.MAIL_EXPIRING,
        key=f"package-expiring:{purchase.pk}:{purchase.expires_on}",
        about=purchase,
        purchase=str(purchase.pk),
        left=left,
    )


def low_content(purchase: Purchase, left: int) -> Content:
    """What the mail says, in the language in force."""
    return _content(purchase, left, _facts(purchase) | {"left": wording.left_in_words(purchase, left)})


def expiring_content(purchase: Purchase, left: int) -> Content:
    """The same of the end."""
    assert purchase.expires_on is not None
    left_words = wording.left_in_words(purchase, left)
    values = _facts(purchase) | {"left": left_words, "until": wording.day(purchase.expires_on)}
    return _content(purchase, left, values)


def payer_of(purchase: Purchase) -> Recipient | None:
    """Whom the mail goes to, if they have an address and may see it today."""
    invoice, user = purchase.invoice, purchase.invoice.payer_user
    if user is None:
        if not invoice.payer_email:
            return None
        return Recipient(
            "", invoice.payer_name, invoice.payer_email, purchase.client.time_zone, current_brand().language
        )
    if not _may_see(user, purchase):
        return None
    return Recipient(str(user.pk), user.name, user.email, user.time_zone, user.reads)


def page_of(pk: Any) -> str:
    """The path of the page of a package that was sold."""
    return path_of("billing:package", pk)


def _may_see(user: User, purchase: Purchase) -> bool:
    return user.is_active and can_see_costs(user, purchase.client)


def _facts(purchase: Purchase) -> dict[str, str]:
    return {"package": str(purchase.own_name), "client": purchase.client.name}


def _content(purchase: Purchase, left: int, values: dict[str, str]) -> Content:
    return Content(
        values=values,
        button_url=absolute_url(page_of(purchase.pk)),
        reason=translate(messages.PACKAGE_REASON),
        preview=wording.left_in_words(purchase, left),
    )


def _notify_payer(purchase: Purchase, message: Message, *, until: bool = False) -> None:
    user = purchase.invoice.payer_user
    if user is None or not _may_see(user, purchase):
        return
    with in_language_of(user):
        more = {"until": wording.day(purchase.expires_on)} if until and purchase.expires_on else {}
        notices.post(
            message,
            user_id=user.pk,
            path=page_of(purchase.pk),
            concerns=purchase.client,
            **_facts(purchase),
            **more,
        )
