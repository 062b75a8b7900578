"""The calendar and its appointments."""

from django.utils.translation import gettext_lazy as _

from core.people.roles import Permission
from core.scheduling.actions import make_dates_ahead, read_forgotten_calendars
from core.scheduling.audit_codes import SchedulingAudit
from core.scheduling.completion_messages import MESSAGES as COMPLETION_MESSAGES
from core.scheduling.completion_reminders import promise_completion_reminders
from core.scheduling.delay_messages import MESSAGES as DELAY_MESSAGES
from core.scheduling.deletion_guards import appointments_stand_in_the_way
from core.scheduling.messages import MESSAGES
from core.scheduling.reasons import ExternalReason, UntoldReason
from core.scheduling.reminder_messages import REMINDER_MESSAGES
from core.scheduling.series_messages import MESSAGES as SERIES_MESSAGES
from core.scheduling.text_templates import TEXT_TEMPLATES
from portal.manifests import ClientPanel, DashboardCard, Manifest, NavigationEntry, SettingsGroup, SettingsPage
from portal.navigation import everybody
from portal.scheduling import client_panels, dashboard_cards, work_tabs
from portal.scheduling.message_previews import PREVIEWS
from portal.scheduling.setup_steps import STEPS

MANIFEST = Manifest(
    app="scheduling",
    navigation=(
        NavigationEntry("scheduling:calendar", "calendar-days", 20, everybody, label=_("Calendar")),
        NavigationEntry("scheduling:list", "calendar-check", 30, everybody, term="appointment"),
    ),
    settings_pages=(
        SettingsPage(
            "scheduling_settings:policy",
            _("Cancelling and completing"),
            30,
            Permission.MANAGE_BILLING,
            SettingsGroup.PRACTICE,
        ),
        SettingsPage(
            "scheduling_settings:resources",
            _("Rooms and equipment"),
            32,
            Permission.MANAGE_ALL_SCHEDULES,
            SettingsGroup.PRACTICE,
        ),
        SettingsPage(
            "scheduling_settings:reminders",
            _("Reminders"),
            33,
            Permission.MANAGE_ALL_SCHEDULES,
            SettingsGroup.PRACTICE,
        ),
        SettingsPage(
            "scheduling_settings:closures",
            _("Closed days"),
            34,
            Permission.MANAGE_ALL_SCHEDULES,
            SettingsGroup.PRACTICE,
        ),
    ),
    client_panels=(
        ClientPanel(client_panels.appointments, "scheduling/_client_appointments.html", 10),
        ClientPanel(client_panels.availability, "scheduling/_client_availability.html", 12),
    ),
    dashboard_cards=(
        DashboardCard(dashboard_cards.upcoming, "scheduling/_upcoming.html", 20),
        DashboardCard(dashboard_cards.to_complete, "scheduling/_to_complete.html", 30),
        DashboardCard(dashboard_cards.past, "scheduling/_past.html", 40),
    ),
    setup_steps=STEPS,
    work_tabs=work_tabs.TABS,
    deletion_guards=(appointments_stand_in_the_way,),
    audit_codes=(SchedulingAudit,),
    reason_codes=(ExternalReason, UntoldReason),
    permissions=(Permission.MANAGE_ALL_SCHEDULES, Permission.OWN_SCHEDULE),
    messages=(*MESSAGES, *DELAY_MESSAGES, *COMPLETION_MESSAGES, *REMINDER_MESSAGES, *SERIES_MESSAGES, *TEXT_TEMPLATES),
    nightly_jobs=(make_dates_ahead, promise_completion_reminders, read_forgotten_calendars),
    message_previews=PREVIEWS,
    help={
        "scheduling:": ("appointments", "cancel", "staff-book", "staff-cancel", "times"),
        "scheduling:calendar": ("appointments", "calendar-programs", "times", "staff-book", "staff-cancel"),
        "scheduling:cancellation": ("cancel", "staff-cancel"),
        "scheduling:completion": ("staff-complete", "staff-invoices"),
        "scheduling:series": ("staff-series", "staff-book", "staff-cancel"),
        "scheduling:new_series": ("staff-series", "staff-book"),
        "scheduling:external": ("staff-other-calendars", "staff-book"),
        "scheduling:feed": ("calendar-programs", "times", "appointments"),
        "scheduling:client_availability": ("when-you-can-come", "times", "appointments"),
        "scheduling:pairing": ("staff-coverage", "staff-book", "when-you-can-come"),
        "scheduling:coverage": ("staff-coverage", "staff-book", "when-you-can-come"),
        "scheduling:own_availability": ("when-you-can-come", "times", "appointments"),
        "scheduling:to_complete": ("staff-complete", "staff-invoices"),
        "scheduling:own_reminders": ("appointments", "channels", "times", "mail"),
        "scheduling_settings:reminders": ("appointments", "staff-channels", "staff-messages"),
        "scheduling_settings:": ("staff-cancel", "staff-complete", "cancel"),
    },
)
