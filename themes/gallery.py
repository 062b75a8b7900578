"""Sample people and figures for the gallery. Nothing here is anybody's."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

from django import forms
from django.core.paginator import Paginator

from branding.rules.palette import TONES, BrandFacts
from core.kernel.money import Money

SAMPLE_BRAND = BrandFacts("#1f6f63", accent="#e8a33d", heading_font="Figtree", body_font="Figtree")
# What `?sample=` asks for → the template that shows it.
SAMPLES = {
    "index": "gallery/index.html",
    "dashboard": "gallery/dashboard.html",
    "sign-in": "gallery/sign-in.html",
    "public": "gallery/public.html",
    "live": "gallery/live.html",
    "operator": "gallery/operator.html",
    "notice": "gallery/notice.html",
}
MORNING = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
ZONE = "Europe/Berlin"
_DAY = (
    (0, 45, "Mila Brandt", "Speech therapy", "Confirmed", "success"),
    (60, 30, "Jonas Okafor", "First consultation", "Waiting", "warning"),
    (105, 45, "Leni Castellanos", "Speech therapy", "Confirmed", "success"),
    (240, 60, "Theo Lindqvist", "Assessment", "Unconfirmed", "neutral"),
)


class SampleForm(forms.Form):
    """One field of each kind."""

    name = forms.CharField(label="Full name", help_text="As it should stand on documents.")
    email = forms.EmailField(label="Email address")
    zone = forms.ChoiceField(label="Time zone", choices=[("b", "Europe/Berlin"), ("n", "America/New_York")])
    born_on = forms.DateField(label="Date of birth", required=False, widget=forms.DateInput(attrs={"type": "date"}))
    rate = forms.DecimalField(label="Rate", required=False)
    contact = forms.ChoiceField(
        label="Preferred contact", widget=forms.RadioSelect, choices=[("e", "Email"), ("s", "Text message")]
    )
    note = forms.CharField(label="Note", required=False, widget=forms.Textarea)
    report = forms.FileField(label="Report", required=False, help_text="PDF or image, up to 20 MB.")
    agreed = forms.BooleanField(label="May be reminded by text message", required=False)


def sample_context(sample: str, path: str) -> dict[str, Any]:
    """Everything the gallery's templates show. `path` is the gallery's own address."""
    return {
        "organization": SimpleNamespace(name="Harbour Practice"),
        "navigation": _navigation(path, sample),
        "public_navigation": [{"label": "Our team", "url": "#team"}, {"label": "Help", "url": "#help"}],
        "user": SimpleNamespace(
            is_authenticated=sample != "public", get_full_name="Nora Winter", email="nora@harbour.test", time_zone=ZONE
        ),
        "user_menu": [{"label": "Your profile", "url": "#", "icon": "user-round"},
                      {"label": "Preferences", "url": "#", "icon": "settings"},
                      {"label": "Sign out", "url": "#", "icon": "log-out"}],
        "notifications_url": "#notifications", "unread_count": 3, "sign_in_url": "#sign-in", "zone": ZONE,
        "brand": SimpleNamespace(sign_in_title="Good to see you again."),
        **_figures(), **_forms(),
    }  # fmt: skip


def _navigation(path: str, sample: str) -> list[dict[str, Any]]:
    pages = (
        ("index", "Components", "layout-grid", ""), ("dashboard", "Dashboard", "layout-dashboard", ""),
        ("sign-in", "Sign-in", "log-in", "Layouts"), ("public", "Public page", "globe", "Layouts"),
        ("live", "Live room", "video", "Layouts"), ("operator", "Console", "server", "Layouts"),
        ("notice", "Notice", "info", "Layouts"),
    )  # fmt: skip
    return [
        {"label": label, "url": f"{path}?sample={name}", "icon": icon, "group": group, "current": name == sample,
         "badge": 4 if name == "dashboard" else ""}
        for name, label, icon, group in pages
    ]  # fmt: skip


def _forms() -> dict[str, Any]:
    wrong = SampleForm({"name": "", "email": "nora@", "zone": "b", "contact": "e", "agreed": "on"})
    wrong.is_valid()
    return {"form": SampleForm(prefix="ok"), "wrong_form": wrong}


def _figures() -> dict[str, Any]:
    return {
        "morning": MORNING,
        "period": {"first": MORNING.date(), "last": None},
        "soon": datetime.now(UTC) + timedelta(hours=2),
        "later": MORNING + timedelta(minutes=45),
        "price": Money(8500, "EUR"),
        "tones": range(1, len(TONES) + 1),
        "day": [
            {"starts_at": MORNING + timedelta(minutes=start), "ends_at": MORNING + timedelta(minutes=start + length),
             "client": client, "service": service, "state": state, "tone": tone}
            for start, length, client, service, state, tone in _DAY
        ],
        "invoices": [
            {"number": "2026-0412", "client": "Mila Brandt", "due": "28 Nov", "total": Money(17000, "EUR"),
             "state": "Paid", "tone": "success"},
            {"number": "2026-0411", "client": "Jonas Okafor", "due": "25 Nov", "total": Money(8500, "EUR"),
             "state": "Open", "tone": "info"},
            {"number": "2026-0398", "client": "Theo Lindqvist", "due": "12 Nov", "total": Money(25500, "EUR"),
             "state": "Overdue", "tone": "danger"},
        ],
        "tabs": [{"label": "Overview", "url": "#", "current": True}, {"label": "Appointments", "url": "#", "count": 12},
                 {"label": "Records", "url": "#"}, {"label": "Billing", "url": "#", "count": 2}],
        "views": [{"label": "Day", "url": "#"}, {"label": "Week", "url": "#", "current": True},
                  {"label": "Month", "url": "#"}],
        "crumbs": [{"label": "Clients", "url": "#"}, {"label": "Mila Brandt", "url": "#"}, {"label": "Goals"}],
        "steps": [{"label": "Details", "state": "done", "url": "#"}, {"label": "Guardian", "state": "current"},
                  {"label": "Invitation", "state": "todo"}],
        "facts": [("Time zone", ZONE), ("Guardian", "Gus Brandt"), ("Practitioner", "Tess Moreau"),
                  ("Since", "March 2025")],
        "page": Paginator(range(128), 25).page(2),
    }  # fmt: skip
