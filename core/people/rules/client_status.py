"""What a client's status allows.

Only an active client is served: their logins come in, they are put on schedules, and bills are paid for them here, by their logins, by an
agent and by whoever else is the payer. For an inactive client and a prospect nothing is paid here, even by somebody who comes in for another
child or as an agent; what is owed stays owed, stays to be read by agents and staff, and the practice notes what arrives by other ways.
docs/rules/client-status.md has a worked table.
"""

from core.kernel.translation import translate

ACTIVE = "active"


def comes_in(status: str) -> bool:
    """Whether the client's logins reach the client."""
    return status == ACTIVE


def is_booked(status: str) -> bool:
    """Whether the client can be put on a schedule."""
    return status == ACTIVE


def is_paid_for(status: str) -> bool:
    """Whether anybody can pay here for the client."""
    return status == ACTIVE


def payment_refusal(name: str) -> str:
    """What whoever wants to pay for a client who is not active reads, in the language in force."""
    return translate(
        "%(name)s is not in active care, so nothing can be paid here. Please ask us how to settle it.", name=name
    )


def payment_remark(name: str) -> str:
    """What staff read at a bill that nobody can pay here, in the language in force."""
    return translate(
        "%(name)s is not active: nobody can pay this here. Note a payment that arrives by other ways, or make them active again.",
        name=name,
    )
