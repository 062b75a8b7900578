"""The page on which whoever tries the demo is the DNS company: all records as a zone file, to change and save."""

from __future__ import annotations

from pathlib import Path

import dns.exception

from deploy.local.nameserver.zones import Zones
from deploy.local.web import Request, Response, Router, fill, page, static_file

HERE = Path(__file__).parent
# `practice.localhost` is a domain to try, because browsers find everything below localhost by themselves.
FIRST = """\
practice.localhost.  SOA  ns1.dns-company.example. hostmaster.practice.localhost. 1 3600 600 86400 5
practice.localhost.  NS   ns1.dns-company.example.
"""


class Pages:
    """Everything the HTTP port answers."""

    def __init__(self, zones: Zones, file: Path) -> None:
        self._zones, self._file = zones, file
        zones.read(file.read_text("utf-8") if file.exists() else FIRST)

    def add_to(self, router: Router) -> None:
        router.add("GET", "/", lambda request: self._page("\n".join(self._zones.lines()), ""))
        router.add("POST", "/", self.save)
        router.add("GET", "/nameserver.css", lambda request: static_file(HERE / "nameserver.css"))

    def save(self, request: Request) -> Response:
        """Take over what was typed, or say which line is none."""
        text = dict(request.form()).get("records", "").replace("\r\n", "\n")
        try:
            self._zones.read(text)
        except (dns.exception.DNSException, ValueError) as error:
            return self._page(text, f"Not saved: {error}", 422)
        self._file.write_text("\n".join(self._zones.lines()) + "\n", "utf-8")
        return self._page("\n".join(self._zones.lines()), "Saved. The next question is answered from these records.")

    def _page(self, records: str, said: str, status: int = 200) -> Response:
        return page(fill(HERE / "nameserver.html", records=records, said=said), status)
