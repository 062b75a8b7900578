"""Forms that clients fill in."""

from django.utils.translation import gettext_lazy as _

from core.files.purposes import Purpose
from core.people.roles import Permission
from core.records.questionnaires.actions import remind_of_what_is_due
from core.records.questionnaires.audit_codes import QuestionnaireAudit
from core.records.questionnaires.deletion_guards import forms_stand_in_the_way
from core.records.questionnaires.messages import MESSAGES
from core.records.questionnaires.permissions import RESPONSE_FILE, can_answer_any, can_send_forms
from portal.manifests import ClientTab, DashboardCard, Manifest, NavigationEntry
from portal.questionnaires import panels

MANIFEST = Manifest(
    app="questionnaires",
    navigation=(
        NavigationEntry(
            "questionnaires:forms", "clipboard-list", 41, can_send_forms, label=_("Forms"), entrance=panels.first_list
        ),
    ),
    client_tabs=(ClientTab("questionnaires:list", 25, panels.sees_forms, label=_("Forms")),),
    dashboard_cards=(DashboardCard(panels.to_fill_in, "questionnaires/_mine_panel.html", 24),),
    deletion_guards=(forms_stand_in_the_way,),
    upload_purposes=(Purpose(RESPONSE_FILE, may=can_answer_any),),
    nightly_jobs=(remind_of_what_is_due,),
    audit_codes=(QuestionnaireAudit,),
    permissions=(Permission.SEE_ALL_RECORDS,),
    messages=MESSAGES,
    help={"questionnaires:": ("staff-forms", "fill-in-forms")},
)
