"""Channels.

What people are told is sorted by what it is about, and each login chooses for each of these how it hears of it: by mail, by push on its devices,
by text message. Where it has chosen nothing, what the organization says counts. Only channels count that the organization has, and that reach
the person: push a device on which it was switched on, a text message a mobile number with the person's consent.

Everything stands behind the bell in any case, so that a message always has one way. What is about signing in, money or legal texts also always
comes by mail, whatever was chosen. Everything else can be muted: then it stands behind the bell alone.
docs/rules/channels.md has a worked table.
"""

from collections.abc import Set
from enum import StrEnum

from core.kernel.translation import gettext_noop, translate


class Channel(StrEnum):
    """How a message reaches somebody. The values stand in stored rows."""

    EMAIL = "email"
    IN_APP = "notice"
    PUSH = "push"
    SMS = "sms"

    @property
    def label(self) -> str:
        return translate(_LABELS[self])


_LABELS = {
    Channel.EMAIL: gettext_noop("Mail"),
    Channel.IN_APP: gettext_noop("Notice in the app"),
    Channel.PUSH: gettext_noop("Push"),
    Channel.SMS: gettext_noop("Text message"),
}
CHOSEN = (Channel.EMAIL, Channel.PUSH, Channel.SMS)  # those that people switch on and off


def channels_in_force(
    *, always_mailed: bool, organization: Set[str], own: Set[str] | None, there_are: Set[str], reaching: Set[str]
) -> frozenset[Channel]:
    """By which channels a message goes.

    `organization` and `own`: what each chose for this kind of message, None where a login chose nothing; `there_are`: what the organization
    has; `reaching`: what reaches the person.
    """
    wanted = organization if own is None else own
    found = {channel for channel in CHOSEN if channel in wanted and channel in there_are and channel in reaching}
    if always_mailed:
        found.add(Channel.EMAIL)
    return frozenset({*found, Channel.IN_APP})
