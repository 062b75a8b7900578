"""To which branch people belong: what they were given, else what follows from with whom they work."""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Count

from branding import branch_uses
from branding.models import Branch
from branding.speaking import common, register, register_reader
from core.people.models import Client, StaffMember


def branch_of_clients(clients: Iterable[Client]) -> UUID | None:
    """The branch of a client, else that of all who work with them now; of several clients, the one that all have."""
    every = list(clients)
    lacking = [client.pk for client in every if client.branch_id is None]
    worked_with: dict[UUID, set[UUID | None]] = {pk: set() for pk in lacking}
    working = StaffMember.objects.filter(clients__in=lacking, status=StaffMember.Status.ACTIVE)
    for pk, branch in working.values_list("clients", "branch") if lacking else ():
        worked_with.setdefault(pk, set()).add(branch)
    return common(client.branch_id or common(worked_with[client.pk]) for client in every)


def branch_of_login(user_id: str) -> UUID | None:
    """The branch of the clients for whom somebody signs in, else their own where they work here."""
    clients = list(Client.objects.filter(links__user=user_id, archived_at=None))
    if clients:
        return branch_of_clients(clients)
    return StaffMember.objects.filter(user=user_id).values_list("branch", flat=True).first()


def branch_of_meeting(clients: Iterable[Client], practitioner: StaffMember | None, user_id: str) -> UUID | None:
    """The branch of whom of the clients the reader signs in for, else of all of them, else of who meets them."""
    every = list(clients)
    theirs = set(Client.objects.filter(links__user=user_id).values_list("pk", flat=True)) if user_id else set()
    concerned = [client for client in every if client.pk in theirs] or every
    own = common(client.branch_id for client in concerned) if concerned else None
    return own or (practitioner.branch_id if practitioner is not None else None) or branch_of_clients(concerned)


def register_people() -> None:
    """Let mail and documents ask. At start-up."""
    register("people.client", lambda client, user_id: branch_of_clients([client]))
    register_reader(branch_of_login)
    branch_uses.register(_has_people)


def _has_people(branch: Branch) -> bool:
    return branch.clients.exists() or branch.staff.exists()


def people_of_branches() -> dict[UUID, tuple[int, int]]:
    """How many clients, but those in the archive, and how many active staff belong to each branch."""
    clients = Client.objects.filter(branch__isnull=False, archived_at=None).order_by()
    staff = StaffMember.objects.filter(branch__isnull=False, status=StaffMember.Status.ACTIVE).order_by()
    first = dict(clients.values_list("branch").annotate(Count("pk")))
    second = dict(staff.values_list("branch").annotate(Count("pk")))
    return {pk: (first.get(pk, 0), second.get(pk, 0)) for pk in {*first, *second}}
