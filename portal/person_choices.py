"""Who can be chosen: one source for each kind of person, with its door, its search and whom it offers first.

A page never grows with the number of people: a source offers a few, and finds the others as one types. A field of `portal.person_fields` shows
them, the address `people/choices/<source>/` finds them, and both ask the source's own door, also when what was chosen is written.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db.models import Model, Prefetch, Q, QuerySet
from django.urls import reverse
from django.utils.http import urlencode

from core.kernel.search import Word
from core.people.models import Assignment, Client, StaffMember, User
from core.people.queries import found_by, recently_read

RECENT = 6  # of those opened last, so that there is room for one's own
MOST = 12  # of those who are offered or found; chosen ones stand besides
About = Mapping[str, Any]  # what the choice is about, by name: the schedule, the client


@dataclass(frozen=True, slots=True)
class Choice:
    """Somebody who can be chosen, as people read it."""

    key: str
    name: str
    detail: str = ""

    @property
    def label(self) -> str:
        return f"{self.name} ({self.detail})" if self.detail else self.name


@dataclass(frozen=True)
class Source:
    """One kind of people to choose from.

    `offered`: all whom this person may choose. `known`: whom they may name without a "choose from the list", because the action has a better
    sentence against them. `first`: whom to offer before the others. `related`: what `describe` needs loaded.
    """

    name: str
    offered: Callable[[User, About], QuerySet[Any]]
    where: Callable[[Word], Q]
    describe: Callable[[Any], Choice]
    related: Callable[[QuerySet[Any]], QuerySet[Any]] = lambda rows: rows
    first: Callable[[QuerySet[Any], User, About], Iterable[QuerySet[Any]]] = lambda rows, user, about: ()
    known: Callable[[User, About], QuerySet[Any]] | None = None
    order: tuple[str, ...] = ("sort_key", "pk")
    about: tuple[str, ...] = ()  # what it takes from an address


_SOURCES: dict[str, Source] = {}


def register(source: Source) -> Source:
    """Make the source known by its name to the address that finds."""
    _SOURCES[source.name] = source
    return source


def source_named(name: str) -> Source | None:
    """The source, if an app has registered one of this name."""
    return _SOURCES.get(name)


def sources() -> list[Source]:
    """All of them, for whoever looks through the house."""
    return list(_SOURCES.values())


def with_practitioners(clients: QuerySet[Any]) -> QuerySet[Any]:
    """With whom they meet, for `describe_client`."""
    return clients.prefetch_related(Prefetch("practitioners", StaffMember.objects.select_related("user")))


def describe_client(client: Client) -> Choice:
    """The name, and with whom the client meets: two of the same name differ by that."""
    return Choice(str(client.pk), client.name, ", ".join(staff.user.name for staff in client.practitioners.all()))


def own_and_recent(clients: QuerySet[Client], user: User, about: About) -> Iterable[QuerySet[Client]]:
    """The clients whom this person works with, and those whose page they opened last."""
    yield clients.filter(pk__in=recently_read(user)[:RECENT])
    if user.staff is not None:
        own = Assignment.objects.filter(practitioner=user.staff)
        yield clients.filter(pk__in=own.values("client_id")).order_by("sort_key", "pk")


def describe_staff(staff: StaffMember) -> Choice:
    return Choice(str(staff.pk), staff.user.name, staff.title)


@dataclass
class Offer:
    """What one person can choose from in one form."""

    source: Source
    user: User
    about: About = field(default_factory=dict)
    _first: tuple[list[Choice], bool] | None = None

    @property
    def rows(self) -> QuerySet[Any]:
        return self.source.offered(self.user, self.about)

    def first(self) -> tuple[list[Choice], bool]:
        """Those whom the form shows at once, own and recent ones before the others, and whether there are more; asked once."""
        if self._first is None:
            self._first = self._ask_first()
        return self._first

    def _ask_first(self) -> tuple[list[Choice], bool]:
        rows = self.rows
        ordered = rows.order_by(*self.source.order)
        found: dict[Any, Model] = {}
        for some in (*self.source.first(rows, self.user, self.about), ordered):
            if len(found) <= MOST:
                for row in self.source.related(some)[: MOST + 1]:
                    found.setdefault(row.pk, row)
        return self._described(list(found.values())[:MOST]), len(found) > MOST

    def found(self, typed: str) -> tuple[list[Choice], bool]:
        """Those who are found by what was typed, and whether there are more."""
        rows = found_by(typed, self.rows, self.source.where).order_by(*self.source.order)
        found = list(self.source.related(rows)[: MOST + 1])
        return self._described(found[:MOST]), len(found) > MOST

    def chosen(self, keys: Iterable[Any]) -> list[Choice]:
        """Those of the keys whom this person may choose or name."""
        return self._described(self.source.related(self.with_keys(keys)))

    def with_keys(self, keys: Iterable[Any]) -> QuerySet[Any]:
        """The door: rows of these keys, without those that this person may neither choose nor name."""
        wanted = [key for each in keys if (key := key_of(each)) is not None]
        known = (self.source.known or self.source.offered)(self.user, self.about)
        return known.filter(pk__in=wanted).order_by(*self.source.order)

    @property
    def address(self) -> str:
        """Where a script finds others."""
        about = {name: self.about[name] for name in self.source.about if self.about.get(name)}
        return reverse("people:choices", args=[self.source.name]) + (f"?{urlencode(about)}" if about else "")

    def _described(self, rows: Iterable[Any]) -> list[Choice]:
        return [self.source.describe(row) for row in rows]


def key_of(key: Any) -> UUID | None:
    """The key, or None for what is none."""
    try:
        return key if isinstance(key, UUID) else UUID(str(key))
    except ValueError:
        return None
