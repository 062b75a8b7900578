"""Where somebody’s mail is kept, and how mail of a sender is let in there.

By the host of the address where everybody knows it, else by the server that takes mail for that host. What has to be done names the sender’s real
address and domain. People with a mailbox of their own do it themselves; at work and at school it is done by whoever administers the mail.
docs/rules/mail-providers.md has a worked table.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from core.kernel.translation import gettext_noop, translate


class Provider(StrEnum):
    """Who keeps a mailbox."""

    GMAIL = "gmail"
    OUTLOOK = "outlook"
    YAHOO = "yahoo"
    WORKSPACE = "workspace"
    MICROSOFT = "microsoft"
    OTHER = "other"


NAMES = {
    Provider.GMAIL: "Gmail",
    Provider.OUTLOOK: "Outlook.com, Hotmail",
    Provider.YAHOO: "Yahoo Mail",
    Provider.WORKSPACE: "Google Workspace",
    Provider.MICROSOFT: "Microsoft 365",
}
HOSTS = {
    "gmail.com": Provider.GMAIL,
    "googlemail.com": Provider.GMAIL,
    **dict.fromkeys(("outlook", "hotmail", "live"), Provider.OUTLOOK),
    "msn.com": Provider.OUTLOOK,
    **dict.fromkeys(("yahoo", "ymail", "rocketmail"), Provider.YAHOO),
}
SERVERS = (
    ("google.com", Provider.WORKSPACE),
    ("googlemail.com", Provider.WORKSPACE),
    ("mail.protection.outlook.com", Provider.MICROSOFT),
    ("mx.microsoft", Provider.MICROSOFT),
    ("yahoodns.net", Provider.YAHOO),
)
ADMINISTERED = (Provider.WORKSPACE, Provider.MICROSOFT)

STEPS: dict[Provider, tuple[str, ...]] = {
    Provider.GMAIL: (
        gettext_noop("Search for “in:anywhere from:%(address)s”: that finds the mail in every folder, spam and bin included."),
        gettext_noop("Open it and choose “Report as not spam”."),
        gettext_noop(
            "Under Settings, “Filters and blocked addresses”, create a filter with %(address)s in “From”, and choose “Never send it to Spam”."
        ),
    ),
    Provider.OUTLOOK: (
        gettext_noop("Look into “Junk Email”, open the mail and choose “Not junk”."),
        gettext_noop("Under Settings, “Mail”, “Junk email”, add %(address)s to “Safe senders and domains”."),
        gettext_noop("Look whether %(domain)s stands among the blocked senders on the same page, and remove it there."),
    ),
    Provider.YAHOO: (
        gettext_noop("Look into “Spam”, open the mail and choose “Not spam”."),
        gettext_noop("Under Settings, “More settings”, “Filters”, add one: from contains %(address)s, move to Inbox."),
        gettext_noop("Look under “Security and privacy” whether %(address)s is blocked, and remove it there."),
    ),
    Provider.WORKSPACE: (
        gettext_noop("In the Admin console open “Apps”, “Google Workspace”, “Gmail”, “Spam, phishing and malware”."),
        gettext_noop("Under “Spam”, add an approved senders list with %(address)s or the domain %(domain)s, and let it bypass the spam filter."),
        gettext_noop("“Reporting”, “Email Log Search” says what became of mail from %(address)s."),
    ),
    Provider.MICROSOFT: (
        gettext_noop("In Microsoft Defender open “Email & collaboration”, “Policies & rules”, “Threat policies”, “Tenant Allow/Block Lists”."),
        gettext_noop("Under “Domains & addresses”, add %(address)s or %(domain)s as allowed."),
        gettext_noop("“Message trace” in the Exchange admin center says what became of mail from %(address)s; “Quarantine” may hold it."),
    ),
    Provider.OTHER: (
        gettext_noop("Look into the folder for spam or junk, and mark the mail as wanted."),
        gettext_noop("Add %(address)s to your contacts."),
        gettext_noop("If somebody looks after your mail, ask them to allow %(address)s or the domain %(domain)s."),
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Guide:
    """What to do at one provider, in the language in force."""

    provider: Provider
    name: str
    steps: tuple[str, ...]

    @property
    def is_for_administrators(self) -> bool:
        return self.provider in ADMINISTERED


def provider_of(address: str, servers: Sequence[str] = ()) -> Provider:
    """`servers`: the hosts that take mail for the address's host, where the DNS was asked."""
    host = address.rpartition("@")[2].lower().rstrip(".")
    known = HOSTS.get(host) or HOSTS.get(host.split(".")[0] if host.count(".") in (1, 2) else "")
    if known is not None:
        return known
    for server in servers:
        for ending, provider in SERVERS:
            if server == ending or server.endswith(f".{ending}"):
                return provider
    return Provider.OTHER


def guide(provider: Provider, sender: str) -> Guide:
    """`sender`: the address that mail really leaves from."""
    values = {"address": sender, "domain": sender.rpartition("@")[2]}
    name = NAMES.get(provider) or translate("Any other mailbox")
    return Guide(provider, name, tuple(translate(step, **values) for step in STEPS[provider]))


def guides(sender: str) -> list[Guide]:
    """For every provider."""
    return [guide(provider, sender) for provider in Provider]
