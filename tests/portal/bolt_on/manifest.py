"""What the bolt-on adds: one entry of every kind."""

from branding.rules.nouns import Noun
from core.kernel.audit import AuditCode, Tone
from core.kernel.reasons import ReasonCode
from core.notifications.messages import Channel, Message, Topic, Variable
from core.people.roles import Permission
from portal.manifests import (
    ClientPanel,
    ClientTab,
    DashboardCard,
    Manifest,
    NavigationEntry,
    SettingsGroup,
    SettingsPage,
)
from portal.panels import Panel
from portal.work_tabs import WorkTab

TEMPLATE = "settings/_no_preview.html"
NIGHTS = []


class RocketAudit(AuditCode):
    ROCKET_LAUNCHED = "rocket.launched", "Launched a rocket", "rocket", Tone.SUCCESS


class RocketReason(ReasonCode):
    NO_FUEL = "rocket.no_fuel", "There is no fuel."


LAUNCHED = Message(
    code="rocket_launched",
    channel=Channel.IN_APP,
    topic=Topic.WORK,
    name="Launched",
    about="To everybody at the pad.",
    subject="{{ rocket }} is on its way",
    own_variables=(Variable("rocket", "Which rocket", "Saturn"),),
)


def launch(*, now):
    NIGHTS.append(now)


MANIFEST = Manifest(
    app="rockets",
    navigation=(NavigationEntry("notifications:list", "rocket", 80, lambda user: True, term="rocket"),),
    settings_pages=(
        SettingsPage(
            "recording_settings:recording", "Launch pads", 80, Permission.MANAGE_ORGANIZATION, SettingsGroup.PRACTICE
        ),
    ),
    client_tabs=(ClientTab("people:client_change", 20, lambda user, client: True, label="Flights"),),
    client_panels=(ClientPanel(lambda request, client: Panel(TEMPLATE, {"message": f"{client} flies"}), TEMPLATE, 90),),
    dashboard_cards=(DashboardCard(lambda request: Panel(TEMPLATE, {"message": "Ready to launch"}), TEMPLATE, 90),),
    work_tabs=(
        WorkTab(
            "rocket",
            "rocket",
            90,
            "js/texts.js",
            lambda visitor: visitor.is_host,
            term="rocket",
            template=TEMPLATE,
            facts=lambda visitor: {"room": visitor.room.pk, "quotes": "\"'<b>"},
        ),
    ),
    deletion_guards=(lambda client: f"{client} is in orbit.",),
    audit_codes=(RocketAudit,),
    reason_codes=(RocketReason,),
    permissions=(Permission.MANAGE_ORGANIZATION,),
    vocabulary={"rocket": {"neutral": {language: Noun("rocket", "rockets") for language in ("en", "de", "es", "fr")}}},
    messages=(LAUNCHED,),
    nightly_jobs=(launch,),
)
