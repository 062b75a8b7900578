"""Who is told that a time is offered: every login of the client, by mail and behind the bell."""

from datetime import datetime

from branding.queries import current_brand
from core.kernel import outbox
from core.kernel.translation import translate
from core.notifications import notices, waiting
from core.notifications.channels import texted_among
from core.notifications.languages import in_language_of
from core.notifications.messages import Box, Content, Link, Topic
from core.people.models import Client, User
from core.people.permissions import logins_acting_for
from core.scheduling.notifications import told_sentence
from core.scheduling.recipients import audience_of_logins
from core.scheduling.time_formats import format_time_span
from core.waiting_list import messages, outbox_names
from core.waiting_list.links import token_for
from core.waiting_list.models import WaitingOffer
from tenants.absolute_urls import absolute_url, path_of


def offered(offer: WaitingOffer) -> None:
    """Promise the mail, and post the notice."""
    users = logins_acting_for(offer.entry.client)
    texted = texted_among([user.pk for user in users], Topic.APPOINTMENTS)
    for user in users:
        with in_language_of(user) as language:
            values = values_of(offer, zone=user.time_zone, language=language, is_named=True)
            path = path_of("waiting_list:entry", offer.entry_id)
            notices.post(
                messages.WAITING_OFFER_NOTICE,
                user_id=user.pk,
                path=path,
                happens_at=min(offer.expires_at, offer.starts_at),
                about=offer,
                **values,
            )
        key = f"waiting:offer:{offer.pk}:{user.pk}"
        facts = {"offer": str(offer.pk), "entry": str(offer.entry_id), "user": str(user.pk)}
        outbox.enqueue(outbox_names.SEND_OFFER, key=key, by=offer.by_hand, about=offer.entry, **facts)
        if user.pk in texted:
            # For the end of the person's own quiet hours, if the offer lasts until then.
            held = waiting.until(user.pk, happens_at=offer.expires_at, now=offer.offered_at)
            outbox.enqueue(
                outbox_names.TEXT_OFFER,
                key=f"{key}:text",
                due_at=held or outbox.AT_ONCE,
                by=offer.by_hand,
                about=offer.entry,
                **facts,
            )


def told_of_offer(offer: WaitingOffer) -> str:
    """Who hears of it by mail, and who does not, in the language in force."""
    return told_sentence(audience_of_logins(offer.entry.client))


def why_nobody_can_take(client: Client) -> str:
    """A sentence about a client to whom nothing can be offered, because no login acts for them; empty for any other."""
    untold = audience_of_logins(client).untold
    if not untold:
        return ""
    [(name, why)] = untold
    return translate("No time can be offered to %(name)s (%(why)s). Book one instead.", name=name, why=why.sentence())


def content_of(offer: WaitingOffer, user: User) -> Content:
    """What the mail says, in the language in force and on the client's clock."""
    zone, is_named = offer.entry.client.time_zone, current_brand().names_in_mail
    time = format_time_span(offer.starts_at, offer.ends_at, zone=zone, language=user.reads)
    named = [offer.entry.what, translate("For %(names)s", names=offer.entry.client.name)] if is_named else []
    lines = [
        time.hours,
        time.zone,
        *named,
        translate("With %(name)s", name=offer.practitioner),
        offer.entry.get_mode_display(),
        *([translate("One place (%(group)s)")] if offer.group_id is not None else []),
    ]
    address = absolute_url(path_of("waiting_list:link", token_for(offer, user)))
    return Content(
        values=values_of(offer, zone=zone, language=user.reads, is_named=is_named),
        boxes=[Box(time.day, lines)],
        button_url=address,
        links=[Link(translate(messages.LET_GO), f"{address}#let-go")],
        notes=[translate(messages.NOTE)],
        reason=translate(messages.LOGIN_REASON),
        preview=str(time),
    )


def text_content_of(offer: WaitingOffer, user: User) -> Content:
    """What the text message says: when, until when, and where to answer; nothing of what it is about."""
    values = values_of(offer, zone=offer.entry.client.time_zone, language=user.reads, is_named=False)
    link = absolute_url(path_of("waiting_list:link", token_for(offer, user)))
    return Content(
        values={**{name: values[name] for name in ("day", "short_day", "start", "hours", "until")}, "link": link}
    )


def values_of(offer: WaitingOffer, *, zone: str, language: str, is_named: bool) -> dict[str, str]:
    """What the words can speak of."""
    time = format_time_span(offer.starts_at, offer.ends_at, zone=zone, language=language)
    return {
        "day": time.day,
        "short_day": time.short_day,
        "start": time.start,
        "hours": time.hours,
        "practitioner": str(offer.practitioner),
        "service": offer.entry.what if is_named else "",
        "clients": offer.entry.client.name if is_named else "",
        "until": _moment(offer.expires_at, zone, language),
    }


def _moment(at: datetime, zone: str, language: str) -> str:
    written = format_time_span(at, at, zone=zone, language=language)
    return f"{written.short_day}, {written.start}"
