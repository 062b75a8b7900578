"""The audit codes of packages: what is offered, what was sold, and where the units went."""

from core.kernel.audit import AuditCode, Tone
from core.kernel.translation import gettext_noop


class PackagesAudit(AuditCode):
    """Stored code, sentence, icon, tone."""

    PACKAGE_ADDED = "package.added", gettext_noop("Added a package"), "package", Tone.INFO
    PACKAGE_CHANGED = "package.changed", gettext_noop("Changed a package"), "package", Tone.NEUTRAL
    PACKAGE_SETTINGS_CHANGED = (
        "package_settings.changed",
        gettext_noop("Changed how packages work"),
        "settings",
        Tone.NEUTRAL,
    )
    PACKAGE_SOLD = "package.sold", gettext_noop("Sold a package"), "package", Tone.INFO
    PACKAGE_BOUGHT = "package.bought", gettext_noop("Bought a package"), "package", Tone.SUCCESS
    PACKAGE_RELEASED = "package.released", gettext_noop("A package can be used"), "circle-check", Tone.SUCCESS
    PACKAGE_HELD = "package.held", gettext_noop("A package cannot be used"), "hourglass", Tone.WARNING
    PACKAGE_FROZEN = "package.frozen", gettext_noop("Froze a package"), "clock", Tone.NEUTRAL
    PACKAGE_RESUMED = "package.resumed", gettext_noop("Ended the freeze of a package"), "clock", Tone.NEUTRAL
    UNITS_USED = "units.used", gettext_noop("Met a charge from a package"), "package", Tone.INFO
    UNITS_RETURNED = "units.returned", gettext_noop("Gave units back to a package"), "undo-2", Tone.WARNING
    UNITS_EXPIRED = "units.expired", gettext_noop("Units of a package expired"), "hourglass", Tone.WARNING
    UNITS_TRANSFERRED = "units.transferred", gettext_noop("Transferred units of a package"), "send", Tone.INFO
    UNITS_REFUNDED = "units.refunded", gettext_noop("Refunded units of a package"), "undo-2", Tone.WARNING
