"""What the calendar announces and costs money."""

import logging
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import OperationalError, transaction
from django.dispatch import receiver

from billing import notifications
from billing.actions import payments
from billing.actions.charges import charge_appointment
from billing.actions.invoices import invoice_charges
from billing.models import Charge
from billing.queries import organization
from billing.queries.prices import EndedAppointment
from core.kernel import audit
from core.kernel.translation import translate
from core.people.models import Client
from core.people.rules.client_status import is_paid_for
from core.people.signals import status_changed
from core.scheduling.models import Appointment, Cancellation, Completion, CompletionType
from core.scheduling.signals import appointment_cancelled, appointment_completed, participant_cancelled

logger = logging.getLogger(__name__)


def refuse_deletion_with_books(client: Client) -> str | None:
    """A client with financial records cannot be deleted: the books stay whole."""
    if client.charges.exists() or client.invoices.exists() or client.ledger_entries.exists():
        return translate("There are charges, %(invoices)s or payments in the books of %(name)s.", name=client)
    return None


@receiver(appointment_completed, dispatch_uid="billing.completed")
def charge_completed(
    appointment: Appointment, completion: Completion, charged_minutes: int, by: Any, now: datetime, **_: Any
) -> None:
    """Charge each client the share that follows from what became of the appointment for them."""
    attendances = completion.attendances.select_related("participant__client", "completion_type")
    for attendance in attendances:
        _charge(
            appointment, attendance.participant.client, charged_minutes, attendance.client_share,
            attendance.completion_type, by=by, now=now,
        )  # fmt: skip


@receiver(appointment_cancelled, dispatch_uid="billing.cancelled")
@receiver(participant_cancelled, dispatch_uid="billing.participant_cancelled")
def charge_cancelled(appointment: Appointment, cancellation: Cancellation, by: Any, now: datetime, **_: Any) -> None:
    """Charge those who gave their place up, if the policy of their booking says so."""
    if cancellation.completion_type is None:
        return
    for client in cancellation.clients:
        _charge(
            appointment, client, appointment.minutes, cancellation.client_share, cancellation.completion_type, by=by, now=now
        )  # fmt: skip


@receiver(status_changed, dispatch_uid="billing.status_changed")
def end_what_cannot_be_paid(client: Client, now: datetime, **_: Any) -> None:
    """Once nothing may be paid for somebody, what a payer has begun ends at the processor, whether or not they ever look at their page again."""
    if not is_paid_for(client.status):
        payments.promise_end_of_payments_for(client=client)


def _charge(
    appointment: Appointment, client: Client, minutes: int, share: int, kind: CompletionType, *, by: Any, now: datetime
) -> None:
    ended = EndedAppointment(
        appointment_id=appointment.pk,
        client=client,
        service_id=appointment.service_id,
        starts_at=appointment.starts_at,
        minutes=minutes,
        practitioner_name=appointment.practitioner.user.name,
        share=Decimal(share),
        completion=kind.own_name,
    )
    charge = charge_appointment(ended=ended, by=by, now=now)
    if (
        charge is not None
        and charge.state == Charge.State.OPEN
        and organization.billing_settings().invoice_at_completion
    ):
        _invoice(charge, now)


def _invoice(charge: Charge, now: datetime) -> None:
    """Invoice it at once. What ended has ended whatever becomes of its bill: a charge that cannot be invoiced waits, and billing staff are told."""
    try:
        with transaction.atomic():
            invoice_charges(charges=[charge], by=audit.SYSTEM, now=now)
    except OperationalError:
        raise
    except Exception:  # noqa: BLE001 because no mistake about a bill may undo what has happened
        logger.exception("charge %s could not be invoiced", charge.pk)
        notifications.charge_not_invoiced(charge)
