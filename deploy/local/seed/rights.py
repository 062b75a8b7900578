"""A role of the practice's own, and two exceptions: somebody at the front desk takes payments, somebody new adds nothing to the calendar yet."""

from datetime import datetime

from core.people import actions
from core.people.roles import ADMINISTRATOR, STAFF, Permission
from core.people.rules.safeguards import MOST_GRACE
from deploy.local.seed.people import Cast
from deploy.local.seed.practices import Practice

_WORDS = {
    "en": (
        "Front desk with till",
        "Looks after people and times, and takes payments.",
        "Sits at the till on Mondays.",
        "On trial until the end of the month.",
    ),
    "de": (
        "Empfang mit Kasse",
        "Kümmert sich um Menschen und Zeiten und nimmt Zahlungen an.",
        "Sitzt montags an der Kasse.",
        "Bis Monatsende auf Probe.",
    ),
    "es": (
        "Recepción con caja",
        "Atiende a las personas y los horarios, y cobra.",
        "Está en la caja los lunes.",
        "A prueba hasta fin de mes.",
    ),
    "fr": (
        "Accueil avec caisse",
        "S’occupe des personnes et des horaires, et encaisse.",
        "Tient la caisse le lundi.",
        "À l’essai jusqu’à la fin du mois.",
    ),
}


def fill_rights(practice: Practice, cast: Cast, *, now: datetime) -> None:
    """Whoever is at the front desk bears the role; the first practitioner takes payments besides, the last one books nothing."""
    title, about, till, trial = _WORDS[practice.languages[0] if practice.languages[0] in _WORDS else "en"]
    by = cast.owner
    carries = [each.value for each in (*STAFF.permissions, Permission.TAKE_PAYMENTS)]
    actions.set_safeguards(idle_minutes=120, factor_roles=[ADMINISTRATOR.code], grace_days=MOST_GRACE, by=by, now=now)
    role = actions.add_role(
        title=title, description=about, copied_from=STAFF.code, permissions=carries, by=by, now=now
    )  # fmt: skip
    for member in cast.staff.values():
        if member.role == STAFF.code:
            actions.change_role(staff=member, role=role.code, by=by, now=now)
    first, last = cast.practitioners[0], cast.practitioners[-1]
    for member, permission, is_given, reason in (
        (first, Permission.TAKE_PAYMENTS, True, till),
        (last, Permission.ADD_APPOINTMENTS, False, trial),
    ):
        actions.make_exception(staff=member, permission=permission, is_given=is_given, reason=reason, by=by, now=now)
