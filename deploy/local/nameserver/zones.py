"""The records that the name server knows, and what it answers to one question."""

from __future__ import annotations

import re

import dns.exception
import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdataclass
import dns.rdatatype
import dns.rrset

TTL = 5  # seconds, because whoever tries something changes it soon
UDP_BYTES = 1232  # the most that a datagram carries, whatever the asker offers
_RECORD = re.compile(r"(?P<name>\S+)\s+(?:\d+\s+)?(?:IN\s+)?(?P<kind>[A-Za-z]+\d*)\s+(?P<value>\S.*)")
_Key = tuple[dns.name.Name, dns.rdatatype.RdataType]


class Zones:
    """Records by name and type. A name outside every zone does not exist."""

    def __init__(self) -> None:
        self._records: dict[_Key, dns.rrset.RRset] = {}
        self._faults: dict[dns.name.Name, str] = {}

    def add_zone(self, name: str, *, name_servers: tuple[str, ...] = ("ns1.invalid", "ns2.invalid")) -> None:
        """Make a zone; `name_servers` tell at which company it lies."""
        self.set(name, "SOA", f"{name_servers[0]}. hostmaster.{name}. 1 3600 600 86400 5")
        self.set(name, "NS", *(f"{server}." for server in name_servers))

    def set(self, name: str, kind: str, *values: str) -> None:
        """Give a name these records of one type, in the words of a zone file, in place of those it had.

        Texts are quoted by `text`; other names end with a dot.
        """
        key = (dns.name.from_text(name), dns.rdatatype.from_text(kind))
        self._records[key] = dns.rrset.from_text(key[0], TTL, "IN", kind, *values)

    def text(self, name: str, *texts: str) -> None:
        """TXT records, one for each text; what is longer than a string may be is cut as zone files do."""
        self.set(name, "TXT", *(_quoted(text) for text in texts))

    def read(self, text: str) -> None:
        """Have the records of these lines, and no others: name, perhaps seconds and IN, type, value. Raises DNSException or ValueError."""
        values: dict[_Key, list[str]] = {}
        for number, line in enumerate(text.splitlines(), 1):
            if not line.strip() or line.lstrip().startswith(";"):
                continue
            found = _RECORD.fullmatch(line.strip())
            if found is None:
                raise ValueError(f"line {number} is not a name, a type and a value")
            key = (dns.name.from_text(found["name"]), dns.rdatatype.from_text(found["kind"]))
            values.setdefault(key, []).append(found["value"])
        self._records = {
            key: dns.rrset.from_text(key[0], TTL, "IN", dns.rdatatype.to_text(key[1]), *texts)
            for key, texts in values.items()
        }

    def remove(self, name: str, kind: str | None = None) -> None:
        """Take away a name's records, or those of one type."""
        owner = dns.name.from_text(name)
        for key in [key for key in self._records if key[0] == owner]:
            if kind is None or key[1] == dns.rdatatype.from_text(kind):
                del self._records[key]

    def clear(self) -> None:
        self._records.clear()
        self._faults.clear()

    def fail(self, name: str, fault: str) -> None:
        """Answer every question about a name with a fault: `servfail`, `refused`, or `silence`; `""` mends it."""
        self._faults[dns.name.from_text(name)] = fault

    def answer(self, wire: bytes, *, in_datagram: bool = False) -> bytes | None:
        """What to send back to one question; None for silence. What no datagram carries is cut, so that the asker comes by TCP."""
        try:
            question = dns.message.from_wire(wire)
        except dns.exception.DNSException:
            return None
        response = dns.message.make_response(question, recursion_available=True)
        if len(question.question) != 1:
            response.set_rcode(dns.rcode.FORMERR)
            return response.to_wire()
        asked = question.question[0]
        fault = self._faults.get(asked.name, "")
        if fault == "silence":
            return None
        if fault:
            response.set_rcode(dns.rcode.SERVFAIL if fault == "servfail" else dns.rcode.REFUSED)
        else:
            self._fill(response, asked.name, asked.rdtype)
        return _cut(response, max(512, min(question.payload, UDP_BYTES)) if in_datagram else None)

    def lines(self) -> list[str]:
        """All records as lines of a zone file, in order."""
        return sorted(line for rrset in list(self._records.values()) for line in rrset.to_text().splitlines())

    def _fill(self, response: dns.message.Message, name: dns.name.Name, kind: dns.rdatatype.RdataType) -> None:
        seen: set[dns.name.Name] = set()
        while name not in seen:
            seen.add(name)
            alias = self._records.get((name, dns.rdatatype.CNAME))
            found = self._records.get((name, kind)) or alias
            if found is None:
                break
            response.answer.append(found)
            if found is not alias or kind == dns.rdatatype.CNAME:
                return
            name = alias[0].target
        if not self._exists(name):
            response.set_rcode(dns.rcode.NXDOMAIN)
        response.authority.extend(self._start_of_authority(name))

    def _exists(self, name: dns.name.Name) -> bool:
        """Whether the name has a record, or one below it has: then it is empty, but there."""
        return any(owner.is_subdomain(name) for owner, _ in list(self._records))

    def _start_of_authority(self, name: dns.name.Name) -> list[dns.rrset.RRset]:
        above = [name.split(depth)[1] for depth in range(len(name), 0, -1)]
        return [found for zone in above if (found := self._records.get((zone, dns.rdatatype.SOA)))][:1]


def _quoted(text: str) -> str:
    """A text as zone files have it: in quotes, in pieces of at most 255 bytes."""
    raw = text.encode()
    pieces = [raw[start : start + 255] for start in range(0, len(raw), 255)] or [b""]
    return " ".join(f'"{"".join(_escaped(byte) for byte in piece)}"' for piece in pieces)


def _escaped(byte: int) -> str:
    return f"\\{byte:03d}" if byte in b'"\\' or not 32 <= byte < 127 else chr(byte)


def _cut(response: dns.message.Message, most_bytes: int | None) -> bytes:
    wire = response.to_wire()
    if most_bytes is None or len(wire) <= most_bytes:
        return wire
    response.answer, response.authority, response.additional = [], [], []
    response.flags |= dns.flags.TC
    return response.to_wire()
