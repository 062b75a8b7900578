"""What an organization's own invitation can speak of.

The button to choose a password, the address to sign in with and the hour until which the link works are no part of the text: they stand in
every invitation, so that nobody can forget them.
docs/rules/invitation-text.md has a worked table.
"""

from core.kernel.translation import gettext_noop

PLACEHOLDERS = {
    "name": gettext_noop("Who is invited"),
    "inviter": gettext_noop("Who invites"),
    "organization": gettext_noop("Your own name, as in your brand"),
    "clients": gettext_noop("For whom they will act; empty for people who work with you"),
    "role": gettext_noop("Their role; empty for everybody else"),
}
MAY_BE_EMPTY = frozenset({"clients", "role"})
EXAMPLES = {name: f"{name} …" for name in PLACEHOLDERS}
