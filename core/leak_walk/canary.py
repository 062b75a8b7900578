"""Made-up people with an appointment and an invoice, for the time of a walk. They exist in a transaction that is taken back.

Rows are made without the doors and limits of the actions where these ask for somebody who acts: nobody does, and the plan's places are not taken.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from allauth.usersessions.models import UserSession
from django.contrib.sessions.backends.db import SessionStore
from django.db import transaction

from billing.actions import invoices
from branding.queries import current_brand
from core.kernel.errors import DomainError
from core.kernel.money import Money
from core.notifications.models import PushSubscription, TextNumber
from core.people import actions, grants
from core.people.models import Agent, Assignment, Client, LinkedLogin, StaffMember, User
from core.scheduling.actions import book_appointment
from core.scheduling.models import Appointment

HOST = "people.invalid"  # RFC 2606: nobody can have an address there
MINUTES = 45


@dataclass(slots=True)
class Canary:
    """The people by role, and what they have to do with each other."""

    owner: User
    practitioner: StaffMember
    guardian: User
    agent: User
    client: Client
    appointment: Appointment
    invoice: Any = None

    @property
    def people(self) -> dict[str, User]:
        """Every kind of person, by the name of the role in reports."""
        return {
            "owner": self.owner,
            "practitioner": self.practitioner.user,
            "guardian": self.guardian,
            "agent": self.agent,
        }


def make(*, now: datetime) -> Canary:
    """Everybody, and an online appointment that begins in a moment; their mail is promised as everybody's is."""
    zone = current_brand().time_zone
    owner, practitioner = _login("Quokka Owner", zone), _login("Quokka Practitioner", zone)
    StaffMember.objects.create(user=owner, role="owner")
    member = StaffMember.objects.create(user=practitioner, role="practitioner")
    client = Client.objects.create(first_name="Quokka", last_name="Zebra", time_zone=zone)
    guardian, agent = _login("Zebra Guardian", zone), _login("Zebra Agent", zone)
    LinkedLogin.objects.create(user=guardian, client=client, relationship=LinkedLogin.Relationship.GUARDIAN)
    Assignment.objects.create(client=client, practitioner=member)
    Agent.objects.create(user=agent, agency="Zebra")
    grants.grant(agent, grants.AUDIT_CLIENT, client, by=owner)
    actions.invite_login(login=_login("Zebra Invited", zone, client=client), by=owner, now=now)
    actions.send_password_reset(login=guardian, by=owner, now=now)
    for user in (guardian, practitioner):
        _device(user, now=now)
    for number, user in enumerate((guardian, practitioner)):
        _number(user, f"+4477009000{number:02}", now=now)
    starts_at = now.replace(second=0, microsecond=0) + timedelta(minutes=5)
    appointment = _book(member, client, starts_at, by=owner, now=now)
    _book(member, client, starts_at + timedelta(days=2), by=owner, now=now)
    return Canary(owner, member, guardian, agent, client, appointment)


def _number(user: User, number: str, *, now: datetime) -> None:
    """A number that takes text messages (Ofcom keeps these for drama); they are caught before anything leaves."""
    TextNumber.objects.create(user_id=user.pk, number=number, agreed_at=now)


def _device(user: User, *, now: datetime) -> None:
    """A device that takes push messages; they are caught before anything is encrypted for it."""
    session = SessionStore()
    session.create()
    signed_in = UserSession.objects.create(
        user=user, session_key=session.session_key, ip="127.0.0.1", created_at=now, last_seen_at=now
    )
    PushSubscription.objects.create(
        user_id=user.pk, device_id=signed_in.pk, endpoint=f"https://{HOST}/{user.pk}", created_at=now
    )


def charge(canary: Canary, *, now: datetime) -> None:
    """An issued invoice. Last of all, because numbers wait for the end of the transaction. Without one where the plan has no invoices."""
    item = invoices.Item("Quokka", Money(100, current_brand().currency))
    try:
        with transaction.atomic():
            canary.invoice = invoices.make_invoice(client=canary.client, items=[item], by=canary.owner, now=now)
    except DomainError:
        canary.invoice = None


def read_in(canary: Canary, language: str) -> None:
    """Let everybody read in `language`."""
    User.objects.filter(pk__in=[person.pk for person in canary.people.values()]).update(language=language)


def _book(member: StaffMember, client: Client, starts_at: datetime, *, by: User, now: datetime) -> Appointment:
    return book_appointment(
        override_reason="A canary.",
        practitioner=member,
        clients=[client],
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=MINUTES),
        time_zone=client.time_zone,
        service_name="Quokka",
        by=by,
        now=now,
    )


def _login(name: str, zone: str, *, client: Client | None = None) -> User:
    address = f"{name.lower().replace(' ', '-')}@{HOST}"
    user = User(email=address, name=name, time_zone=zone, language=current_brand().language)
    user.set_unusable_password()
    user.save()
    if client is not None:
        LinkedLogin.objects.create(user=user, client=client, relationship=LinkedLogin.Relationship.OTHER)
    return user
