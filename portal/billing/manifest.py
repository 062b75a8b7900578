"""Services, charges, invoices, payments."""

from billing.actions.disputes import tell_of_last_days
from billing.actions.evidence import KINDS, MOST_BYTES
from billing.audit_codes import BillingAudit
from billing.autopay.actions.charging import charge_what_is_due
from billing.autopay.actions.expiry import watch_expiry
from billing.autopay.audit_codes import AutopayAudit
from billing.autopay.messages import MESSAGES as AUTOPAY_MESSAGES
from billing.dispute_messages import MESSAGES as DISPUTE_MESSAGES
from billing.messages import MESSAGES
from billing.packages.actions.changes import expire_packages, tell_of_expiry
from billing.packages.audit_codes import PackagesAudit
from billing.packages.messages import MESSAGES as PACKAGES_MESSAGES
from billing.packages.reasons import PackageReason
from billing.permissions import DISPUTE_FILE, can_manage_billing
from billing.prepayments.audit_codes import PrepaymentsAudit
from billing.prepayments.messages import MESSAGES as PREPAYMENTS_MESSAGES
from billing.prepayments.reasons import PrepaymentReason
from billing.reasons import BillingReason, UnmailedReason
from billing.receivers import refuse_deletion_with_books
from billing.reconciliation.actions.comparing import compare_at_night
from billing.reconciliation.audit_codes import ReconciliationAudit
from billing.reconciliation.messages import MESSAGES as RECONCILIATION_MESSAGES
from billing.reminders.actions.reminding import remind_of_overdue
from billing.reminders.audit_codes import RemindersAudit
from billing.reminders.messages import MESSAGES as REMINDER_MESSAGES
from billing.wages.audit_codes import WagesAudit
from billing.wages.messages import MESSAGES as WAGES_MESSAGES
from billing.wages.reasons import WageReason
from core.files.purposes import Purpose
from core.people.roles import Permission
from portal.billing import client_panels, dashboard_cards
from portal.billing.base import can_open_billing
from portal.billing.message_previews import PREVIEWS
from portal.billing.setup_steps import STEPS
from portal.manifests import ClientPanel, DashboardCard, Manifest, NavigationEntry

MANIFEST = Manifest(
    app="billing",
    navigation=(NavigationEntry("billing:home", "receipt-text", 70, can_open_billing, term="invoice"),),
    client_panels=(
        ClientPanel(client_panels.invoices, "billing/_client_invoices.html", 30),
        ClientPanel(client_panels.packages, "billing/_client_packages.html", 31),
        ClientPanel(client_panels.prepayments, "billing/_client_prepayments.html", 32),
    ),
    dashboard_cards=(
        DashboardCard(dashboard_cards.to_pay, "billing/_to_pay.html", 50),
        DashboardCard(dashboard_cards.to_bill, "billing/_to_bill.html", 60),
        DashboardCard(dashboard_cards.own_wages, "billing/_own_wages.html", 65),
    ),
    deletion_guards=(refuse_deletion_with_books,),
    setup_steps=STEPS,
    upload_purposes=(Purpose(DISPUTE_FILE, may=can_manage_billing, kinds=KINDS, most_bytes=MOST_BYTES),),
    nightly_jobs=(
        charge_what_is_due,
        watch_expiry,
        compare_at_night,
        expire_packages,
        remind_of_overdue,
        tell_of_expiry,
        tell_of_last_days,
    ),
    audit_codes=(
        AutopayAudit,
        BillingAudit,
        PackagesAudit,
        PrepaymentsAudit,
        ReconciliationAudit,
        RemindersAudit,
        WagesAudit,
    ),
    reason_codes=(BillingReason, PackageReason, PrepaymentReason, UnmailedReason, WageReason),
    permissions=(Permission.MANAGE_BILLING, Permission.MANAGE_WAGES),
    messages=(
        *MESSAGES,
        *AUTOPAY_MESSAGES,
        *DISPUTE_MESSAGES,
        *PACKAGES_MESSAGES,
        *PREPAYMENTS_MESSAGES,
        *RECONCILIATION_MESSAGES,
        *REMINDER_MESSAGES,
        *WAGES_MESSAGES,
    ),
    message_previews=PREVIEWS,
    help={
        "billing:": ("pay", "receipts", "agents", "staff-invoices", "staff-refunds"),
        "billing:card": ("cards", "pay"),
        "billing:checkout": ("pay", "cards"),
        "billing:charge": ("staff-invoices", "staff-complete"),
        "billing:dispute": ("staff-disputes", "staff-refunds"),
        "billing:invoice-refund": ("staff-refunds", "staff-invoices"),
        "billing:invoice-credit": ("staff-refunds", "staff-invoices"),
        "billing:invoice-cancellation": ("staff-refunds", "staff-invoices"),
        "billing:credit": ("staff-refunds", "staff-invoices"),
        "billing:account": ("staff-invoices",),
        "billing:payer-c": ("staff-saved-cards", "staff-invoices"),
        "billing:reconciliation": ("staff-disputes", "staff-refunds"),
        "billing:difference": ("staff-disputes", "staff-refunds"),
        "billing:reminder": ("staff-refunds", "staff-invoices"),
        "billing:package": ("staff-packages", "packages", "pay"),
        "billing:autopay": ("staff-saved-cards", "cards"),
        "billing:prepay": ("staff-prepayments", "prepayments", "pay"),
        "billing:wage": ("staff-wages", "staff-complete"),
        "billing:payout": ("staff-wages",),
    },
)
