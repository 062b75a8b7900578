"""To which branch what is shared belongs: of the client it is about."""

from uuid import UUID

from branding.speaking import register
from core.people.branches import branch_of_meeting
from core.records.models import ClientFile, Goal, NoteShare, Score


def _of_share(share: NoteShare, user_id: str) -> UUID | None:
    return branch_of_meeting([share.note.client], None, user_id)


def _of_client(thing: Goal | ClientFile | Score, user_id: str) -> UUID | None:
    return branch_of_meeting([thing.client], None, user_id)


def register_records() -> None:
    """Let mail, push and notices ask. At start-up."""
    register("records.noteshare", _of_share)
    register("records.goal", _of_client)
    register("records.clientfile", _of_client)
    register("records.score", _of_client)
