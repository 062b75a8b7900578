"""The one door to the DNS: what it says of a name, as values. Nobody's pages wait longer than the deadline, and no failure is an exception.

Names are written without a trailing dot, in lower case; letters beyond ASCII as punycode (`tenants.host_names`).
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Any, Generic, TypeVar

import dns.exception
import dns.name
import dns.resolver
from django.conf import settings

Record = TypeVar("Record")


class Problem(StrEnum):
    """Why there is no record. The first two are answers; after the others nobody knows."""

    NO_SUCH_NAME = "no_such_name"  # NXDOMAIN, and what can be no name
    NO_ANSWER = "no_answer"  # the name exists, and has no record of this type
    SERVER_FAILED = "server_failed"
    TIMED_OUT = "timed_out"


@dataclass(frozen=True, slots=True)
class Answer(Generic[Record]):
    """The records of one name, or why there are none."""

    name: str
    records: tuple[Record, ...] = ()
    problem: Problem | None = None

    @property
    def is_certain(self) -> bool:
        """Whether the DNS has answered at all; an empty answer is one."""
        return self.problem not in (Problem.SERVER_FAILED, Problem.TIMED_OUT)


@dataclass(frozen=True, slots=True, order=True)
class MailServer:
    """One MX record; the lowest preference comes first."""

    preference: int
    host: str


@dataclass(frozen=True, slots=True)
class Authorization:
    """One CAA record (RFC 8659): `issue` and `issuewild` name an authority, `iodef` whom to tell."""

    flags: int
    tag: str
    value: str


class Resolver:
    """Asks the servers it is given, or the system's. `seconds` is the deadline of one question, repeated or not."""

    def __init__(self, servers: list[str] | None = None, port: int = 53, seconds: float = 3.0) -> None:
        self._servers, self._port, self._seconds = servers or [], port, seconds

    def texts(self, name: str) -> Answer[str]:
        """TXT records, each with its parts joined."""
        return self._ask(name, "TXT", lambda record: b"".join(record.strings).decode("utf-8", "replace"))

    def alias(self, name: str) -> Answer[str]:
        """The CNAME of this very name: one record or none."""
        return self._ask(name, "CNAME", lambda record: _plain(record.target))

    def addresses(self, name: str) -> Answer[str]:
        """A and AAAA records, aliases followed."""
        four, six = (self._ask(name, kind, lambda record: str(record.address)) for kind in ("A", "AAAA"))
        records = (*four.records, *six.records)
        uncertain = next((answer.problem for answer in (four, six) if not answer.is_certain), None)
        return Answer(name, records, uncertain or (None if records else four.problem))

    def mail_servers(self, name: str) -> Answer[MailServer]:
        """MX records, the preferred first."""
        found = self._ask(name, "MX", lambda record: MailServer(record.preference, _plain(record.exchange)))
        return Answer(name, tuple(sorted(found.records)), found.problem)  # by number, not by letters

    def name_servers(self, name: str) -> Answer[str]:
        """NS records of this very name."""
        return self._ask(name, "NS", lambda record: _plain(record.target))

    def authorizations(self, name: str) -> Answer[Authorization]:
        """The CAA records in force: those of the name, or of the nearest name above that has some; `Answer.name` says of which."""
        found: Answer[Authorization] = Answer(name, (), Problem.NO_ANSWER)
        for above in _upwards(name):
            found = self._ask(above, "CAA", _authorization)
            if found.records or not found.is_certain:
                return found
        return Answer(name, (), found.problem)

    def zone(self, name: str) -> Answer[str]:
        """The zone in which the name lies (its zone cut): the nearest name at or above it with an SOA record."""
        for above in _upwards(name):
            found = self._ask(above, "SOA", lambda record: _plain(record.mname))
            if found.records:
                return Answer(name, (above,))
            if not found.is_certain:
                return Answer(name, (), found.problem)
        return Answer(name, (), Problem.NO_SUCH_NAME)

    def name_servers_of_zone(self, name: str) -> Answer[str]:
        """The name servers responsible for a name: those of its zone."""
        zone = self.zone(name)
        return self.name_servers(zone.records[0]) if zone.records else zone

    @cached_property
    def _resolver(self) -> dns.resolver.Resolver:
        made = dns.resolver.Resolver(configure=not self._servers)
        made.cache = None  # because whoever has just set a record asks again at once
        if self._servers:
            made.nameservers, made.port = list(self._servers), self._port
        made.timeout, made.lifetime = min(1.0, self._seconds), self._seconds
        return made

    def _ask(self, name: str, kind: str, read: Callable[[Any], Record]) -> Answer[Record]:
        try:
            answer = self._resolver.resolve(dns.name.from_text(name), kind, raise_on_no_answer=False)
        except (dns.resolver.NXDOMAIN, dns.name.LabelTooLong, dns.name.NameTooLong, dns.name.EmptyLabel):
            return Answer(name, (), Problem.NO_SUCH_NAME)
        except dns.exception.Timeout:
            return Answer(name, (), Problem.TIMED_OUT)
        except (dns.exception.DNSException, OSError):
            return Answer(name, (), Problem.SERVER_FAILED)
        records = tuple(
            sorted((read(record) for record in answer.rrset or ()), key=str)
        )  # because servers shuffle them
        return Answer(name, records, None if records else Problem.NO_ANSWER)


def system_resolver() -> Resolver:
    """The resolver of the settings: `DNS_SERVERS`, `DNS_PORT`, `DNS_SECONDS`; without servers the machine's own."""
    return Resolver(settings.DNS_SERVERS, settings.DNS_PORT, settings.DNS_SECONDS)


def _authorization(record: Any) -> Authorization:
    return Authorization(
        record.flags, record.tag.decode("ascii", "replace").lower(), record.value.decode("utf-8", "replace")
    )


def _plain(name: dns.name.Name) -> str:
    return name.to_text(omit_final_dot=True).lower()


def _upwards(name: str) -> list[str]:
    """The name and every name above it, the nearest first; the root is none of them."""
    labels = name.split(".")
    return [".".join(labels[start:]) for start in range(len(labels))]
