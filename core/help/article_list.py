"""Which categories and articles the product brings, in the order in which they are listed."""

from dataclasses import dataclass

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
    """An article. `related` are read next; `needs` names a fact without which it says nothing of use here."""

    slug: str
    category: str
    related: tuple[str, ...] = ()
    needs: str = ""


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
)

STARTERS = (
    Starter("mail", "start", ("times",)),
    Starter("join", "online", ("mail",)),
    Starter("times", "times", ("join",)),
)
