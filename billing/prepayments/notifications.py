"""Who is told of prepayments: whoever was asked to pay, whoever runs it, and whoever bills."""

from datetime import datetime
from typing import Any

from billing import permissions
from billing.addresses import prepay_page
from billing.documents import Formatter
from billing.prepayments import messages, outbox_names
from billing.prepayments.models import Prepayment
from billing.prepayments.permissions import can_be_paid_by
from billing.prepayments.queries import token_of
from branding.queries import current_brand
from core.kernel import outbox
from core.kernel.translation import translate
from core.notifications import notices
from core.notifications.languages import in_language_of
from core.notifications.mail import Recipient
from core.notifications.messages import Box, Content, Message
from core.people.models import User
from core.scheduling.models import Appointment
from tenants.absolute_urls import absolute_url, path_of


def prepayment_asked(prepayment: Prepayment, *, mail_at: datetime, by: Any) -> None:
    """Whoever pays: a notice without the amount, unless they have booked it themselves, and a mail with the link."""
    if prepayment.payer != by and can_be_paid_by(prepayment.payer, prepayment):
        user = prepayment.payer
        with in_language_of(user) as language:
            formatter = Formatter(language, user.time_zone)
            notices.post(
                messages.PREPAYMENT_NOTICE,
                user_id=user.pk,
                path=prepay_page(token_of(prepayment)),
                concerns=prepayment.client,
                until=formatter.moment(prepayment.due_at),
                **_facts(prepayment, formatter),
            )
    outbox.enqueue(
        outbox_names.MAIL_PREPAYMENT,
        due_at=mail_at,
        key=f"prepayment:{prepayment.pk}",
        by=by,
        about=prepayment,
        prepayment=str(prepayment.pk),
    )


def prepayment_sent_again(prepayment: Prepayment, *, by: Any) -> None:
    """The same mail once more."""
    outbox.enqueue(outbox_names.MAIL_PREPAYMENT, by=by, about=prepayment, prepayment=str(prepayment.pk))


def prepayment_paid(prepayment: Prepayment) -> None:
    """Whoever runs it: it stands. The payer gets the receipt."""
    appointment = _appointment(prepayment)
    if appointment is not None and appointment.practitioner.user.is_active:
        _post(messages.PAID_NOTICE, appointment.practitioner.user, prepayment)


def prepayment_released(prepayment: Prepayment) -> None:
    """The payer by mail; whoever runs it and whoever bills behind the bell."""
    appointment = _appointment(prepayment)
    told = {user.pk: user for user in permissions.billing_staff()}
    if appointment is not None and appointment.practitioner.user.is_active:
        told[appointment.practitioner.user_id] = appointment.practitioner.user
    for user in told.values():
        _post(messages.RELEASED_NOTICE, user, prepayment)
    outbox.enqueue(
        outbox_names.MAIL_RELEASED,
        key=f"prepayment-released:{prepayment.pk}",
        about=prepayment,
        prepayment=str(prepayment.pk),
    )


def _appointment(prepayment: Prepayment) -> Appointment | None:
    return Appointment.objects.select_related("practitioner__user").filter(pk=prepayment.appointment_id).first()


def _post(message: Message, user: User, prepayment: Prepayment) -> None:
    with in_language_of(user) as language:
        notices.post(
            message,
            user_id=user.pk,
            path=path_of("scheduling:appointment", prepayment.appointment_id),
            concerns=prepayment.client,
            when=Formatter(language, user.time_zone).moment(prepayment.happens_at),
            client=prepayment.client.name,
        )


def payer_of(prepayment: Prepayment) -> Recipient | None:
    """Whom the mail goes to, if they may see it today."""
    user = prepayment.payer
    if not can_be_paid_by(user, prepayment):
        return None
    return Recipient(str(user.pk), user.name, user.email, user.time_zone, user.reads)


def asked_content(prepayment: Prepayment, to: Recipient) -> Content:
    """How much, for what, until when, and where it is paid, in the language in force."""
    formatter = Formatter(to.language, to.time_zone)
    amount, until = formatter.money(prepayment.total), formatter.moment(prepayment.due_at)
    facts = _facts(prepayment, formatter)
    lines = [prepayment.what] if current_brand().names_in_mail else []
    return Content(
        values={"amount": amount, "until": until, **facts},
        boxes=(Box(amount, [*lines, facts["when"]]),),
        button_url=absolute_url(prepay_page(token_of(prepayment))),
        notes=[translate(note) for note in messages.PREPAYMENT_NOTES],
        reason=translate(messages.PREPAYMENT_REASON),
        preview=translate("%(amount)s, held until %(until)s", amount=amount, until=until),
    )


def released_content(prepayment: Prepayment, to: Recipient) -> Content:
    """What was let go, in the language in force. No amount."""
    facts = _facts(prepayment, Formatter(to.language, to.time_zone))
    return Content(values=facts, reason=translate(messages.PREPAYMENT_REASON), preview=facts["when"])


def _facts(prepayment: Prepayment, formatter: Formatter) -> dict[str, str]:
    return {
        "when": formatter.moment(prepayment.happens_at),
        "client": prepayment.client.name if current_brand().names_in_mail else "",
    }
