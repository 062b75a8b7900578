"""What articles can speak of: facts of the organization in force, looked up when an article is read."""

from collections.abc import Callable
from dataclasses import dataclass

from billing.queries.processor import account_in_use
from branding.queries import current_brand
from branding.senders.queries import current_sender, identity_of
from branding.senders.rules.mail_providers import guides
from core.booking.models import BookingSettings
from core.kernel.translation import gettext_noop, translate
from core.notifications.rules.message_text import Allowed
from core.people.rules.invitations import LIFETIME
from core.scheduling.models import SchedulingSettings
from core.scheduling.queries import levels_of, policy_in_force
from core.scheduling.rules.cancellation import Level
from core.scheduling.rules.reminders import DAY, HOUR
from core.scheduling.time_formats import leads_label
from sessions_live.models import LiveSettings
from sessions_live.recordings.queries import recording_offered
from sessions_live.rules.opening import EARLY, LATE
from tenants.absolute_urls import primary_host

Values = dict[str, str]


@dataclass(frozen=True, slots=True)
class Fact:
    """One variable. `meaning` is a msgid. `is_markdown`: the value is Markdown of ours; any other is plain text.

    `is_flag`: it has no words of its own and can only be asked for: {% if recording %}.
    """

    name: str
    meaning: str
    may_be_empty: bool = False
    is_markdown: bool = False
    is_flag: bool = False


FACTS = (
    Fact("organization", gettext_noop("Your name")),
    Fact("host", gettext_noop("Your web address, without https://")),
    Fact("sender", gettext_noop("The address that your mail comes from")),
    Fact("sender_domain", gettext_noop("The domain of that address")),
    Fact("phone", gettext_noop("Your telephone number"), may_be_empty=True),
    Fact("reply_to", gettext_noop("The address that answers go to"), may_be_empty=True),
    Fact("early", gettext_noop("How many minutes before the start %(room:a|an)s %(room)s opens")),
    Fact("late", gettext_noop("How many minutes after the end %(room:a|an)s %(room)s stays open")),
    Fact("reminder_hours", gettext_noop("How many hours before the start people are reminded")),
    Fact("reminder_times", gettext_noop("How long before people are reminded, all of it"), may_be_empty=True),
    Fact("invitation_hours", gettext_noop("How many hours an invitation is good for")),
    Fact("policy", gettext_noop("Your cancellation policy, as a list"), may_be_empty=True, is_markdown=True),
    Fact("mail_steps", gettext_noop("What to do at each mail provider"), is_markdown=True),
    Fact("mail_steps_at_work", gettext_noop("What administrators of mail do"), is_markdown=True),
    Fact("recording", gettext_noop("Whether %(sessions)s can be recorded"), may_be_empty=True, is_flag=True),
    Fact("recording_days", gettext_noop("How many days a recording is kept")),
    Fact(
        "clients_may_play",
        gettext_noop("Whether %(clients)s may play their recordings"),
        may_be_empty=True,
        is_flag=True,
    ),
    Fact("online_booking", gettext_noop("Whether people book online"), may_be_empty=True, is_flag=True),
    Fact("cards", gettext_noop("Whether cards are taken"), may_be_empty=True, is_flag=True),
)
NAMES = {fact.name: fact for fact in FACTS}
ALLOWED = {fact.name: Allowed(fact.may_be_empty, not fact.is_flag) for fact in FACTS}


def facts_in_force() -> Values:
    """Every fact's value, in the language in force; empty for what is not there, `yes` for a flag that is up."""
    return {name: value for look in _LOOKS for name, value in look().items()}


def _of_brand() -> Values:
    brand = current_brand()
    return {"organization": brand.name, "phone": brand.phone, "reply_to": brand.reply_to}


def _of_addresses() -> Values:
    sender = identity_of(current_sender()).address
    own, administered = (
        [each for each in guides(sender) if each.is_for_administrators is wanted] for wanted in (False, True)
    )
    return {
        "host": primary_host(),
        "sender": sender,
        "sender_domain": sender.rpartition("@")[2],
        "mail_steps": "\n\n".join(_steps(each.name, each.steps) for each in own),
        "mail_steps_at_work": "\n\n".join(_steps(each.name, each.steps) for each in administered),
    }


def _of_rules() -> Values:
    reminders = SchedulingSettings.current().reminder_minutes
    return {
        "early": str(int(EARLY.total_seconds() // 60)),
        "late": str(int(LATE.total_seconds() // 60)),
        "reminder_hours": f"{max(reminders, default=DAY) / HOUR:g}",
        "reminder_times": leads_label(sorted(reminders, reverse=True)) if reminders else "",
        "invitation_hours": str(int(LIFETIME.total_seconds() // 3600)),
    }


def _of_policy() -> Values:
    levels = sorted(levels_of(policy_in_force()), key=lambda level: -level.hours_before)
    return {"policy": "\n".join(f"- {_level(level)}" for level in levels if level.client_share)}


def _of_live() -> Values:
    settings, offered = LiveSettings.current(), recording_offered()
    return {
        "recording": _flag(offered),
        "recording_days": str(settings.recording_days),
        "clients_may_play": _flag(offered and settings.clients_may_play),
    }


def _of_billing() -> Values:
    account = account_in_use()
    return {"cards": _flag(account is not None and account.is_ready)}


def _of_booking() -> Values:
    return {"online_booking": _flag(BookingSettings.current().is_open)}


def _flag(is_up: bool) -> str:
    return "yes" if is_up else ""


def _level(level: Level) -> str:
    return translate(
        "less than %(hours)s hours before the start: %(share)s %% of the price",
        hours=level.hours_before,
        share=level.client_share,
    )


def _steps(name: str, steps: tuple[str, ...]) -> str:
    return f"### {name}\n\n" + "\n".join(f"{number}. {step}" for number, step in enumerate(steps, start=1))


_LOOKS: tuple[Callable[[], Values], ...] = (
    _of_brand,
    _of_addresses,
    _of_rules,
    _of_policy,
    _of_live,
    _of_billing,
    _of_booking,
)
