"""`python -m deploy.bench.golive`: an organization from nothing to live, by a person through the screens and by one file.

The whole product behind the real proxy with its own authority, a name server, a mail server and a real Chromium. The person provisions as an
operator, goes through the setup guide as the owner, sets the records as whoever looks after the DNS, and reads the front page and signs in as
the first client, on the organization's own host. They think PAUSE seconds before each step; SHOTS names a folder for pictures of each.
"""

from __future__ import annotations

import argparse
import json
import re
import socket
import ssl
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path
from urllib.parse import urlencode
from urllib.request import urlopen

from playwright.sync_api import Browser, Page, expect, sync_playwright

from deploy.bench.front import ROOT, chromium, prepared, standing

prepared()

from core.go_live.management.commands.go_live import WAITING  # noqa: E402
from deploy.bench.results import Results  # noqa: E402
from tenants.operators.one_time_codes import current_code  # noqa: E402
from tests.journeys.house import PROGRAMS, House  # noqa: E402
from tests.local.caddy import FrontDoor  # noqa: E402

OPERATOR = ("robin@operator.test", "operate-with-great-care", "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP")
PASSWORD = "a-long-enough-password"
START, HOST, DOMAIN = "willow.localhost", "care.willow.example", "willow.example"
MOST_MINUTES, MOST_SECONDS = 10, 10
LOGO = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 320 80"><rect width="80" height="80" rx="20" fill="#6d28d9"/>
<circle cx="140" cy="40" r="24" fill="#2e1065"/><circle cx="210" cy="40" r="24" fill="#2e1065"/></svg>"""


@dataclass
class Sitting:
    """One sitting: where things answer, how long each step took."""

    house: House
    door: FrontDoor
    chrome: Browser
    pause: float = 0.0
    shots: Path | None = None
    steps: dict[str, float] = field(default_factory=dict)

    def arrive(self, url: str) -> Page:
        """Somebody with a browser of their own, which reaches every host at the proxy."""
        context = self.chrome.new_context(ignore_https_errors=True, locale="en-GB", timezone_id="Europe/Dublin")
        context.set_default_timeout(30_000)
        page = context.new_page()
        page.goto(url)
        return page

    @contextmanager
    def step(self, name: str, page: Page | None = None) -> Iterator[None]:
        """Time one step of the person, with the time to think before it."""
        began = time.monotonic()
        time.sleep(self.pause)
        yield
        self.steps[name] = time.monotonic() - began
        if page is not None:
            self._take(name, page)

    def names(self, change: Callable[[str], str]) -> None:
        """Change the zone file of the DNS company on its page."""
        address = f"http://127.0.0.1:{self.house.ports.names}/"
        with urlopen(address, timeout=10) as answer:
            shown = answer.read().decode()
        kept = unescape(shown.partition("<textarea")[2].partition(">")[2].partition("</textarea>")[0])
        with urlopen(address, data=urlencode({"records": change(kept)}).encode(), timeout=10):
            pass

    def set_records(self, records: str) -> None:
        self.names(lambda kept: f"{kept}\n{records}")

    def publish_platform_zone(self) -> None:
        """What the operator's own zone serves: whatever `mail_zone` prints, and the target that hosts point to."""
        self.names(lambda kept: "\n".join(line for line in kept.splitlines() if "records.post.example" not in line))
        self.set_records(
            f"records.post.example. SOA ns1.post.example. hostmaster.post.example. 1 3600 600 86400 5\n{self.house.manage('mail_zone')}"
        )

    def _take(self, name: str, page: Page) -> None:
        if self.shots is None:
            return
        self.shots.mkdir(parents=True, exist_ok=True)
        for width in (1280, 390):
            page.set_viewport_size({"width": width, "height": 900})
            page.wait_for_timeout(200)
            page.screenshot(path=self.shots / f"{len(self.steps):02}-{name}-{width}.png", full_page=True)
        page.set_viewport_size({"width": 1280, "height": 900})


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pause", type=float, default=5.0, help="seconds that the person thinks before each step")
    parser.add_argument("--shots", type=Path, help="a folder for pictures of each step")
    options = parser.parse_args()
    results = Results("golive")
    with standing("names", *PROGRAMS, PLATFORM_DOMAIN="localhost") as (house, door), sync_playwright() as playwright:
        chrome = chromium(playwright, door)
        measure(Sitting(house, door, chrome, options.pause, options.shots), results)
        chrome.close()
    print(results.write())


def measure(sitting: Sitting, results: Results) -> None:
    """Both ways, each against its limit."""
    by_person(sitting)
    for name, seconds in sitting.steps.items():
        results.note(f"step_{name}_s", seconds, "s")
    note = f"{len(sitting.steps)} steps, with {sitting.pause:.0f} s of thought before each"
    results.note("by_person_minutes", sum(sitting.steps.values()) / 60, "min", baseline=MOST_MINUTES, note=note)
    results.note(
        "by_file_s",
        by_file(sitting),
        "s",
        baseline=MOST_SECONDS,
        note="the call, and the one after the records are set",
    )


# -- through the screens ---------------------------------------------------------------------------------------------


def by_person(sitting: Sitting) -> None:
    provision(sitting)
    page = accept(sitting)
    brand(sitting, page)
    words(sitting, page)
    records = ask_for_host_and_sender(sitting, page)
    sitting.publish_platform_zone()
    set_records(sitting, records)
    go_live(sitting, page)
    page = sign_in_on_own_host(sitting)
    sender(sitting, page)
    services(sitting, page)
    hours(sitting, page)
    website(sitting, page)
    first_client(sitting, page)
    client(sitting)


def provision(sitting: Sitting) -> None:
    """An operator, with a second factor."""
    email, password, secret = OPERATOR
    sitting.house.manage("create_operator", email, "--password-stdin", "--totp-secret", secret, typed=password + "\n")
    page = sitting.arrive("https://operator.localhost/")
    with sitting.step("operator_signs_in"):
        page.fill("[name=email]", email)
        page.fill("[name=password]", password)
        page.keyboard.press("Enter")
        page.fill("[name=code]", current_code(secret, time.time()))
        page.keyboard.press("Enter")
        page.wait_for_url("**/organizations/**")
    with sitting.step("provision", page):
        page.goto("https://operator.localhost/organizations/new/")
        page.fill("[name=name]", "Willow Physio")
        page.fill("[name=host]", START)
        page.select_option("[name=plan]", "enterprise")
        page.fill("[name=owner_name]", "Wanda Willow")
        page.fill("[name=owner_email]", "wanda@post.example")
        page.select_option("[name=time_zone]", "Europe/Dublin")
        page.select_option("[name=country]", "IE")
        page.get_by_role("button", name="Provision").click()
        page.wait_for_url("**/provisioning/")
        expect(page.get_by_text("Owner's invitation sent")).to_be_visible()
    page.context.close()


def accept(sitting: Sitting) -> Page:
    """The owner opens the invitation and chooses a password."""
    invitation = sitting.house.mail.newest(to="wanda@post.example", wait=30)
    with sitting.step("invitation"):
        page = sitting.arrive(next(link for link in invitation["links"] if "/invitations/" in link))
        page.fill("[name=password]", PASSWORD)
        submit(page)
        page.wait_for_url("**/dashboard/**")
        expect(page.get_by_text("Getting started")).to_be_visible()
    return page


def brand(sitting: Sitting, page: Page) -> None:
    with sitting.step("brand", page):
        begin(page, "brand")
        page.set_input_files("[name=logo]", {"name": "logo.svg", "mimeType": "image/svg+xml", "buffer": LOGO.encode()})
        page.fill("[name=tagline]", "Move well again.")
        page.fill("[name=primary_color]", "#6d28d9")
        page.get_by_role("button", name="Save the draft").click()
        page.get_by_role("button", name="Publish", exact=True).click()
        expect(page.get_by_text("Published as version 2")).to_be_visible()


def words(sitting: Sitting, page: Page) -> None:
    with sitting.step("words", page):
        begin(page, "words")
        page.fill("[name=singular_client]", "patient")
        page.fill("[name=plural_client]", "patients")
        page.locator("main").get_by_role("button", name="Save").click()
        expect(page.get_by_text("Pages and mail have these words from now on")).to_be_visible()


def ask_for_host_and_sender(sitting: Sitting, page: Page) -> str:
    """The owner names host and address, and makes the link for whoever looks after the DNS; returns it."""
    sitting.set_records(
        f"{DOMAIN}. SOA ns1.dns-company.example. hostmaster.{DOMAIN}. 1 3600 600 86400 5\n{DOMAIN}. NS ns1.dns-company.example."
    )
    with sitting.step("host", page):
        begin(page, "domain")
        page.fill("[name=host]", HOST)
        page.get_by_role("button", name="Go on").click()
        expect(page.get_by_text(f"_verify.{HOST}").first).to_be_visible()
    with sitting.step("sender_address", page):
        begin(page, "sender")
        page.locator("a[href='/settings/sender/domain/']").click()
        page.fill("[name=address]", f"hello@{DOMAIN}")
        page.get_by_role("button", name="Save the address").click()
        expect(page.get_by_text("Records in your DNS")).to_be_visible()
    with sitting.step("link_for_it", page):
        page.get_by_role("button", name="Make a link").click()
        link = page.get_by_text(re.compile(r"https://\S+/records/\S+")).first
        return link.inner_text().strip()


def set_records(sitting: Sitting, link: str) -> None:
    """Whoever looks after the DNS, without an account: takes the zone file over."""
    with sitting.step("it_person_sets_records"):
        page = sitting.arrive(link)
        with page.expect_download() as found:
            page.get_by_role("link", name=re.compile("zone file", re.IGNORECASE)).first.click()
        sitting.set_records(found.value.path().read_text())
    page.context.close()


def go_live(sitting: Sitting, page: Page) -> None:
    with sitting.step("host_is_live", page):
        begin(page, "domain")
        page.locator("main").get_by_role("link", name=HOST).click()
        until(lambda: check_host(page), "the host is live")
    with sitting.step("host_is_primary", page):
        page.get_by_role("link", name="Make it the primary one").click()
        submit(page)
        expect(page.get_by_text("Primary", exact=True)).to_be_visible()
    assert names_on_certificate(sitting) == {HOST}


def check_host(page: Page) -> bool:
    page.get_by_role("button", name="Check now").click()
    page.wait_for_load_state("networkidle")
    return (
        page.locator("main").get_by_text("Live", exact=True).first.is_visible()
        and page.get_by_role("link", name="Make it the primary one").is_visible()
    )


def sign_in_on_own_host(sitting: Sitting) -> Page:
    with sitting.step("owner_signs_in_there"):
        page = sitting.arrive(f"https://{HOST}/account/login/")
        sign_in(page, "wanda@post.example")
    return page


def sender(sitting: Sitting, page: Page) -> None:
    with sitting.step("sender", page):
        begin(page, "sender")
        page.locator("a[href='/settings/sender/domain/']").click()
        page.get_by_role("button", name="Look again").click()
        page.wait_for_load_state()
        page.get_by_role("button", name="Send a code").click()
        code = sitting.house.mail.newest(to=f"hello@{DOMAIN}", wait=30)
        page.fill("[name=code]", re.search(r"\b\d{6}\b", code["text"]).group())  # type: ignore[union-attr]
        page.get_by_role("button", name="Prove the mailbox").click()
        page.wait_for_load_state()
        page.locator("button[name=way][value=domain]").click()
        expect(page.get_by_text(f"hello@{DOMAIN}").first).to_be_visible()


def services(sitting: Sitting, page: Page) -> None:
    with sitting.step("services", page):
        begin(page, "services")
        page.locator("main").get_by_role("link", name="New service").first.click()
        page.fill("[name=name]", "First assessment")
        page.fill("[name=price]", "80.00")
        submit(page)
        expect(page.locator("main")).to_contain_text("First assessment")


def hours(sitting: Sitting, page: Page) -> None:
    with sitting.step("hours", page):
        begin(page, "hours")
        page.get_by_role("button", name="Add hours on Monday").click()
        page.locator("summary[aria-label='Copy the hours of Monday']").click()
        monday = page.locator("fieldset[data-day=day_0]")
        for day in range(1, 5):
            monday.locator(f"[data-to=day_{day}]").check(force=True)
        monday.locator("[data-copy]").click()
        page.get_by_role("button", name="Save").last.click()
        expect(page.get_by_text("Saved. What is booked already")).to_be_visible()


def website(sitting: Sitting, page: Page) -> None:
    with sitting.step("website", page):
        begin(page, "website")
        page.get_by_role("link", name="Home", exact=True).last.click()
        page.locator("a[href$='/sections/new/text/']").click(force=True)
        page.locator("main form [contenteditable]").first.click()
        page.keyboard.type("Physiotherapy in your own words.")
        submit(page)
        expect(page.get_by_role("heading", name="Sections")).to_be_visible()
        page.get_by_role("button", name="Publish", exact=True).first.click()
        page.wait_for_load_state()


def first_client(sitting: Sitting, page: Page) -> None:
    with sitting.step("first_client", page):
        begin(page, "client")
        page.fill("[name=first_name]", "Pat")
        page.fill("[name=last_name]", "Mole")
        page.fill("[name=login-email]", "pat@post.example")
        page.fill("[name=login-name]", "Pat Mole")
        page.select_option("[name=login-relationship]", "self")
        submit(page)
        page.wait_for_url("**/people/clients/*-*/")


def client(sitting: Sitting) -> None:
    """The first client: mail in the own name, the front page and the sign-in on the own host, over a certificate for it alone."""
    invitation = sitting.house.mail.newest(to="pat@post.example", wait=30)
    raw = sitting.house.mail.raw(invitation["id"]).decode(errors="replace")
    assert f"hello@{DOMAIN}" in raw and f"d={DOMAIN}" in raw, raw[:2000]
    link = next(link for link in invitation["links"] if "/invitations/" in link)
    assert link.startswith(f"https://{HOST}/"), link
    with sitting.step("client_reads_front_page"):
        page = sitting.arrive(f"https://{HOST}/")
        expect(page.get_by_text("Physiotherapy in your own words.")).to_be_visible()
    with sitting.step("client_comes_in", page):
        page.goto(link)
        page.fill("[name=password]", PASSWORD)
        submit(page)
        page.wait_for_url(f"https://{HOST}/dashboard/**")
        expect(page.locator("body")).to_contain_text("Pat")
    assert "olonnade" not in page.content()


# -- by one file -----------------------------------------------------------------------------------------------------


def by_file(sitting: Sitting) -> float:
    """Seconds of the two calls: the first makes everything, the second finds the records that were set in between."""
    wanted = json.loads((ROOT / "docs" / "go-live.json").read_text())
    wanted["organization"]["host"] = "river-clinic.localhost"
    zone = "river-clinic.example"
    sitting.set_records(f"{zone}. SOA ns1.dns-company.example. hostmaster.{zone}. 1 3600 600 86400 5")
    folder = Path(tempfile.mkdtemp())
    (folder / "logo.svg").write_text(LOGO)
    wanted["brand"]["logo"] = "logo.svg"
    (folder / "river.json").write_text(json.dumps(wanted))
    return sum(call(sitting, folder / "river.json", number) for number in range(2))


def call(sitting: Sitting, file: Path, number: int) -> float:
    began = time.monotonic()
    said = sitting.house.manage("go_live", str(file), status=WAITING)
    took = time.monotonic() - began
    if number == 0:
        lines = said.splitlines()
        assert "To set: " in said and "Records to set: " in said, said
        host, mail = (
            next(line for line in lines if line.startswith(part)) for part in ("web_address.dns", "sender.dns")
        )
        sitting.publish_platform_zone()
        named = [*records_in(host.partition("To set: ")[2]), *records_in(mail.partition("Records to set: ")[2])]
        sitting.set_records("\n".join(record_line(record) for record in named))
    else:
        assert "care.river-clinic.example is live" in said and "The records are right" in said, said
    return took


def records_in(sentence: str) -> list[str]:
    """The records that are named one after the other; values have semicolons of their own."""
    return re.split(r"; (?=\S+ (?:TXT|CNAME|A|AAAA|MX) )", sentence)


def record_line(record: str) -> str:
    """`name kind value` as a line of a zone file."""
    name, kind, value = record.split(" ", 2)
    return f"{name}. {kind} {json.dumps(value) if kind == 'TXT' else value.rstrip('.') + '.'}"


# -- ways of a person ------------------------------------------------------------------------------------------------


def begin(page: Page, step: str) -> None:
    """From the guide to the page of one step."""
    page.goto(page.url.split("/", 3)[0] + "//" + page.url.split("/", 3)[2] + "/settings/setup/")
    page.locator(f"main a[href='/settings/setup/{step}/']").last.click()
    expect(page.get_by_text("Back to the setup guide")).to_be_visible()


def submit(page: Page) -> None:
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_load_state()


def sign_in(page: Page, email: str) -> None:
    page.fill("[name=login]", email)
    page.fill("[name=password]", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/dashboard/**")


def until(holds: Callable[[], bool], what: str, seconds: float = 60) -> None:
    """Look again until it holds."""
    end = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > end:
            raise TimeoutError(f"not within {seconds:.0f} s: {what}")
        time.sleep(0.5)


def names_on_certificate(sitting: Sitting) -> set[str]:
    """As a client that trusts the proxy's authority sees it: the handshake itself checks the name."""
    trust = ssl.create_default_context(cafile=str(sitting.door.own_authority))
    with (
        socket.create_connection(("127.0.0.1", sitting.door.https), timeout=20) as plain,
        trust.wrap_socket(plain, server_hostname=HOST) as secured,
    ):
        certificate = secured.getpeercert() or {}
    return {str(name) for kind, name in certificate["subjectAltName"] if kind == "DNS"}


if __name__ == "__main__":
    main()
