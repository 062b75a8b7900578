"""What an organization's own invitation can speak of.

The button to choose a password, the address to sign in with and the hour until which the link works are no part of the text: they stand in
every invitation, so that nobody can forget them.
"""

from core.kernel.wording import later

PLACEHOLDERS = {
    "name": later("Who is invited"),
    "inviter": later("Who invites"),
    "organization": later("Your organization’s name"),
    "clients": later("For whom they will act; empty for people who work with you"),
    "role": later("Their role; empty for everybody else"),
}
MAY_BE_EMPTY = frozenset({"clients", "role"})
EXAMPLES = {name: f"{name} …" for name in PLACEHOLDERS}
