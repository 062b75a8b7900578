"""Notes about clients, their goals, scores and files."""

from django.utils.translation import gettext_lazy as _

from core.files.purposes import Purpose
from core.people.roles import Permission
from core.records.actions import forget_unwritten
from core.records.audit_codes import RecordsAudit
from core.records.deletion_guards import (
    files_stand_in_the_way,
    goals_stand_in_the_way,
    notes_stand_in_the_way,
    scores_stand_in_the_way,
)
from core.records.messages import MESSAGES
from core.records.permissions import CLIENT_FILE, can_bring_any_file
from portal.manifests import ClientPanel, ClientTab, DashboardCard, Manifest, SettingsGroup, SettingsPage
from portal.records import beside, files_beside, panels, scores_beside
from portal.work_tabs import WorkTab

MANIFEST = Manifest(
    app="records",
    settings_pages=(
        SettingsPage(
            "note_templates:list", _("Templates for notes"), 45, Permission.SEE_ALL_RECORDS, SettingsGroup.PRACTICE
        ),
    ),
    client_tabs=(
        ClientTab("notes:list", 20, panels.reads_records, label=_("Notes")),
        ClientTab("goals:list", 30, panels.reads_records, label=_("Goals")),
        ClientTab("scores:list", 35, panels.reads_records, label=_("Scores")),
        ClientTab("client_files:list", 40, panels.reads_records, label=_("Files")),
    ),
    client_panels=(ClientPanel(panels.latest_notes, "records/_latest.html", 15),),
    dashboard_cards=(
        DashboardCard(panels.shared_with_me, "records/_shared_panel.html", 27),
        DashboardCard(panels.to_sign, "records/_to_sign.html", 40),
    ),
    work_tabs=(
        WorkTab(
            "records",
            "notebook-pen",
            30,
            "js/records/room-tab.js",
            beside.has_records_of,
            label=_("Notes and goals"),
            template="records/_work_tab.html",
            facts=beside.facts_of_room,
            is_private=True,
        ),
        WorkTab(
            "scores",
            "chart-line",
            35,
            "js/records/scores-tab.js",
            beside.has_records_of,
            label=_("Scores"),
            template="records/_scores_tab.html",
            facts=scores_beside.facts_of_room,
            is_private=True,
        ),
        WorkTab(
            "files",
            "files",
            40,
            "js/records/files-tab.js",
            files_beside.sees_files,
            label=_("Files"),
            template="records/_files_tab.html",
            facts=files_beside.facts_of_room,
            is_private=True,
        ),
    ),
    deletion_guards=(
        notes_stand_in_the_way,
        goals_stand_in_the_way,
        files_stand_in_the_way,
        scores_stand_in_the_way,
    ),
    upload_purposes=(Purpose(CLIENT_FILE, may=can_bring_any_file),),
    nightly_jobs=(forget_unwritten,),
    audit_codes=(RecordsAudit,),
    permissions=(Permission.KEEP_RECORDS, Permission.SEE_ALL_RECORDS),
    messages=MESSAGES,
    help={
        "notes:": ("staff-notes", "shared-notes"),
        "note_templates:": ("staff-notes",),
        "client_files:": ("staff-notes", "shared-notes"),
        "goals:": ("staff-notes", "shared-notes"),
        "scores:": ("staff-notes", "shared-notes"),
    },
)
