"""What would be asked for, what was asked, and what is held."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db.models import QuerySet

from billing.gateways import gateway
from billing.links import Purpose, open_token, token_for
from billing.models import Payment, Service
from billing.packages.queries import day_of, met_if_held, met_now, usable_purchases
from billing.packages.rules.unit_use import Due
from billing.permissions import can_see_costs, prices_are_hidden_from
from billing.prepayments.models import Prepayment, PrepaymentException, PrepaymentSettings, ServicePrepayment
from billing.prepayments.permissions import can_be_paid_by, prepayments_visible_to
from billing.prepayments.rules.prepaying import Exceptional, Terms, asked_for
from billing.queries.offers import charged_before_booking
from billing.queries.organization import billing_settings
from billing.queries.payers import payers_of
from billing.queries.prices import full_amounts
from billing.queries.processor import account_in_use
from billing.rules.card_amounts import payable_in_steps
from billing.rules.payment_progress import LIVE
from billing.rules.tax import Line, totals_of
from core.kernel.errors import NotFound
from core.kernel.money import Money
from core.people.models import Client, User
from core.scheduling.models import Appointment, Participant
from tenants import entitlements


@dataclass(frozen=True, slots=True)
class Asking:
    """What is asked for one place, as the price counts, and what is paid, with its tax."""

    price: Money
    amount: Money
    total: Money
    tax_rate: Decimal

    @property
    def is_whole(self) -> bool:
        return self.amount == self.price


@dataclass(frozen=True, slots=True)
class Preview:
    """What whoever is about to book reads: how much is paid at once, and whether by them."""

    total: Money
    is_whole: bool

    @property
    def seen(self) -> str:
        """As the form of the last click says it back."""
        return f"{self.total.amount} {self.total.currency}"


def prepayment_settings() -> PrepaymentSettings:
    """The settings in force; defaults, unsaved, where nobody has set any."""
    return PrepaymentSettings.objects.filter(is_current=True).first() or PrepaymentSettings()


def terms_for(service_id: UUID | None) -> Terms:
    """The rule of the service, else the one for everything."""
    own = ServicePrepayment.objects.filter(service=service_id).first() if service_id else None
    return own.terms if own else prepayment_settings().terms


def exceptional_of(client: Client | None) -> Exceptional | None:
    found = PrepaymentException.objects.filter(client=client).first() if client else None
    return Exceptional(found.rule) if found else None


def can_be_asked() -> bool:
    """Whether money can be asked for in advance at all: billing is in the plan, and cards can be charged."""
    account = account_in_use()
    return entitlements.allows(entitlements.BILLING) and account is not None and account.is_ready


def is_first_visit(client: Client, *, apart_from: UUID | None = None) -> bool:
    return not Participant.objects.filter(client=client, is_attending=True).exclude(appointment=apart_from).exists()


def preview(service: Service, client: Client | None, starts_at: datetime, user: User | None) -> Preview | None:
    """What booking this now would ask for; None for nothing, and for whom amounts are hidden. Without a client: a first visit."""
    if not can_be_asked() or not _may_read(user, client):
        return None
    price = charged_before_booking(service, client)
    if client is not None:
        price = _left_by_packages(price, service, client, starts_at)
    first = client is None or is_first_visit(client)
    amount = asked_for(price, terms_for(service.pk), is_first_visit=first, exceptional=exceptional_of(client))
    found = asking_of(price, amount, service.tax_rate) if amount else None
    return Preview(found.total, found.is_whole) if found else None


def _may_read(user: User | None, client: Client | None) -> bool:
    if client is None:
        return user is None or not prices_are_hidden_from(user)
    return user is not None and can_see_costs(user, client)


def _left_by_packages(price: Money, service: Service, client: Client, starts_at: datetime) -> Money:
    purchases = list(usable_purchases(client).prefetch_related("services"))
    if not purchases or not price.amount:
        return price
    met = met_now(purchases, service.pk, Due(price, service.minutes, Decimal(100)), day=day_of(starts_at))
    return met.left if met.uses else price


def asking_of(price: Money, amount: Money, tax_rate: Decimal) -> Asking | None:
    """What is paid for this amount, with its tax; None for what cannot be paid by card."""
    amount, included = min(payable_in_steps(amount), price), billing_settings().prices_include_tax
    total = totals_of([Line(amount, tax_rate)], currency=amount.currency, included=included).gross
    if gateway().refusal_of(total) is not None:
        return None
    return Asking(price, amount, total, tax_rate)


def price_left(appointment: Appointment, client: Client) -> tuple[Money | None, Decimal]:
    """What this place costs after packages, as it stands, and its tax rate; no price where none is known."""
    price = full_amounts([appointment], [client.pk]).get((appointment.pk, client.pk))
    service = Service.objects.filter(pk=appointment.service_id).first() if appointment.service_id else None
    met = met_if_held(appointment, [client])
    return (met[0][2].left if met else price), (service.tax_rate if service else Decimal(0))


def asked_by_rule(appointment: Appointment, client: Client) -> Asking | None:
    """What the rule asks for this place as it is booked; None for nothing."""
    if not can_be_asked():
        return None
    price, tax_rate = price_left(appointment, client)
    if price is None:
        return None
    amount = asked_for(
        price,
        terms_for(appointment.service_id),
        is_first_visit=is_first_visit(client, apart_from=appointment.pk),
        exceptional=exceptional_of(client),
    )
    return asking_of(price, amount, tax_rate) if amount else None


def has_payer(client: Client) -> bool:
    """Whether somebody with a login pays for the client, who may see what it costs."""
    return any(payer.user is not None for payer in payers_of(client))


def open_prepayment(appointment_id: UUID, client: Client) -> Prepayment | None:
    """The one that awaits payment or is held for this place."""
    states = [Prepayment.State.ASKED, Prepayment.State.HELD]
    found = Prepayment.objects.filter(appointment_id=appointment_id, client=client, state__in=states)
    return found.select_related("client", "payer", "invoice").first()


def prepayments_of(appointment: Appointment, user: User) -> list[Prepayment]:
    """Those of one appointment that the user may see, the latest of each client first."""
    return list(prepayments_visible_to(user).filter(appointment_id=appointment.pk).order_by("client_id", "-asked_at"))


def awaits_payment(appointment_id: UUID, clients: Iterable[UUID]) -> "Prepayment | None":
    """What one of these places waits for. Says nothing of amounts by itself."""
    found = Prepayment.objects.filter(
        appointment_id=appointment_id, client__in=list(clients), state=Prepayment.State.ASKED
    )
    return found.select_related("payer").order_by("due_at").first()


def live_payments(prepayment: Prepayment) -> "QuerySet[Payment]":
    """Card payments for it that are not finished."""
    return Payment.objects.filter(prepayment_attempt__prepayment=prepayment, state__in=LIVE)


def available(prepayment: Prepayment) -> tuple[Money, Money]:
    """How much of it is there still, as the price counts and with tax: staff may have given some of it back by its invoice."""
    invoice = prepayment.invoice
    if prepayment.state != Prepayment.State.HELD or invoice is None:
        return Money.zero(prepayment.currency), Money.zero(prepayment.currency)
    there = min(max(invoice.standing.kept.amount, 0), invoice.claim.amount)
    if there >= prepayment.total_amount:
        return prepayment.money, prepayment.total
    part = prepayment.amount * there // prepayment.total_amount
    return Money(part, prepayment.currency), Money(there, prepayment.currency)


def with_tax(prepayment: Prepayment, amount: Money) -> Money:
    """What this much of its price is, with tax, as it was when it was asked for."""
    line = Line(amount, prepayment.tax_rate)
    return totals_of([line], currency=amount.currency, included=prepayment.prices_include_tax).gross


def token_of(prepayment: Prepayment) -> str:
    return token_for(Purpose.PREPAY, str(prepayment.pk), str(prepayment.payer_id))


def open_prepay_link(token: str) -> Prepayment:
    """The prepayment of an address; NotFound for what never was one here, and once its payer may not see what it costs."""
    pk, user = open_token(Purpose.PREPAY, token)
    found = Prepayment.objects.select_related("client", "payer", "payer_agent", "invoice").filter(pk=pk, payer=user)
    prepayment = found.first()
    if prepayment is None or not can_be_paid_by(prepayment.payer, prepayment):
        raise NotFound
    return prepayment
