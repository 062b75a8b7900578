"""What the site's promises are kept by."""

from datetime import datetime

from core.kernel import outbox
from core.kernel.models import OutboxMessage
from core.kernel.translation import gettext_noop
from core.pages.actions import publish_scheduled
from core.pages.outbox_names import PUBLISH_PAGE


@outbox.handler(PUBLISH_PAGE, label=gettext_noop("Publishing a page of the website"))
def publish(message: OutboxMessage) -> None:
    """The draft that was to be published now; nothing when somebody has published, unpublished or put it off since."""
    facts = message.payload
    if not publish_scheduled(facts["revision_id"], at=datetime.fromisoformat(facts["at"])):
        raise outbox.Obsolete("published, unpublished or put off meanwhile")
