"""How live sessions work in this organization: which way the media takes, who is told of every waiting person, whether sessions are recorded."""

from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction

from core.kernel import audit
from core.kernel.errors import DomainError
from core.kernel.plain_text import require_plain
from core.kernel.translation import translate
from core.people.roles import Permission
from sessions_live.audit_codes import LiveAudit
from sessions_live.models import LiveSettings, MediaPolicy, NamesForGuests
from sessions_live.recordings.consent_texts import offered
from sessions_live.rules.recording import FEWEST_DAYS, MOST_DAYS

LONGEST_ADDITION = 2000


@transaction.atomic
def change_live_settings(
    *,
    policy: str,
    front_desk_hears: bool,
    youtube_allowed: bool,
    links_allowed: bool = True,
    names_for_guests: str = NamesForGuests.FIRST,
    by: Any,
    now: datetime,
) -> LiveSettings:
    """Put the organization's choices in force for every room that opens from now on. Errors: `policy_unknown`, `names_unknown`.

    Without personal links none leads anywhere from now on; who is in one stays until the next look at their rights.
    """
    if not by.may(Permission.MANAGE_ORGANIZATION):
        raise PermissionDenied("You do not have permission to change how live sessions work.")
    if policy not in MediaPolicy.values:
        raise DomainError("policy_unknown", translate("Choose one of the two ways."), field="policy")
    if names_for_guests not in NamesForGuests.values:
        raise DomainError("names_unknown", translate("Choose one of the two ways."), field="names_for_guests")
    values = {"policy": str(policy), "front_desk_hears": front_desk_hears, "youtube_allowed": youtube_allowed}
    links = {"links_allowed": links_allowed, "names_for_guests": str(names_for_guests)}
    return _apply({**values, **links}, by=by)


@transaction.atomic
def change_recording_settings(
    *,
    recording_allowed: bool,
    recording_days: int,
    clients_may_play: bool,
    language: str,
    addition: str,
    by: Any,
    now: datetime,
) -> LiveSettings:
    """Whether hosts may record, how long it is kept, who may play it, and the organization's own words in one language.

    Holds for recordings that are asked for from now on: what people were told before stays promised. Errors: `days_wrong`,
    `language_unknown`, `addition_too_long`.
    """
    if not by.may(Permission.MANAGE_ORGANIZATION):
        raise PermissionDenied("You do not have permission to change how sessions are recorded.")
    if not FEWEST_DAYS <= recording_days <= MOST_DAYS:
        sentence = translate("Give a number of days from %(fewest)s to %(most)s.", fewest=FEWEST_DAYS, most=MOST_DAYS)
        raise DomainError("days_wrong", sentence, field="recording_days")
    if language not in offered():
        raise DomainError("language_unknown", translate("Choose one of your languages."))
    addition = addition.replace("\r\n", "\n").replace("\r", "\n").strip()
    require_plain(addition)
    if len(addition) > LONGEST_ADDITION:
        sentence = translate("At most %(longest)s characters.", longest=LONGEST_ADDITION)
        raise DomainError("addition_too_long", sentence, field="addition")
    additions = LiveSettings.current().consent_additions | {language: addition}
    wanted = {
        "recording_allowed": recording_allowed,
        "recording_days": recording_days,
        "clients_may_play": clients_may_play,
        "consent_additions": {code: text for code, text in additions.items() if text},
    }
    return _apply(wanted, by=by)


def _apply(wanted: dict[str, Any], *, by: Any) -> LiveSettings:
    """Write what differs, and say so in the audit."""
    LiveSettings.objects.get_or_create(is_current=True)
    settings = LiveSettings.objects.select_for_update().get(is_current=True)
    pairs = {name: [getattr(settings, name), value] for name, value in wanted.items()}
    changes = {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}
    if changes:
        for name in changes:
            setattr(settings, name, wanted[name])
        settings.save(update_fields=list(changes))
        audit.record(LiveAudit.LIVE_SETTINGS_CHANGED, by=by, subject=settings, changes=changes)
    return settings
