"""Each app's manifest is all that the portal knows of it; a bolt-on app with one is an app like any other."""

import copy
from dataclasses import replace
from datetime import timedelta

import pytest
from django.core.exceptions import ImproperlyConfigured

from branding.rules import nouns
from core.kernel import audit, clock, reasons
from core.notifications import messages
from core.notifications.messages import Channel, Message, Topic, Variable
from core.people import deletion
from portal import checks, manifests
from portal.manifests import ClientTab, DashboardCard, Manifest, NavigationEntry, SettingsGroup, SettingsPage
from portal.work_tabs import WorkTab
from tenants import nightly_jobs
from tests.factories.scheduling import book
from tests.portal.bolt_on import manifest as bolt_on


@pytest.fixture(autouse=True)
def _as_before(monkeypatch):
    """What a test registers is gone after it."""
    for module, name in (
        (manifests, "_manifests"), (messages, "_made"), (messages, "_registered"),
        (audit, "_codes"), (reasons, "_codes"), (deletion, "guards"), (nightly_jobs, "_jobs"), (nightly_jobs, "_long_jobs"), (nouns, "PRESETS"),
    ):  # fmt: skip
        monkeypatch.setattr(module, name, copy.copy(getattr(module, name)))
    messages._made[:] = [message for message in messages.made() if message in messages.registered()]
    for preset, languages in nouns.PRESETS.items():
        nouns.PRESETS[preset] = {language: dict(known) for language, known in languages.items()}
    monkeypatch.setattr("branding.rules.vocabulary.PRESETS", nouns.PRESETS)


def _message(code, *own_variables, subject="Sunk"):
    return Message(
        code=code,
        channel=Channel.IN_APP,
        topic=Topic.WORK,
        name="Sunk",
        about="To everybody on board.",
        subject=subject,
        own_variables=own_variables,
    )


@pytest.fixture
def rockets():
    manifests.register(bolt_on.MANIFEST)


def test_app_with_a_manifest_is_found():
    found = list(manifests.manifest_modules(["wagtail.admin", "tests.portal.bolt_on"]))

    assert "tests.portal.bolt_on.manifest" in found and "portal.scheduling.manifest" in found
    assert "wagtail.admin.manifest" not in found


def test_manifests_of_the_apps_are_whole():
    assert {manifest.app for manifest in manifests.registered()} >= {
        "people",
        "scheduling",
        "billing",
        "live",
        "settings",
    }
    assert checks.manifests_are_whole() == []


def test_bolt_on_is_in_navigation_settings_dashboard_and_on_a_clients_page(rockets, cast, visit):
    browser, client = visit(cast.nora), f"/people/clients/{cast.cleo.pk}/"

    home = browser.get("/dashboard/")
    assert [entry["label"] for entry in home.context["navigation"]][-2:] == ["Rockets", "Settings"]
    assert {"message": "Ready to launch"} in [panel.context for panel in home.context["panels"]]
    assert "Launch pads" in [
        page["label"] for group in browser.get("/settings/").context["settings_menu"] for page in group["pages"]
    ]
    assert "Flights" in browser.get(client).content.decode()
    panels = browser.get(f"{client}panels/").context["panels"]
    assert {"message": "Cleo Marten flies"} in [panel.context for panel in panels]


@pytest.mark.parametrize(("who", "has"), [("tess", True), ("gus", False)])
def test_bolt_on_stands_beside_the_pictures_of_a_session_for_whom_it_says(rockets, cast, visit, who, has):
    starts_at = clock.now() + timedelta(minutes=5)
    appointment = book(cast, at=starts_at)

    page = visit(getattr(cast, who)).get(f"/live/{appointment.pk}/").content.decode()

    assert ('data-tab="rocket"' in page) is has
    if has:
        assert (
            'data-facts="{&quot;room&quot;: ' in page and "<b>" not in page.split('data-tab="rocket"')[1].split(">")[0]
        )
        assert "/static/js/texts" in page.split('data-tab="rocket"')[1].split(">")[0]


def test_bolt_on_guards_clients_and_works_at_night(rockets, cast):
    nightly_jobs.run(now=(now := clock.now()))

    assert bolt_on.NIGHTS.pop() == now
    assert f"{cast.cleo} is in orbit." in deletion.reasons_against_deleting(cast.cleo)


@pytest.mark.parametrize(
    "other",
    [
        Manifest(app="rockets"),
        replace(bolt_on.MANIFEST, app="boats", audit_codes=(), reason_codes=()),
        Manifest(app="boats", audit_codes=(audit.AuditCode("RocketAudit", {"ONE": ("rocket.launched", "Launched")}),)),
        Manifest(app="boats", reason_codes=(reasons.ReasonCode("BoatReason", {"ONE": ("rocket.no_fuel", "Empty.")}),)),
        Manifest(app="boats", messages=(bolt_on.LAUNCHED,)),
    ],
    ids=["app", "term", "audit code", "reason", "message"],
)
def test_what_two_apps_have_alike_stops_the_start(rockets, other):
    with pytest.raises(ImproperlyConfigured):
        manifests.register(other)


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        (Manifest("boats", navigation=(NavigationEntry("boats:list", "circle", 1, bool),)), "portal.E001"),
        (Manifest("boats", client_tabs=(ClientTab("people:boats", 1, bool),)), "portal.E001"),
        (Manifest("boats", dashboard_cards=(DashboardCard(bool, "boats/_card.html", 1),)), "portal.E002"),
        (Manifest("boats", work_tabs=(WorkTab("sail", "circle", 1, "js/none.js", bool),)), "portal.E009"),
        (Manifest("boats", work_tabs=(WorkTab("sail", "circle", 1, "js/dom.js", bool),) * 2), "portal.E010"),
        (
            Manifest("boats", work_tabs=(WorkTab("sail", "circle", 1, "js/dom.js", bool, template="b.html"),)),
            "portal.E002",
        ),
        (Manifest("boats", messages=(_message("boat_sunk", subject=""),)), "portal.E006"),
        (Manifest("boats", messages=(_message("boat_sunk", Variable("boat", "Which boat")),)), "portal.E007"),
        (
            Manifest(
                "boats", settings_pages=(SettingsPage("live_settings:live", "", 1, "sail", SettingsGroup.PRACTICE),)
            ),
            "portal.E003",
        ),
        (
            Manifest(
                "boats",
                settings_pages=(SettingsPage("live_settings:live", "", 1, "see_audit", SettingsGroup.PRACTICE),),
            ),
            "portal.E004",
        ),
    ],
)
def test_what_a_page_would_trip_over_is_a_system_check(wrong, error):
    manifests.register(wrong)

    assert error in {found.id for found in checks.manifests_are_whole()}


def test_message_that_is_in_no_manifest_is_a_system_check():
    made = _message("boat_sunk")

    (error,) = [found for found in checks.manifests_are_whole() if found.id == "portal.E005"]
    assert str(made) in error.msg
