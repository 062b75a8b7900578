"""Practices with a session about to begin, and people who sign in to them."""

import re

PASSWORD = "correct horse battery"
# A practice with one practitioner, one client with a guardian's login, and an appointment that begins in five minutes.
PRACTICE = """
from datetime import timedelta
from branding.models import Brand
from core.kernel import clock
from core.people.models import Assignment, Client, LinkedLogin, StaffMember, User
from core.scheduling.actions import book_appointment
from sessions_live.actions import open_room
from sessions_live.models import LiveSettings

def login(name, zone):
    first = name.split()[0].lower()
    return User.objects.create_user(email=f"{first}@example.test", password="correct horse battery", name=name, time_zone=zone)

tess, gus, nell = login("Tess Moreau", "Europe/Berlin"), login("Gus Marten", "Europe/Lisbon"), login("Nell Marten", "Europe/Lisbon")
staff = StaffMember.objects.create(user=tess, role="practitioner")
mila = Client.objects.create(first_name="Mila", last_name="Marten", time_zone="Europe/Lisbon")
for guardian in (gus, nell):
    LinkedLogin.objects.create(user=guardian, client=mila, relationship=LinkedLogin.Relationship.GUARDIAN)
Assignment.objects.create(client=mila, practitioner=staff)
now = clock.now()
appointment = book_appointment(
    practitioner=staff, clients=[mila], starts_at=now + timedelta(minutes=5), ends_at=now + timedelta(minutes=50),
    time_zone="Europe/Berlin", service_name="Speech therapy", by=tess, now=now,
)
settings = LiveSettings.current()
settings.policy = POLICY
settings.save()
open_room(appointment, now=now)
answer = str(appointment.pk)
"""


def practice(served, slug, policy):
    """An organization of its own with an appointment about to begin: its address, and that of the room."""
    address = served.provision(slug, name="Harbour Practice")
    appointment = served.inside(slug, PRACTICE.replace("POLICY", repr(policy)))
    return address, f"{address}/live/{appointment}/"


def sign_in(page, address, email):
    page.goto(f"{address}/account/login/")
    page.fill('input[name="login"]', email)
    page.fill('input[name="password"]', PASSWORD)
    page.click('form button[type="submit"]')
    page.wait_for_url(re.compile(r"^(?!.*/account/login)"))
    return page


def take_out(page):
    """A host takes the only guest out, by the menu beside their name; the list of people is open."""
    row = page.locator('[data-live="people-list"] .live-person', has=page.locator(".menu__item", has_text="Remove"))
    row.locator("popup-menu > button").click()
    row.get_by_role("button", name="Remove").click()
