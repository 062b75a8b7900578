"""The hours of a week in a real Chromium: a window that is copied to another day keeps what it is for."""

import re

import pytest
from django.urls import reverse

from billing.models import Service
from core.scheduling.models import WorkingHours
from tenants.context import organization_context

pytestmark = pytest.mark.journey


def test_copied_window_keeps_a_service_that_is_not_offered_any_more(practice, open_as):
    with organization_context(practice.organization):
        staff = practice.tara.staff
        gone = Service.objects.create(name="Gone", amount=1000, currency="EUR", minutes=30, is_active=False)
        Service.objects.create(name="There", amount=1000, currency="EUR", minutes=30)
        WorkingHours.objects.filter(practitioner=staff).delete()
        WorkingHours.objects.create(practitioner=staff, weekday=0, starts=540, ends=720, service_ids=[gone.pk])
    page = open_as(practice.tara, reverse("scheduling:hours", args=[staff.pk]))
    day = page.locator("[data-day=day_0]")
    summary = day.locator("summary")
    assert summary.evaluate("one => getComputedStyle(one.parentElement).backgroundColor") == "rgba(0, 0, 0, 0)"
    summary.click()
    day.locator("[data-to=day_1]").check()
    day.locator("[data-copy]").click()
    page.locator("form:has([data-day]) [type=submit]").last.click()
    page.get_by_text(re.compile("What is booked already stays")).first.wait_for()
    with organization_context(practice.organization):
        kept = WorkingHours.objects.filter(practitioner=staff).values_list("weekday", "service_ids")
        assert list(kept) == [(0, [gone.pk]), (1, [gone.pk])]
