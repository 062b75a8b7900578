"""Paths of an organization's pages are the same from whatever host they are asked for."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.urls import get_urlconf, set_urlconf

from core.kernel import clock, outbox
from core.kernel.models import OutboxMessage
from core.notifications.models import Notice
from core.people import notifications
from tests.factories.scheduling import book

ROOT = Path(__file__).resolve().parents[2]
BELOW_THE_PAGES = ("core", "billing", "branding", "sessions_live", "tenants")


@pytest.fixture
def operators_host():
    """The host of webhooks and the console, which knows no page of an organization."""
    before = get_urlconf()
    set_urlconf(settings.OPERATOR_URLCONF)
    yield
    set_urlconf(before)


def test_news_of_an_appointment_lead_to_its_page(cast, operators_host, mailoutbox):
    appointment = book(cast)
    while outbox.deliver_due():
        pass

    assert not OutboxMessage.objects.filter(failures__gt=0).exists()
    assert Notice.objects.filter(path=f"/appointments/{appointment.pk}/").exists()
    assert any(f"/appointments/{appointment.pk}/" in mail.body for mail in mailoutbox)


def test_who_asks_for_an_invitation_is_shown_where_they_are_let_in(cast, operators_host):
    notifications.invitation_requested(cast.gus, now=clock.now())

    assert {notice.path for notice in Notice.objects.all()} == {f"/people/logins/{cast.gus.pk}/"}


def test_mails_of_the_sign_in_carry_links_of_the_organization(cast, operators_host, mailoutbox):
    notifications.password_reset_requested(cast.gus)
    notifications.security_changed(cast.gus, event="password_changed", address="")
    while outbox.deliver_due():
        pass

    assert not OutboxMessage.objects.filter(failures__gt=0).exists()
    assert len(mailoutbox) == 2


@pytest.mark.unit
def test_nothing_below_the_pages_asks_for_a_path_by_the_present_request():
    modules = (path for app in BELOW_THE_PAGES for path in (ROOT / app).rglob("*.py"))
    found = [path for path in modules if re.search(r"^from django.urls import .*\breverse\b", path.read_text(), re.M)]

    assert [path.relative_to(ROOT).as_posix() for path in found] == ["tenants/absolute_urls.py"]
