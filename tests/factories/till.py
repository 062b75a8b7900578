"""The cast at the till: Cleo, whose costs are hidden and whose bills go to Ada; and Cora, whose guardian Gus sees and pays."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

from billing.actions import catalogue, credit_notes, invoices
from billing.actions.credit_notes import Credit
from billing.actions.invoices import Item
from billing.models import CreditNote, Invoice
from billing.queries.prices import EndedAppointment
from core.kernel.money import Money
from core.people.models import Client, LinkedLogin, User
from core.scheduling.models import Appointment, Participant
from tests.factories.cast import fixed_id

NOW = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)


def make_till(cast: SimpleNamespace) -> SimpleNamespace:
    """The cast, with Cora and her login, a service at 80 EUR and one at 60 EUR per hour."""
    cora = Client.objects.create(id=fixed_id(22), first_name="Cora", last_name="Winter", time_zone="Europe/Berlin")
    cora_login = User.objects.create_user(
        email="cora@north.test", password="correct horse battery", name="Cora Winter", time_zone="Europe/Berlin"
    )
    LinkedLogin.objects.create(user=cora_login, client=cora, relationship="self")
    LinkedLogin.objects.create(user=cast.gus, client=cora, relationship="guardian")
    cast.cora, cast.cora_login, cast.now = cora, cora_login, NOW
    cast.therapy = catalogue.save_service(terms=terms("Speech therapy", 8000), by=cast.nora, now=NOW)
    cast.hourly = catalogue.save_service(terms=terms("Coaching", 6000, unit="hour"), by=cast.nora, now=NOW)
    return cast


def terms(name: str, amount: int, **more) -> catalogue.ServiceTerms:
    return catalogue.ServiceTerms(name=name, price=Money(amount, "EUR"), **more)


def ended(till, client, number: int = 1, **more) -> EndedAppointment:
    """An appointment that ended for the client."""
    values = {
        "appointment_id": fixed_id(500 + number),
        "client": client,
        "service_id": till.therapy.pk,
        "starts_at": NOW,
        "minutes": 45,
        "practitioner_name": "Tess North",
    }
    return EndedAppointment(**(values | more))


def issue(till, client=None, amount: int = 8000, **more) -> Invoice:
    """An invoice of one item, drafted and issued by Nora."""
    draft = invoices.draft_invoice(
        client=client or till.cora, items=[Item("Assessment", Money(amount, "EUR"))], by=till.nora, now=till.now, **more
    )
    return invoices.issue_invoice(invoice=draft, by=till.nora, now=till.now)


def credit(till, invoice, amount: int | None = None, *, memo: str = "Came late", lines=None, **more) -> CreditNote:
    """A credit note by Nora: of this amount, of these lines, or of everything that is left."""
    money = None if amount is None else Money(amount, invoice.currency)
    how = {"reason": "goodwill", "by": till.nora, "now": till.now} | more
    return credit_notes.credit_invoice(invoice=invoice, credit=Credit(money, lines), memo=memo, **how)


def appointment_of(till, *clients) -> Appointment:
    """Tess sees these clients now, for 45 minutes of speech therapy."""
    made = Appointment.objects.create(
        practitioner=till.tess_staff, starts_at=till.now, ends_at=till.now + timedelta(minutes=45), time_zone="Europe/Berlin",
        service_id=till.therapy.pk, service_name="Speech therapy", booked_by=till.tess, booked_at=till.now,
    )  # fmt: skip
    for client in clients:
        Participant.objects.create(appointment=made, client=client, starts_at=made.starts_at, ends_at=made.ends_at)
    return made
