"""What an owner decides about the organization: brand, messages; and what was sent and done."""

from django.utils.translation import gettext_lazy as _

from branding.actions.upkeep import nightly as tidy_brand
from branding.audit_codes import BrandingAudit
from branding.senders.actions import nightly as watch_sender
from branding.senders.audit_codes import SendersAudit
from branding.senders.reasons import SenderReason
from core.kernel.sent_forms import forget_old
from core.notifications.audit_codes import NotificationsAudit
from core.notifications.push_messages import PUSH_MESSAGES
from core.notifications.reasons import DeliveryReason
from core.notifications.sender_messages import SENDER_MESSAGES
from core.notifications.text_templates import TEXT_TEMPLATES
from core.people.roles import Permission
from portal.broken_off import tell_of_broken_off
from portal.manifests import Manifest, NavigationEntry, SettingsGroup, SettingsPage
from portal.settings.setup_steps import STEPS
from portal.settings_pages import first_page_of, settings_pages_of
from tenants.audit_codes import DomainAudit, PlanAudit

MANIFEST = Manifest(
    app="settings",
    navigation=(
        NavigationEntry(
            "settings:brand",
            "settings",
            90,
            lambda user: bool(settings_pages_of(user)),
            label=_("Settings"),
            entrance=first_page_of,
        ),
    ),
    settings_pages=(
        SettingsPage("settings:brand", _("Brand"), 10, Permission.MANAGE_ORGANIZATION, SettingsGroup.LOOK),
        SettingsPage("settings:branches", _("Branches"), 17, Permission.MANAGE_ORGANIZATION, SettingsGroup.LOOK),
        SettingsPage("settings:details", _("Details"), 12, Permission.MANAGE_ORGANIZATION, SettingsGroup.PRACTICE),
        SettingsPage("settings:domains", _("Web address"), 20, Permission.MANAGE_HOSTS, SettingsGroup.REACH),
        SettingsPage("settings:sender", _("Sender"), 40, Permission.MANAGE_SENDER, SettingsGroup.REACH),
        SettingsPage("settings:words", _("Words"), 15, Permission.MANAGE_ORGANIZATION, SettingsGroup.LOOK),
        SettingsPage("settings:channels", _("Channels"), 45, Permission.MANAGE_ORGANIZATION, SettingsGroup.REACH),
        SettingsPage("settings:texts", _("Text messages"), 47, Permission.MANAGE_ORGANIZATION, SettingsGroup.REACH),
        SettingsPage("settings:messages", _("Messages"), 50, Permission.MANAGE_ORGANIZATION, SettingsGroup.LOOK),
        SettingsPage("settings:deliveries", _("Sent mail"), 60, Permission.MANAGE_CLIENTS, SettingsGroup.REACH),
        SettingsPage("settings:plan", _("Plan"), 80, Permission.MANAGE_ORGANIZATION, SettingsGroup.OVERSIGHT),
        SettingsPage(
            "settings:safeguards", _("Sign-in and safety"), 65, Permission.MANAGE_ORGANIZATION, SettingsGroup.OVERSIGHT
        ),
        SettingsPage("settings:audit", _("Audit"), 70, Permission.SEE_AUDIT, SettingsGroup.OVERSIGHT),
    ),
    setup_steps=STEPS,
    audit_codes=(BrandingAudit, SendersAudit, NotificationsAudit, DomainAudit, PlanAudit),
    reason_codes=(SenderReason, DeliveryReason),
    permissions=(
        Permission.MANAGE_ORGANIZATION,
        Permission.MANAGE_HOSTS,
        Permission.MANAGE_SENDER,
        Permission.SEE_AUDIT,
    ),
    messages=(*SENDER_MESSAGES, *PUSH_MESSAGES, *TEXT_TEMPLATES),
    nightly_jobs=(tell_of_broken_off, forget_old, watch_sender, tidy_brand),
    help={
        "settings:": ("staff-brand", "staff-words", "staff-messages"),
        "settings:brand": ("staff-brand", "staff-words"),
        "settings:branch": ("staff-branches", "staff-brand", "staff-web-address"),
        "settings:words": ("staff-words", "staff-messages"),
        "settings:message": ("staff-messages", "staff-words"),
        "settings:texts": ("staff-text-messages", "staff-channels", "staff-messages"),
        "settings:channels": ("staff-channels", "channels", "staff-messages"),
        "settings:domain": ("staff-web-address", "certificate"),
        "settings:sender": ("staff-sender", "mail"),
        "settings:deliver": ("staff-messages", "staff-sender", "mail"),
        "settings:missing_mail": ("mail", "staff-sender"),
        "settings:safeguards": ("staff-safeguards", "two-factor"),
        "settings:audit": ("staff-audit", "staff-roles"),
    },
)
