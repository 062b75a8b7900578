"""Why a charge was met from a package, in whole or in part."""

from core.kernel.reasons import ReasonCode
from core.kernel.translation import gettext_noop


class PackageReason(ReasonCode):
    """Stored code, sentence."""

    FROM_PACKAGE = "package.met", gettext_noop("Paid from the package “%(package)s”.")
    PARTLY_FROM_PACKAGE = (
        "package.partly_met",
        gettext_noop("%(amount)s of it is paid from the package “%(package)s”. %(price)s"),
    )
    RETURNED = "package.returned", gettext_noop("Given back to the package: %(reason)s")
