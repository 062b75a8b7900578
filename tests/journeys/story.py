"""The whole journey in steps: an operator provisions, an owner sets up, two people meet, an invoice is paid. One `Story` per organization."""

import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils.text import slugify
from playwright.sync_api import Page, expect

from tenants.operators.one_time_codes import current_code

from .house import House
from .wire import Wire

PASSWORD = "a-long-enough-password"
OPERATOR = ("robin@operator.test", "operate-with-great-care", "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP")
ANNOUNCED = timedelta(days=2)  # how long before its start the appointment is booked: longer than a reminder's day


@dataclass
class Story:
    """One organization, its people, and what they received."""

    house: House
    arrive: Callable[..., Page]
    name: str
    slug: str
    blueprint: str
    zone: str
    guardian_zone: str
    currency: str
    wire: Wire = field(default_factory=Wire)
    pages: dict[str, Page] = field(default_factory=dict)
    facts: dict[str, str] = field(default_factory=dict)
    starts_at: datetime | None = None

    @property
    def home(self) -> str:
        return self.house.host(self.slug)

    def address(self, who: str) -> str:
        return f"{who}@{self.slug}.test"

    def browser(self, who: str, url: str, *, zone: str = "", **options: object) -> Page:
        """A browser for one person, whose wire is listened to."""
        page = self.arrive("", time_zone=zone or self.zone, **options)
        self.wire.listen(page)
        page.goto(url)
        self.pages[who] = page
        return page

    def mail(self, who: str, subject: str = "") -> dict:
        """The newest mail to somebody, noted on the wire."""
        found = self.house.mail.newest(to=self.address(who), subject=subject, wait=30)
        self.wire.mail(self.house.mail.raw(found["id"]))
        return found


def provision(story: Story) -> None:
    """An operator signs in with a second factor and provisions the organization from a blueprint."""
    email, password, secret = OPERATOR
    story.house.manage("create_operator", email, "--password-stdin", "--totp-secret", secret, typed=password + "\n")
    page = story.pages["operator"] = story.arrive(story.house.operator + "/")
    page.fill("input[name=email]", email)
    page.fill("input[name=password]", password)
    page.locator("input[name=password]").press("Enter")
    page.fill("input[name=code]", current_code(secret, time.time()))
    page.locator("input[name=code]").press("Enter")
    page.wait_for_url("**/organizations/**")
    page.goto(story.house.operator + "/organizations/new/")
    page.fill("input[name=name]", story.name)
    page.fill("input[name=host]", f"{story.slug}.localhost")
    page.select_option("select[name=plan]", "enterprise")
    page.fill("input[name=owner_name]", "Olive Owner")
    page.fill("input[name=owner_email]", story.address("olive"))
    page.check(f"input[name=blueprint][value={story.blueprint}]", force=True)
    page.select_option("select[name=time_zone]", story.zone)
    page.select_option("select[name=currency]", story.currency)
    page.get_by_role("button", name="Provision").click()
    page.wait_for_url("**/provisioning/")
    expect(page.locator("main")).to_contain_text(story.name)
    page.goto(story.house.operator + "/organizations/")
    expect(page.locator("main")).to_contain_text(f"{story.slug}.localhost")
    page.context.close()


def accept_invitation(story: Story, who: str, *, zone: str = "", **options: object) -> Page:
    """The invitation's link, on the organization's own host; a password; the dashboard."""
    invitation = story.mail(who)
    link = next(link for link in invitation["links"] if "/invitations/" in link)
    assert link.startswith(story.home), link
    page = story.browser(who, link, zone=zone, **options)
    page.locator("input[type=password]").first.fill(PASSWORD)
    if zone:
        page.locator("select[name=time_zone]").select_option(zone, force=True)
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_url("**/dashboard/**")
    expect(page.locator("body")).to_contain_text(story.name)
    return page


def set_up(story: Story) -> None:
    """The owner: a service with its price, invoices at completion, an account for cards."""
    page = accept_invitation(story, "olive", zone=story.zone)
    page.goto(story.home + "/billing/services/new/")
    page.fill("input[name=name]", "First meeting")
    page.fill("input[name=price]", "80.00")
    page.fill("input[name=minutes]", "45")
    _submit(page)
    page.goto(story.home + "/billing/settings/")
    page.locator("input[name=invoice_at_completion]").check(force=True)
    _submit(page)
    page.goto(story.home + "/billing/settings/account/")
    page.get_by_role("button", name="Connect").click()
    page.wait_for_url(f"**127.0.0.1:{story.house.ports.payments}/**")
    page.get_by_role("button").first.click()
    page.wait_for_url(f"**{story.slug}.localhost**")
    expect(page.locator("main")).to_contain_text("acct_")


def add_people(story: Story) -> None:
    """The owner adds a practitioner, and a client with a guardian's login; a client without a time zone is refused."""
    page = story.pages["olive"]
    page.goto(story.home + "/people/staff/new/")
    page.fill("input[name=name]", "Tess Teller")
    page.fill("input[name=email]", story.address("tess"))
    page.locator("select[name=time_zone]").select_option(story.zone, force=True)
    page.check("input[name=role][value=practitioner]", force=True)
    _submit(page)
    page.goto(story.home + "/people/clients/new/")
    fill_client(page, story, zone="")
    _submit(page)
    expect(page.locator("main")).to_contain_text("Choose a time zone")
    fill_client(page, story, zone=story.guardian_zone)
    _submit(page)
    page.wait_for_url("**/people/clients/*-*/")
    story.facts["client"] = page.url.rstrip("/").rsplit("/", 1)[1]
    page.goto(page.url + "practitioners/")
    page.locator("main form").get_by_label("Tess Teller").check(force=True)
    _submit(page)  # shows what it means
    _submit(page)
    assert "Olive Owner" in story.mail("tess")["text"] + story.mail("tess")["html"]
    devices = ["camera", "microphone"]
    accept_invitation(story, "tess", zone=story.zone, permissions=devices)
    accept_invitation(
        story, "gus", zone=story.guardian_zone, permissions=devices, viewport={"width": 390, "height": 844}
    )


def fill_client(page: Page, story: Story, *, zone: str) -> None:
    """The form of a new client with a guardian. The browser's own zone is chosen beforehand: an empty one takes an act."""
    page.fill("input[name=first_name]", "Cleo")
    page.fill("input[name=last_name]", "Marten")
    page.locator("select[name=time_zone]").first.select_option(zone, force=True)
    page.locator("input[name$=email]").last.fill(story.address("gus"))
    page.locator("input[name$='-name'], input[name=login_name]").last.fill("Gus Marten")


def book(story: Story) -> None:
    """The practitioner books on the calendar; it stands in the grid; a clash is refused and nothing is lost."""
    starts = (
        (story.house.clock.now() + ANNOUNCED)
        .astimezone(ZoneInfo(story.zone))
        .replace(minute=0, second=0, microsecond=0)
    )
    story.starts_at = starts
    page = story.pages["tess"]
    page.goto(story.home + "/calendar/")
    page.locator("a[href*='/appointments/new/']").first.click()
    form = page.locator("dialog form, #sheet form").first
    form.locator("input[name=clients]").first.check(force=True)
    form.locator("select[name=service]").select_option(label="First meeting")
    form.locator("input[name=date]").fill(starts.strftime("%Y-%m-%d"))
    form.locator("input[name=time]").fill(starts.strftime("%H:%M"))
    form.locator("select[name=time_zone]").select_option(story.zone)
    form.get_by_role("button", name="Book", exact=True).click()
    expect(page.locator("body")).to_contain_text("Booked")
    expect(page.locator("practice-calendar")).to_contain_text("First meeting", timeout=15_000)


def read_invitation_to_appointment(story: Story) -> None:
    """The guardian sees it in their own zone, on the dashboard and by mail with a calendar file; the reminder comes a day before."""
    assert story.starts_at is not None
    theirs = story.starts_at.astimezone(ZoneInfo(story.guardian_zone))
    page = story.pages["gus"]
    page.goto(story.home + "/dashboard/")
    expect(page.locator("main")).to_contain_text("First meeting")
    expect(page.locator("main")).to_contain_text(_clock(theirs))
    booked = wait_for(lambda: with_attachment(story, "gus", ".ics"), page)
    story.wire.mail(story.house.mail.raw(booked["id"]))
    assert story.guardian_zone.split("/")[1].replace("_", " ") in booked["text"].replace("_", " ")
    story.house.clock.move(ANNOUNCED - timedelta(hours=23))
    reminder = wait_for(lambda: newer_than(story, "gus", booked), page)
    story.wire.mail(story.house.mail.raw(reminder["id"]))
    story.house.clock.move(story.starts_at - story.house.clock.now() - timedelta(minutes=5))


def complete(story: Story) -> None:
    """The practitioner says that it took place; the charge becomes an invoice with a document in the brand."""
    assert story.starts_at is not None
    story.house.clock.move(timedelta(minutes=55))
    page = story.pages["tess"]
    page.goto(f"{story.home}/appointments/{story.facts['appointment']}/completion/")
    _submit(page)
    expect(page.locator("main")).to_contain_text("Completed")


def pay(story: Story) -> None:
    """The guardian follows the link in the mail, and pays by card through the organization's own account; the receipt comes."""
    invoice = wait_for(lambda: about(story, "gus", "nvoice"), story.pages["gus"])
    story.wire.mail(story.house.mail.raw(invoice["id"]))
    page = story.pages["gus"]
    page.goto(next(link for link in invoice["links"] if "/billing/pay/" in link))
    expect(page.locator("main")).to_contain_text("80")
    page.get_by_role("button", name="Pay").click()
    page.wait_for_url("**/card/**")
    fields = page.frame_locator("iframe.stand-in")
    type_card(fields, "4000000000000002")
    page.locator("[data-part=submit]").press("Enter")  # because the frame's height may change under a pointer
    expect(page.locator("[data-part=error]")).not_to_be_empty(timeout=15_000)
    type_card(fields, "4242424242424242")
    page.locator("[data-part=submit]").press("Enter")
    expect(page.locator("main")).to_contain_text("your payment has arrived", timeout=30_000)
    receipt = wait_for(lambda: about(story, "gus", "eceipt"), page)
    story.wire.mail(story.house.mail.raw(receipt["id"]))
    text = story.wire.document(download(page, invoice_document(story)))
    assert story.name in text
    assert "Cleo Marten" in text


def type_card(fields, number: str) -> None:
    """Card number, date and code into the processor's own frame."""
    for label, value in (("Card number", number), ("Expiration date", "1240"), ("Security code", "123")):
        box = fields.get_by_label(label)
        box.fill("")
        box.press_sequentially(value)


def download(page: Page, address: str) -> bytes:
    """A file of the page's own host, fetched by the page, because only browsers resolve every name below localhost."""
    fetched = page.evaluate(
        """async (address) => Array.from(new Uint8Array(await (await fetch(address)).arrayBuffer()))""", address
    )
    return bytes(fetched)


def invoice_document(story: Story) -> str:
    found = story.house.inside(
        slugify(story.name), "from billing.models import Invoice\nanswer = str(Invoice.objects.get().pk)"
    )
    story.facts["invoice"] = str(found)
    return f"{story.home}/billing/invoices/{found}/document/"


def find_appointment(story: Story) -> None:
    """Its id, for addresses."""
    asked = "from core.scheduling.models import Appointment\nanswer = str(Appointment.objects.get().pk)"
    story.facts["appointment"] = str(story.house.inside(slugify(story.name), asked))


def wait_for(look: Callable[[], object], page: Page, *, seconds: int = 40):
    """Look again until there is something."""
    for _ in range(seconds * 2):
        found = look()
        if found:
            return found
        page.wait_for_timeout(500)
    raise AssertionError("it did not happen in time")


def with_attachment(story: Story, who: str, ending: str) -> dict | None:
    """The newest mail to somebody that brings a file with this ending."""
    for message in story.house.mail.messages(to=story.address(who)):
        whole = story.house.mail.whole(message["id"])
        if any(part["name"].endswith(ending) for part in whole["attachments"]):
            return whole
    return None


def about(story: Story, who: str, word: str) -> dict | None:
    """The newest mail to somebody whose subject holds the word; whether its document is in it is the organization's choice."""
    found = [message for message in story.house.mail.messages(to=story.address(who)) if word in message["subject"]]
    return story.house.mail.whole(found[0]["id"]) if found else None


def newer_than(story: Story, who: str, known: dict) -> dict | None:
    """The newest mail to somebody, if it came after the known one."""
    found = story.house.mail.messages(to=story.address(who))
    return found[0] if found and found[0]["id"] > known["id"] else None


def _clock(moment: datetime) -> re.Pattern[str]:
    """The time as a reader of either habit meets it: 22:00 or 10:00 PM."""
    half = "AM" if moment.hour < 12 else "PM"
    return re.compile(rf"{moment:%H:%M}|\b{moment.hour % 12 or 12}:{moment:%M}\s*{half}")


def _submit(page: Page) -> None:
    """Send the page's form and wait for its answer, because whoever goes on at once would break it off."""
    with page.expect_navigation():
        page.locator("main form button[type=submit]").last.click()
