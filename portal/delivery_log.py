"""The delivery log as pages show it: who may open a mail of it, what it is about, and what failed about one object."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.urls import reverse

from billing.models import Invoice, Refund
from billing.permissions import can_manage_billing
from core.enquiries.models import Enquiry
from core.kernel import failures, outbox
from core.kernel.errors import NotFound
from core.kernel.models import OutboxMessage
from core.kernel.reasons import Reason
from core.kernel.translation import translate
from core.notifications.models import Delivery
from core.notifications.reasons import DeliveryReason
from core.people.models import User
from core.people.roles import Permission
from core.scheduling.models import Appointment
from core.scheduling.permissions import can_run_schedule

MOST_SHOWN = 5


@dataclass(frozen=True, slots=True)
class FailedStep:
    """Something about an object that was promised, is no mail, and failed."""

    label: str
    sentence: str
    tone: str


def can_open(user: User, delivery: Delivery) -> bool:
    """Whoever looks after clients, whoever sent it, and whoever looks after what it is about."""
    if user.may(Permission.MANAGE_CLIENTS) or (user.staff and delivery.author_id == str(user.pk)):
        return True
    if delivery.about_kind.startswith(("billing.", "reminders.")):
        return can_manage_billing(user)
    if delivery.about_kind == "scheduling.appointment":
        found = Appointment.objects.select_related("practitioner").filter(pk=delivery.about_id).first()
        return found is not None and can_run_schedule(user, found.practitioner)
    return False


def get_delivery(user: User, pk: UUID) -> Delivery:
    """The door to one mail of the log: NotFound for everybody who has nothing to do with it."""
    found = Delivery.objects.filter(pk=pk).first()
    if found is None or not can_open(user, found):
        raise NotFound
    return found


def page_of(delivery: Delivery) -> str:
    """The page of what the mail is about; empty where it has none."""
    names = {
        "billing.creditnote": "billing:credit-note",
        "billing.invoice": "billing:invoice",
        "billing.payment": "billing:payment",
        "scheduling.appointment": "scheduling:appointment",
        "people.user": "people:login",
    }
    if delivery.about_kind == "billing.refund":
        invoice = Refund.objects.filter(pk=delivery.about_id).values_list("invoice_id", flat=True).first()
        return reverse("billing:invoice", args=[invoice]) if invoice else ""
    if delivery.about_kind == "reminders.reminder":
        first = Invoice.objects.filter(reminded__reminder=delivery.about_id).order_by("pk").first()
        return reverse("billing:invoice", args=[first.pk]) if first else ""
    if delivery.about_kind == "enquiries.enquiry":
        there = Enquiry.objects.filter(pk=delivery.about_id).exists()
        return reverse("enquiries:enquiry", args=[delivery.about_id]) if there else ""
    name = names.get(delivery.about_kind)
    return reverse(name, args=[delivery.about_id]) if name else ""


def mails_about(*subjects: Any) -> list[Delivery]:
    """The latest mails about any of these objects, for whoever looks after them."""
    about = Q(pk=None)
    for subject in subjects:
        about |= Q(about_kind=subject._meta.label_lower, about_id=str(subject.pk))
    return list(Delivery.objects.filter(about)[:MOST_SHOWN])


def failed_steps_about(*subjects: Any) -> list[FailedStep]:
    """What else was promised about them and failed, and is no mail."""
    found: Iterable[OutboxMessage] = [message for subject in subjects for message in failures.failing_about(subject)]
    return [_step(message) for message in found if not outbox.kind_of(message.name).is_mail]


def _step(message: OutboxMessage) -> FailedStep:
    is_retried = message.state == OutboxMessage.State.WAITING
    reason = Reason(DeliveryReason.SYSTEM_AWAY if is_retried else DeliveryReason.GIVEN_UP)
    tone = "warning" if is_retried else "danger"
    return FailedStep(translate(outbox.kind_of(message.name).label), reason.sentence(), tone)
