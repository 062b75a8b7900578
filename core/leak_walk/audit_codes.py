"""What is done about leaks, as it stands in the audit."""

from core.kernel.audit import AuditCode
from core.kernel.translation import gettext_noop


class LeakWalkAudit(AuditCode):
    """Acts of the leak walk."""

    LEAK_WALK_ASKED = "leak_walk.asked", gettext_noop("Asked for a leak report"), "shield-check"
