"""Enquiries as templates show them."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse

from core.enquiries.models import Enquiry

TONES = {"new": "info", "answered": "success", "archived": "neutral"}


def badge_of(enquiry: Enquiry) -> dict[str, str]:
    """Its state in words and colour."""
    return {"label": enquiry.get_state_display(), "tone": TONES[enquiry.state]}


def rows_of(enquiries: Iterable[Enquiry]) -> list[dict[str, Any]]:
    """As they stand in a list."""
    return [
        {"enquiry": each, "badge": badge_of(each), "url": reverse("enquiries:enquiry", args=[each.pk])}
        for each in enquiries
    ]
