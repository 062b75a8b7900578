"""Staff, clients, logins and the agent of one practice."""

import unicodedata
from dataclasses import dataclass, field
from datetime import date, datetime

from core.people import actions
from core.people.actions import NewLogin
from core.people.models import Agent, Client, StaffMember, User
from core.people.roles import ClientPermission
from deploy.local.seed.practices import Person, Practice

PASSWORD = "walk-through-the-demo"


@dataclass(slots=True)
class Cast:
    """The people of one practice, as rows."""

    owner: User
    staff: dict[str, StaffMember] = field(default_factory=dict)
    clients: list[Client] = field(default_factory=list)
    agent: Agent | None = None

    @property
    def practitioners(self) -> list[StaffMember]:
        return [member for member in self.staff.values() if member.role == "practitioner"]


def address(name: str, practice: Practice) -> str:
    """An address that the name suggests, at a host that can receive nothing outside this machine."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return f"{'.'.join(plain.split())}@{practice.slug}.example"


def fill_people(practice: Practice, *, now: datetime) -> Cast:
    """Staff first, in the owner's name; then clients with their logins; the agent and Schedule Admin last."""
    owner = User.objects.get(email=address(practice.workers[0].name, practice))
    _let_in(owner)
    cast = Cast(owner, {owner.name: owner.staff_member})
    _title(owner.staff_member, practice, owner, now)
    for worker in practice.workers[1:]:
        member = actions.invite_staff_member(
            email=address(worker.name, practice),
            name=worker.name,
            role=worker.role,
            time_zone=worker.time_zone or practice.time_zone,
            title=worker.title,
            color=worker.color,
            language=worker.language,
            by=owner,
            now=now,
        )
        _let_in(member.user)
        cast.staff[worker.name] = member
    for position, person in enumerate(practice.people):
        cast.clients.append(_add(person, practice, cast, position, now))
    _delegate(practice, cast, now)
    return cast


def _add(person: Person, practice: Practice, cast: Cast, position: int, now: datetime) -> Client:
    logins = [
        NewLogin(address(name, practice), name, relationship, person.time_zone, person.language)
        for name, relationship in person.logins
    ]
    client = actions.add_client(
        first_name=person.first_name,
        last_name=person.last_name,
        time_zone=person.time_zone,
        born_on=date.fromisoformat(person.born_on) if person.born_on else None,
        status="active",
        email=logins[0].email if logins else "",
        logins=logins,
        by=cast.owner,
        now=now,
    )
    for login in client.logins.all():
        _let_in(login)
    wished = {ClientPermission.HIDE_COSTS: person.hides_costs, ClientPermission.CANCEL_APPOINTMENTS: person.may_cancel}
    extra = [permission.value for permission, wanted in wished.items() if wanted]
    if extra:
        actions.set_client_permissions(client=client, permissions=[*client.permissions, *extra], by=cast.owner, now=now)
    practitioner = cast.practitioners[position % len(cast.practitioners)]
    actions.assign_practitioner(client=client, practitioner=practitioner, by=cast.owner, now=now)
    if person.status != "active":
        actions.change_client_status(client=client, status=person.status, by=cast.owner, now=now)
    return client


def _delegate(practice: Practice, cast: Cast, now: datetime) -> None:
    """The agent looks after those whose costs are hidden; one practitioner runs a colleague's schedule."""
    name, agency = practice.agent
    agent = actions.make_agent(
        email=address(name, practice), name=name, agency=agency, time_zone=practice.time_zone, by=cast.owner, now=now
    )
    _let_in(agent.user)
    cast.agent = agent
    hidden = [client for client in cast.clients if ClientPermission.HIDE_COSTS.value in client.permissions]
    for client in hidden:
        actions.grant_client(agent=agent, client=client, by=cast.owner, now=now)
    first, second = cast.practitioners[:2]
    actions.grant_schedule_admin(holder=second, over=first, by=cast.owner, now=now)


def _title(member: StaffMember, practice: Practice, owner: User, now: datetime) -> None:
    worker = practice.workers[0]
    actions.change_staff_member(staff=member, title=worker.title, color=worker.color, by=owner, now=now)


def _let_in(user: User) -> None:
    """Stand in for the invitation that everybody has accepted long ago."""
    user.set_password(PASSWORD)
    user.save(update_fields=["password"])
    user.invitations.update(accepted_at=user.created_at)
