from django.apps import AppConfig
from django.utils.module_loading import import_string

AUDIT_CODES = [
    "branding.audit_codes.BrandingAudit",
    "core.people.audit_codes.PeopleAudit",
    "core.scheduling.audit_codes.SchedulingAudit",
    "billing.audit_codes.BillingAudit",
    "sessions_live.audit_codes.LiveAudit",
    "portal.account.audit_codes.AccountAudit",
    "core.pages.audit_codes.PagesAudit",
]


class PortalConfig(AppConfig):
    name = "portal"

    def ready(self) -> None:
        from core.kernel import audit  # because models can be imported only once the apps are there

        for codes in AUDIT_CODES:
            audit.register(import_string(codes))
