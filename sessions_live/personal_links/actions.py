"""What somebody does with their personal link, and who comes by it."""

import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils.crypto import constant_time_compare
from django.utils.text import slugify

from core.kernel import audit, unseen
from core.kernel.errors import ConflictError, DomainError
from core.kernel.plain_text import require_plain
from core.kernel.translation import translate
from core.kernel.typed_names import holds_address
from core.people.actions import add_client
from core.people.actions.changes import require, write_changes
from core.people.models import Client, StaffMember, User
from core.people.permissions import clients_visible_to, is_active_staff
from core.scheduling.actions.availability import check_windows
from core.scheduling.rules.availability import WEEK, Window
from sessions_live import broadcasts, notifications
from sessions_live.actions.in_call import not_here
from sessions_live.actions.rooms import clear_for_next
from sessions_live.audit_codes import LiveAudit
from sessions_live.models import Admission, Room
from sessions_live.permissions import RoomRole, can_host, role_in
from sessions_live.personal_links.models import (
    LONGEST_NAME,
    LONGEST_PASSPHRASE,
    LONGEST_SLUG,
    LinkGuest,
    PersonalLink,
    RetiredSlug,
)
from sessions_live.personal_links.queries import is_namesake, link_of
from sessions_live.rules.guest_names import has_letter

LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that is taken for another
BLOCKED_NETWORK = timedelta(days=1)  # in which somebody who was blocked is not let back in by another browser there
RANDOM, SHORTEST_SLUG, SHORTEST_PASSPHRASE = 5, 5, 4


@transaction.atomic
def ensure_link(staff: StaffMember, *, by: User, now: datetime) -> PersonalLink:
    """The person's link; made when they first look at it."""
    require(is_active_staff(by) and by.staff is not None and by.staff.pk == staff.pk)
    found = link_of(staff)
    if found is not None:
        return found
    return link_for(staff, by=by, now=now)


def link_for(staff: StaffMember, *, by: User, now: datetime) -> PersonalLink:
    """The link of whoever's guests are invited by somebody who may; made where they have never looked at it."""
    link, is_new = PersonalLink.objects.get_or_create(
        staff=staff, defaults={"slug": _fresh_slug(staff), "created_at": now}
    )
    if is_new:
        audit.record(LiveAudit.PERSONAL_LINK_MADE, by=by, subject=link)
    return link


@transaction.atomic
def reset_link(link: PersonalLink, *, wanted: str = "", by: User, now: datetime) -> PersonalLink:
    """Another address: the old one is dead from now on, and whoever waits by it is out. Who is in stays.

    `wanted`: the new one as its owner has chosen it; else one is made. Errors: `slug_short`, `slug_long`, `slug_taken`.
    """
    link = _held(link, by)
    slug = _chosen(wanted, link) if wanted.strip() else _fresh_slug(link.staff)
    RetiredSlug.objects.get_or_create(slug=link.slug, defaults={"link": link, "retired_at": now})
    link.slug, link.reset_at = slug, now
    try:
        with transaction.atomic():
            link.save(update_fields=["slug", "reset_at"])
    except IntegrityError as error:
        raise _taken() from error
    audit.record(LiveAudit.PERSONAL_LINK_RESET, by=by, subject=link)
    show_out(link, link.guests.all(), now=now)
    return link


@transaction.atomic
def change_link(
    link: PersonalLink,
    *,
    is_locked: bool,
    passphrase: str,
    weekly: Mapping[int, Sequence[Window]],
    by: User,
    now: datetime,
) -> PersonalLink:
    """Lock or unlock it, and say by which words and when one may come. Errors: `passphrase_short`, `passphrase_long`, those of windows."""
    link = _held(link, by)
    passphrase = unseen.one_line(passphrase)
    require_plain(passphrase)
    if passphrase and len(passphrase) < SHORTEST_PASSPHRASE:
        sentence = translate("Write at least %(least)s characters.", least=SHORTEST_PASSPHRASE)
        raise DomainError("passphrase_short", sentence, field="passphrase")
    if len(passphrase) > LONGEST_PASSPHRASE:
        sentence = translate("Write at most %(most)s characters.", most=LONGEST_PASSPHRASE)
        raise DomainError("passphrase_long", sentence, field="passphrase")
    for day in WEEK:
        check_windows(weekly.get(day, ()), field=f"day_{day}")
    hours = {str(day): [[each.starts, each.ends] for each in weekly[day]] for day in WEEK if weekly.get(day)}
    changes = write_changes(link, {"is_locked": is_locked})
    if link.hours != hours:
        changes["hours"] = ["…", "…"]
        link.hours = hours
    if link.passphrase != passphrase or link.has_passphrase != bool(passphrase):
        changes["passphrase"] = ["…", "…"]
        link.passphrase = passphrase
    if changes:
        link.save(update_fields=["hours", "encrypted_passphrase"])
        audit.record(LiveAudit.PERSONAL_LINK_CHANGED, by=by, subject=link, changes=changes)
    return link


def checked_name(name: str) -> str:
    """A guest's name in one line. Errors: `name_missing`, `name_too_long`, `name_is_address`, `control_characters`."""
    require_plain(name)
    name = unseen.one_line(name)
    if not has_letter(name):
        raise DomainError("name_missing", translate("Write your name."), field="name")
    if len(name) > LONGEST_NAME:
        sentence = translate("Write at most %(most)s characters.", most=LONGEST_NAME)
        raise DomainError("name_too_long", sentence, field="name")
    if holds_address(name):
        raise DomainError("name_is_address", translate("Write your name, without an address."), field="name")
    return name


def check_passphrase(link: PersonalLink, passphrase: str) -> None:
    """DomainError `passphrase_wrong`."""
    typed = unseen.one_line(passphrase).casefold()
    if link.has_passphrase and not (
        link.passphrase and constant_time_compare(typed.encode(), link.passphrase.casefold().encode())
    ):
        raise DomainError("passphrase_wrong", translate("That is not the passphrase."), field="passphrase")


@transaction.atomic
def come_by_link(
    link: PersonalLink, *, name: str, passphrase: str, language: str, network: str, now: datetime
) -> LinkGuest:
    """Somebody without an account says who they are. They wait nowhere yet. Errors: those of name and passphrase; `link_nowhere` from where
    somebody was blocked a short while ago."""
    name = checked_name(name)
    check_passphrase(link, passphrase)
    if network and link.guests.filter(network=network, blocked_at__gt=now - BLOCKED_NETWORK).exists():
        raise DomainError("link_nowhere", translate("Nobody can be met by this link at present."))
    return LinkGuest.objects.create(
        link=link, slug=link.slug, name=name, is_namesake=is_namesake(name), language=language, network=network, came_at=now
    )  # fmt: skip


@transaction.atomic
def come_signed_in(link: PersonalLink, *, passphrase: str, by: User, now: datetime) -> LinkGuest:
    """Somebody who is signed in comes by the link, under their own name (LIV-09). Errors: that of the passphrase."""
    check_passphrase(link, passphrase)
    came, _ = LinkGuest.objects.update_or_create(
        link=link,
        user=by,
        defaults={"slug": link.slug, "name": by.name[:LONGEST_NAME], "language": by.reads, "came_at": now},
    )
    return came


@transaction.atomic
def block_guest(guest: LinkGuest, *, by: User, now: datetime) -> LinkGuest:
    """Out at once, in whatever room and tab, and not in again by this browser until somebody lifts it."""
    guest = _held_guest(guest, by)
    if guest.blocked_at is None:
        guest.blocked_at, guest.blocked_by, guest.into = now, by, None
        guest.save(update_fields=["blocked_at", "blocked_by", "into"])
        audit.record(LiveAudit.LINK_GUEST_BLOCKED, by=by, subject=guest.link, changes={"person": [None, guest.name]})
        show_out(guest.link, LinkGuest.objects.filter(pk=guest.pk), now=now, also_inside=True)
    return guest


@transaction.atomic
def unblock_guest(guest: LinkGuest, *, by: User, now: datetime) -> LinkGuest:
    """They may come again."""
    guest = _held_guest(guest, by)
    if guest.blocked_at is not None:
        guest.blocked_at = guest.blocked_by = None
        guest.save(update_fields=["blocked_at", "blocked_by"])
        audit.record(LiveAudit.LINK_GUEST_UNBLOCKED, by=by, subject=guest.link, changes={"person": [guest.name, None]})
    return guest


@transaction.atomic
def rename_guest(room: Room, admission_id: Any, *, name: str, by: User, now: datetime) -> None:
    """A host gives a guest by link who is in, or waits, the name by which they are known. Errors: those of a name; `not_here`."""
    require(role_in(by, room) is RoomRole.HOST)
    name = checked_name(name)
    here = room.admissions.filter(pk=admission_id, guest__isnull=False, state__in=Admission.OPEN_STATES)
    admission = here.select_for_update(of=["self"]).select_related("guest").first()
    if admission is None or admission.guest is None:
        raise not_here()
    guest, before = admission.guest, admission.name
    if name == before:
        return
    guest.name, guest.is_namesake, admission.name = name, is_namesake(name), name
    guest.save(update_fields=["name", "is_namesake"])
    admission.save(update_fields=["name"])
    audit.record(LiveAudit.LINK_GUEST_RENAMED, by=by, subject=room, changes={"person": [before, name]})
    broadcasts.people_changed(room)


@transaction.atomic
def note_call(guest: LinkGuest, *, client: Client | None, by: User, now: datetime) -> LinkGuest:
    """Say who it was: the call stands with that client, often a prospect, from now on (SAL-03). None takes it away again."""
    guest = _held_guest(guest, by)
    if client is not None and not clients_visible_to(by).filter(pk=client.pk).exists():
        raise PermissionDenied("not a client of theirs")
    if guest.client_id == (client.pk if client else None):
        return guest
    subject = client or guest.client
    before, guest.client = guest.client, client
    guest.save(update_fields=["client"])
    changes: dict[str, Any] = {"call": [str(before) if before else None, guest.name if client else None]}
    audit.record(LiveAudit.LINK_CALL_NOTED, by=by, subject=subject, changes=changes)
    return guest


@transaction.atomic
def note_new_prospect(guest: LinkGuest, *, by: User, now: datetime) -> LinkGuest:
    """Who it was is nobody known yet: a prospect is made of the name that they gave (SAL-03). Errors: `call_noted`."""
    guest = _held_guest(guest, by)
    if guest.client_id is not None:
        raise ConflictError("call_noted", translate("Who it was is noted already."))
    first, _, last = guest.name.partition(" ")
    zone = guest.link.staff.user.time_zone
    client = add_client(
        by=by, now=now, first_name=first, last_name=last.strip(), time_zone=zone, status=Client.Status.PROSPECT
    )
    return note_call(guest, client=client, by=by, now=now)


def show_out(link: PersonalLink, guests: Any, *, now: datetime, also_inside: bool = False) -> None:
    """Whoever of them waits is out, by whatever page; their sockets look again at once."""
    states = Admission.OPEN_STATES if also_inside else [Admission.State.WAITING]
    of_them = Admission.objects.filter(state__in=states, is_host=False)
    if also_inside:
        of_them = of_them.filter(guest__in=guests)
    else:
        of_them = of_them.filter(room__link=link)
    for admission in of_them.select_related(
        "room__appointment__practitioner__user", "room__link__staff__user", "guest"
    ):
        Admission.objects.filter(pk=admission.pk).update(state=Admission.State.DENIED, decided_at=now, held_until=None)
        admission.state = Admission.State.DENIED
        broadcasts.admission_decided(admission.room, admission)
        broadcasts.people_changed(admission.room, gone=admission.pk)
        notifications.withdraw_waiting(admission.room, admission)
        broadcasts.access_changed(admission.person_id)
        clear_for_next(admission.room)


def _held(link: PersonalLink, by: User) -> PersonalLink:
    """As it is now. Only its owner changes it."""
    require(is_active_staff(by) and by.staff is not None and by.staff.pk == link.staff_id)
    return PersonalLink.objects.select_for_update(of=["self"]).select_related("staff__user").get(pk=link.pk)


def _held_guest(guest: LinkGuest, by: User) -> LinkGuest:
    """As they are now, for a host of the link by which they came."""
    rows = LinkGuest.objects.select_for_update(of=["self"]).select_related("link__staff__user", "client")
    found = rows.get(pk=guest.pk)
    require(can_host(by, found.link))
    return found


def _fresh_slug(staff: StaffMember) -> str:
    """The name, readable, and five letters that nobody guesses at once."""
    name = slugify(staff.user.name)[: LONGEST_SLUG - RANDOM - 1].strip("-") or "meet"
    while True:
        slug = f"{name}-{''.join(secrets.choice(LETTERS) for _ in range(RANDOM))}"
        if not _is_taken(slug):
            return slug


def _chosen(wanted: str, link: PersonalLink) -> str:
    slug = slugify(wanted)
    if len(slug) < SHORTEST_SLUG:
        sentence = translate("Write at least %(least)s letters or figures.", least=SHORTEST_SLUG)
        raise DomainError("slug_short", sentence, field="wanted")
    if len(slug) > LONGEST_SLUG:
        sentence = translate("Write at most %(most)s characters.", most=LONGEST_SLUG)
        raise DomainError("slug_long", sentence, field="wanted")
    if slug == link.slug or _is_taken(slug):
        raise _taken()
    return slug


def _is_taken(slug: str) -> bool:
    """By a link of today, or by an address that was reset: nobody gets that again."""
    return PersonalLink.objects.filter(slug=slug).exists() or RetiredSlug.objects.filter(slug=slug).exists()


def _taken() -> DomainError:
    sentence = translate("This address is taken, or was somebody’s before. Choose another one.")
    return DomainError("slug_taken", sentence, field="wanted")
