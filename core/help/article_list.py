"""Which categories and articles the product brings, in the order in which they are listed."""

from dataclasses import dataclass
from datetime import date

from core.kernel.translation import gettext_noop


@dataclass(frozen=True, slots=True)
class StarterCategory:
    """A shelf. `name` and `about` are msgids; `for_staff`: only who works here sees it."""

    code: str
    name: str
    about: str
    icon: str
    for_staff: bool = False


@dataclass(frozen=True, slots=True)
class Starter:
    """An article. `related` are read next; `needs` names a fact without which it says nothing of use here; `updated_on`: when what it says
    was changed.
    """

    slug: str
    category: str
    related: tuple[str, ...] = ()
    needs: str = ""
    updated_on: date = date(2026, 11, 30)


CATEGORIES = (
    StarterCategory(
        "start", gettext_noop("First steps"), gettext_noop("Getting in, and getting our messages."), "rocket"
    ),
    StarterCategory(
        "online",
        gettext_noop("%(Sessions)s online"),
        gettext_noop("Joining, camera and microphone, and what to do when something does not work."),
        "video",
    ),
    StarterCategory(
        "times",
        gettext_noop("%(Appointments)s"),
        gettext_noop("Times, reminders, moving and cancelling."),
        "calendar-days",
    ),
    StarterCategory(
        "money",
        gettext_noop("%(Invoices)s and payments"),
        gettext_noop("Paying, receipts, and paying for others."),
        "receipt",
    ),
    StarterCategory(
        "security",
        gettext_noop("Your sign-in"),
        gettext_noop("A second step, passkeys, devices and your profile."),
        "shield-check",
    ),
    StarterCategory(
        "work",
        gettext_noop("The working day"),
        gettext_noop("Booking, cancelling, completing, and running %(sessions)s."),
        "briefcase",
        for_staff=True,
    ),
    StarterCategory(
        "people",
        gettext_noop("People and rights"),
        gettext_noop("%(Clients)s, %(staff_members)s, %(agents)s, and what each may do."),
        "users",
        for_staff=True,
    ),
    StarterCategory(
        "books",
        gettext_noop("Billing"),
        gettext_noop("From the price to the payment, and back."),
        "wallet",
        for_staff=True,
    ),
    StarterCategory(
        "set-up",
        gettext_noop("Setting up"),
        gettext_noop("Brand, words, messages, web address, sender, and looking after all of it."),
        "settings",
        for_staff=True,
    ),
)

STARTERS = (
    Starter("sign-in", "start", ("invitation", "two-factor", "mail")),
    Starter("invitation", "start", ("mail", "sign-in", "linked-logins")),
    Starter("mail", "start", ("invitation", "sign-in")),
    Starter("linked-logins", "start", ("agents", "invitation")),
    Starter("join", "online", ("connection-test", "camera", "waiting-room")),
    Starter("connection-test", "online", ("join", "network", "camera")),
    Starter("camera", "online", ("connection-test", "join")),
    Starter("waiting-room", "online", ("join", "connection-test")),
    Starter("screen", "online", ("join", "camera")),
    Starter("boards", "online", ("join", "screen")),
    Starter("recording", "online", ("join",), needs="recording"),
    Starter("certificate", "online", ("network", "join")),
    Starter("network", "online", ("connection-test", "certificate")),
    Starter("appointments", "times", ("cancel", "times")),
    Starter("book-online", "times", ("cancel", "times"), needs="online_booking"),
    Starter("requests", "times", ("cancel", "appointments")),
    Starter("waiting-list", "times", ("requests", "appointments")),
    Starter("cancel", "times", ("appointments", "pay")),
    Starter("times", "times", ("appointments", "join")),
    Starter("calendar-programs", "times", ("appointments", "times")),
    Starter("when-you-can-come", "times", ("appointments", "times")),
    Starter("pay", "money", ("cards", "receipts", "agents")),
    Starter("cards", "money", ("pay",), needs="cards"),
    Starter("receipts", "money", ("pay",)),
    Starter("packages", "money", ("pay", "receipts")),
    Starter("prepayments", "money", ("pay", "cancel")),
    Starter("agents", "money", ("pay", "linked-logins")),
    Starter("two-factor", "security", ("passkeys", "devices")),
    Starter("passkeys", "security", ("two-factor", "sign-in")),
    Starter("devices", "security", ("two-factor",)),
    Starter("channels", "security", ("mail", "appointments", "devices")),
    Starter("agreements", "security", ("sign-in", "linked-logins")),
    Starter("shared-notes", "security", ("sign-in", "linked-logins")),
    Starter("fill-in-forms", "security", ("shared-notes", "linked-logins")),
    Starter("staff-start", "work", ("staff-book", "staff-live", "two-factor")),
    Starter("staff-book", "work", ("staff-series", "staff-cancel", "staff-complete")),
    Starter("staff-series", "work", ("staff-book", "staff-cancel")),
    Starter("staff-coverage", "work", ("staff-book", "when-you-can-come")),
    Starter("staff-online-booking", "work", ("staff-book", "staff-cancel")),
    Starter("staff-other-calendars", "work", ("staff-book", "calendar-programs")),
    Starter("staff-requests", "work", ("staff-book", "staff-online-booking")),
    Starter("staff-waiting-list", "work", ("staff-requests", "staff-book")),
    Starter("staff-cancel", "work", ("staff-book", "staff-complete")),
    Starter("staff-complete", "work", ("staff-invoices", "staff-cancel")),
    Starter("staff-notes", "work", ("staff-clients", "staff-complete")),
    Starter("staff-forms", "work", ("staff-notes", "staff-clients")),
    Starter("staff-live", "work", ("waiting-room", "staff-recording")),
    Starter("staff-card-sets", "work", ("staff-live", "boards"), updated_on=date(2026, 12, 1)),
    Starter("personal-link", "work", ("staff-live", "join")),
    Starter("staff-recording", "work", ("recording", "staff-live"), needs="recording"),
    Starter("staff-clients", "people", ("staff-permissions", "mail")),
    Starter("staff-permissions", "people", ("staff-clients", "staff-agents")),
    Starter("staff-enquiries", "people", ("staff-clients", "staff-sender")),
    Starter("staff-card", "people", ("staff-roles",)),
    Starter("staff-roles", "people", ("staff-clients", "staff-own-roles", "staff-audit")),
    Starter("staff-own-roles", "people", ("staff-roles", "staff-audit")),
    Starter("staff-hand-over", "people", ("staff-roles", "staff-clients")),
    Starter("staff-agents", "people", ("agents", "staff-permissions")),
    Starter("staff-invoices", "books", ("staff-refunds", "staff-complete")),
    Starter("staff-refunds", "books", ("staff-invoices", "staff-disputes")),
    Starter("staff-disputes", "books", ("staff-refunds", "staff-invoices")),
    Starter("staff-saved-cards", "books", ("staff-invoices", "cards")),
    Starter("staff-packages", "books", ("staff-invoices", "staff-refunds")),
    Starter("staff-prepayments", "books", ("staff-online-booking", "staff-refunds")),
    Starter("staff-wages", "books", ("staff-complete", "staff-invoices")),
    Starter("staff-brand", "set-up", ("staff-words", "staff-messages")),
    Starter("staff-branches", "set-up", ("staff-brand", "staff-web-address")),
    Starter("staff-words", "set-up", ("staff-messages", "staff-brand")),
    Starter("staff-messages", "set-up", ("staff-words", "staff-sender")),
    Starter("staff-web-address", "set-up", ("staff-sender", "certificate")),
    Starter("staff-channels", "set-up", ("channels", "staff-messages")),
    Starter("staff-text-messages", "set-up", ("staff-channels", "staff-messages")),
    Starter("staff-sender", "set-up", ("mail", "staff-web-address")),
    Starter("staff-legal", "set-up", ("agreements", "staff-audit")),
    Starter("staff-help", "set-up", ("staff-words",)),
    Starter("staff-leaks", "set-up", ("staff-audit",)),
    Starter("staff-safeguards", "set-up", ("two-factor", "staff-audit")),
    Starter("staff-audit", "set-up", ("staff-roles",)),
)
