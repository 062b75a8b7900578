"""The seventy rows of the checklist: what each one is about, and why some are not looked at here.

The numbers are those of the checklist that the product was specified with; they stand in reports that are kept.
"""

from dataclasses import dataclass
from enum import StrEnum

from core.kernel.translation import gettext_noop


class Status(StrEnum):
    """What became of one row."""

    PASSED = "passed"
    LEAK = "leak"
    EXCEPTION = "exception"  # shows on purpose, and people are told
    ABSENT = "absent"  # the product has nothing of the kind
    ELSEWHERE = "elsewhere"  # not looked at by the walk, but by tests or by another watch
    UNSEEN = "unseen"  # the walk should have met it, and did not


ROWS: dict[str, str] = {
    "K-01": gettext_noop("Titles of pages"),
    "K-02": gettext_noop("Icons in the browser"),
    "K-03": gettext_noop("Name and icons of the installed app"),
    "K-04": gettext_noop("Facts for previews and search engines"),
    "K-05": gettext_noop("Headers of answers"),
    "K-06": gettext_noop("Names of cookies and stored things"),
    "K-07": gettext_noop("Scripts"),
    "K-08": gettext_noop("Pages, with comments and marks"),
    "K-09": gettext_noop("Files for robots and scanners"),
    "K-10": gettext_noop("Error pages"),
    "K-11": gettext_noop("Errors of the proxy"),
    "K-12": gettext_noop("Styles and print"),
    "K-13": gettext_noop("Sign-in, second factor, passkeys"),
    "K-14": gettext_noop("Sign-in through others"),
    "K-15": gettext_noop("After signing out"),
    "K-16": gettext_noop("Sender of mail"),
    "K-17": gettext_noop("Return address of mail"),
    "K-18": gettext_noop("Technical headers of mail"),
    "K-19": gettext_noop("Links and pictures in mail"),
    "K-20": gettext_noop("Mail as a page"),
    "K-21": gettext_noop("Mail as plain text"),
    "K-22": gettext_noop("Gaps in the sentences of mail"),
    "K-23": gettext_noop("Calendar files"),
    "K-24": gettext_noop("Other people in calendar files"),
    "K-25": gettext_noop("Accounts of calendar services"),
    "K-26": gettext_noop("Documents, with what is written inside the file"),
    "K-27": gettext_noop("Exported tables"),
    "K-28": gettext_noop("What is written inside pictures"),
    "K-29": gettext_noop("Text messages"),
    "K-30": gettext_noop("Push messages"),
    "K-31": gettext_noop("Name on card statements"),
    "K-32": gettext_noop("Text of payouts"),
    "K-33": gettext_noop("Payment pages"),
    "K-34": gettext_noop("Mail of the payment provider"),
    "K-35": gettext_noop("Mail about refunds and disputes"),
    "K-36": gettext_noop("Certificate"),
    "K-37": gettext_noop("Names in the DNS"),
    "K-38": gettext_noop("Addresses of calls"),
    "K-39": gettext_noop("Addresses of sockets"),
    "K-40": gettext_noop("Recordings"),
    "K-41": gettext_noop("Addresses of files"),
    "K-42": gettext_noop("%(Room)s online"),
    "K-43": gettext_noop("Hints at apps"),
    "K-44": gettext_noop("Whiteboard"),
    "K-45": gettext_noop("Third parties on pages"),
    "K-46": gettext_noop("Videos of others"),
    "K-47": gettext_noop("Help and announcements"),
    "K-48": gettext_noop("Advice about mail and networks"),
    "K-49": gettext_noop("Support"),
    "K-50": gettext_noop("Terms that people accept"),
    "K-51": gettext_noop("Privacy notice"),
    "K-52": gettext_noop("Interface for programs"),
    "K-53": gettext_noop("Calls to other programs"),
    "K-54": gettext_noop("Added apps"),
    "K-55": gettext_noop("Your words"),
    "K-56": gettext_noop("Languages"),
    "K-57": gettext_noop("Traces of errors"),
    "K-58": gettext_noop("Maintenance"),
    "K-59": gettext_noop("Gaps and notes in pages"),
    "K-60": gettext_noop("Fonts and icons from elsewhere"),
    "K-61": gettext_noop("What other sites learn of readers"),
    "K-62": gettext_noop("The operator's console"),
    "K-63": gettext_noop("Other organizations"),
    "K-64": gettext_noop("Name on the home screen"),
    "K-65": gettext_noop("Search engines at other addresses"),
    "K-66": gettext_noop("Export of everything"),
    "K-67": gettext_noop("When something is out of order"),
    "K-68": gettext_noop("Branches"),
    "K-69": gettext_noop("Hidden text"),
    "K-70": gettext_noop("Mail that waited"),
}


@dataclass(frozen=True, slots=True)
class Unwalked:
    """Why a row has no check."""

    status: Status
    reason: str


def _absent(reason: str) -> Unwalked:
    return Unwalked(Status.ABSENT, reason)


def _elsewhere(reason: str) -> Unwalked:
    return Unwalked(Status.ELSEWHERE, reason)


UNWALKED: dict[str, Unwalked] = {
    "K-14": _absent(gettext_noop("Nobody signs in through another service.")),
    "K-17": _elsewhere(gettext_noop("The mail server writes it; it is looked at when a release is tested.")),
    "K-25": _absent(
        gettext_noop("Calendars elsewhere are read by their address or CalDAV; no app asks for access to an account.")
    ),
    "K-27": _elsewhere(gettext_noop("Exported tables are looked at when a release is tested.")),
    "K-32": _absent(gettext_noop("Payouts are made by the payment provider to your own account.")),
    "K-33": Unwalked(
        Status.EXCEPTION, gettext_noop("The payment provider's form stands in your page and shows its own name there.")
    ),
    "K-34": Unwalked(
        Status.EXCEPTION,
        gettext_noop("Mail that the law asks of the payment provider comes from the payment provider."),
    ),
    "K-35": _absent(gettext_noop("The payment provider sends no mail about them.")),
    "K-36": _elsewhere(gettext_noop("Certificates are watched with your domains.")),
    "K-37": _elsewhere(gettext_noop("Records are watched with your domains.")),
    "K-40": _elsewhere(gettext_noop("Recordings are looked at when a release is tested.")),
    "K-44": _elsewhere(gettext_noop("What the whiteboard is made of is looked at when a release is tested.")),
    "K-46": Unwalked(
        Status.EXCEPTION,
        gettext_noop("Videos of YouTube show its name, where you allow them; each person is asked before."),
    ),
    "K-49": _absent(gettext_noop("Nobody but you answers your people.")),
    "K-51": Unwalked(Status.EXCEPTION, gettext_noop("Your privacy notice may name those who process data for you.")),
    "K-52": _absent(gettext_noop("There is no public interface for programs.")),
    "K-53": _absent(gettext_noop("No other programs are called.")),
    "K-55": _elsewhere(gettext_noop("Made-up words are looked for when a release is tested.")),
    "K-58": _absent(gettext_noop("Maintenance is announced by you alone.")),
    "K-66": _absent(gettext_noop("There is no export of everything.")),
    "K-70": _elsewhere(
        gettext_noop("Mail takes the brand of the moment in which it leaves; a release is tested for it.")
    ),
}

# What an organization may not have, so that there is nothing to look at.
MAY_BE_MISSING: dict[str, str] = {
    "K-11": gettext_noop("No pages are kept for the proxy."),
    "K-26": gettext_noop("The plan has no %(invoices)s, so there are no documents."),
    "K-29": gettext_noop("Text messages are switched off."),
    "K-30": gettext_noop("Push is switched off under Channels."),
    "K-50": gettext_noop("Nobody is asked to accept terms."),
    "K-65": gettext_noop("There is one address only."),
    "K-68": gettext_noop("There are no branches with a name of their own."),
}
