"""Who may sign in.

A login may sign in while its switch "may log in" is on and at least one of these holds: it belongs to a staff member who is active; it is an
agent's; it is linked to a client who is active. A login whose clients are all inactive, prospects or archived stays outside, because only
people who are being served may log in. The data is kept, and the login works again as soon as one of its clients is active.
docs/rules/sign-in.md has a worked table.
"""

from dataclasses import dataclass

from core.kernel.translation import gettext_noop, translate


@dataclass(frozen=True, slots=True)
class LoginFacts:
    """What decides about one login. `client_statuses`: one word for each client it is linked to."""

    may_log_in: bool
    active_staff: bool
    is_agent: bool
    client_statuses: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why somebody stays outside: a stable code, and the sentence they read."""

    code: str
    english: str

    @property
    def sentence(self) -> str:
        """In the language in force."""
        return translate(self.english)


SWITCHED_OFF = Refusal("switched_off", gettext_noop("Your access has been switched off."))
NOBODY_ACTIVE = Refusal("nobody_active", gettext_noop("There is nobody in active care under this login at the moment."))


def sign_in_refusal(login: LoginFacts) -> Refusal | None:
    """Return why this login may not sign in, or None when it may."""
    if not login.may_log_in:
        return SWITCHED_OFF
    if login.active_staff or login.is_agent or "active" in login.client_statuses:
        return None
    return NOBODY_ACTIVE
