"""What is done about the setup guide, as it stands in the audit."""

from core.kernel.audit import AuditCode
from core.kernel.translation import gettext_noop


class SetupAudit(AuditCode):
    """Stored code, sentence, icon."""

    SETUP_STEP_SKIPPED = "setup_step.skipped", gettext_noop("Skipped a step of the setup guide"), "list-checks"
    SETUP_STEP_RESUMED = "setup_step.resumed", gettext_noop("Took up a step of the setup guide again"), "list-checks"
    SETUP_GUIDE_PUT_AWAY = "setup_guide.put_away", gettext_noop("Put the setup guide away"), "list-checks"
    SETUP_GUIDE_BROUGHT_BACK = "setup_guide.brought_back", gettext_noop("Brought the setup guide back"), "list-checks"
    RECORDS_LINK_MADE = "records_link.made", gettext_noop("Made a link to the DNS records"), "link"
    RECORDS_LINK_ENDED = "records_link.ended", gettext_noop("Ended the link to the DNS records"), "link"
