"""What readers get to see: publishing, now or later, taking a page back, its place in the tree."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page, Revision

from core.kernel import audit, clock, outbox
from core.kernel.errors import ConflictError, DomainError
from core.kernel.translation import translate
from core.pages.actions.drafts import login_of, refuse_taken
from core.pages.actions.links import end_share
from core.pages.addresses import path_of_page
from core.pages.audit_codes import PagesAudit
from core.pages.models import HomePage
from core.pages.outbox_names import PUBLISH_PAGE
from core.pages.queries import mark_of

FARTHEST = timedelta(days=366)


@transaction.atomic
def publish_page(*, page: Page, by: Any, seen: str = "") -> None:
    """Show the newest draft to readers; a date that was set before is forgotten. Errors: `address_taken`, `draft_changed`.

    `seen`: the draft's `mark_of` when somebody looked at it; empty asks for no particular state.
    """
    held = _held_with_parent(page)
    _refuse_unseen(held, seen)
    revision = held.latest_revision or held.save_revision(user=login_of(by))
    refuse_taken(revision.as_object(), held.get_parent())
    _publish(held, revision, by=by)
    audit.record(PagesAudit.PAGE_PUBLISHED, by=by, subject=held)


@transaction.atomic
def schedule_page(*, page: Page, at: datetime, by: Any, seen: str = "") -> None:
    """Let the newest draft be published at a moment to come. Errors: those of `publish_page`, `moment_past`, `moment_far`."""
    if at <= clock.now():
        raise DomainError("moment_past", translate("Choose a moment that is still to come."), field="date")
    if at > clock.now() + FARTHEST:
        raise DomainError("moment_far", translate("Choose a moment within a year."), field="date")
    held = _held_with_parent(page)
    _refuse_unseen(held, seen)
    revision = held.latest_revision or held.save_revision(user=login_of(by))
    refuse_taken(revision.as_object(), held.get_parent())
    held.revisions.exclude(pk=revision.pk).update(approved_go_live_at=None)
    revision.approved_go_live_at = at
    revision.save(update_fields=["approved_go_live_at"])
    outbox.enqueue(PUBLISH_PAGE, due_at=at, by=by, revision_id=revision.pk, at=at.isoformat())
    audit.record(PagesAudit.PAGE_SCHEDULED, by=by, subject=held, changes={"at": [None, at.isoformat()]})


@transaction.atomic
def unschedule_page(*, page: Page, by: Any) -> None:
    """Do not publish a draft by itself. Again changes nothing."""
    _forget_date(_held(page), by=by)


@transaction.atomic
def publish_scheduled(revision_id: int, *, at: datetime) -> bool:
    """Publish the version that was to be published at this moment; False when somebody has decided otherwise meanwhile.

    Where another page has taken the wanted address since, the page is published at the one that it has.
    """
    waiting = Revision.objects.filter(pk=revision_id, approved_go_live_at=at)
    known = waiting.first()
    page = Page.objects.filter(pk=int(known.object_id)).first() if known else None
    held = _held_with_parent(page) if page else None
    revision = waiting.select_for_update().first()  # after the page, as everybody else
    if held is None or revision is None:
        return False
    try:
        refuse_taken(revision.as_object(), held.get_parent())
    except DomainError:
        revision.content["slug"] = held.slug
        revision.save(update_fields=["content"])
    _publish(held, revision, by=revision.user)
    audit.record(PagesAudit.PAGE_PUBLISHED, by=revision.user or audit.SYSTEM, subject=held)
    return True


@transaction.atomic
def unpublish_page(*, page: Page, by: Any) -> None:
    """Take a page off the site, and off what is published by itself; its draft and its versions stay. Error `front_page_stays`."""
    held = _held(page)
    _refuse_home(held)
    _forget_date(held, by=by)
    if not held.live:
        return
    held.unpublish(log_action=False)
    audit.record(PagesAudit.PAGE_UNPUBLISHED, by=by, subject=held)


@transaction.atomic
def move_page(*, page: Page, up: bool, by: Any) -> None:
    """Let a page change places with its neighbour, in the menu too; the first and the last stay where they are."""
    held = _held(page)
    other = held.get_prev_sibling() if up else held.get_next_sibling()
    if other is None:
        return
    held.move(other, pos="left" if up else "right")
    audit.record(PagesAudit.PAGE_MOVED, by=by, subject=held)


@transaction.atomic
def delete_page(*, page: Page, by: Any) -> None:
    """Throw a page away with all its versions. Errors: `front_page_stays`, `page_has_pages`."""
    held = _held(page)
    _refuse_home(held)
    if held.numchild:
        sentence = translate("There are pages below this one. Delete them first, or unpublish this page.")
        raise DomainError("page_has_pages", sentence)
    audit.record(PagesAudit.PAGE_DELETED, by=by, subject=held)
    held.delete()


def _held(page: Page) -> Any:
    return Page.objects.select_for_update().get(pk=page.pk).specific


def _held_with_parent(page: Page) -> Any:
    """The page, locked after the one above it, below which nobody can take an address meanwhile."""
    Page.objects.select_for_update().get(pk=page.get_parent(update=True).pk)
    return _held(page)


def _publish(held: Page, revision: Revision, *, by: Any) -> None:
    """Publish a version; whoever has an address of before is led to the new one, below the page too. A link to the draft ends."""
    before = _live_paths(held)
    # Who may has been asked at the door; Wagtail's own permissions belong to its admin, which nobody has.
    revision.publish(user=login_of(by), skip_permission_checks=True, log_action=False)
    end_share(page=held, by=by or audit.SYSTEM)
    now = _live_paths(held)
    moved = {key: path for key, path in before.items() if now.get(key, path) != path}
    if moved:
        Redirect.objects.filter(old_path__in=[*moved.values(), *now.values()]).delete()
        Redirect.objects.bulk_create(Redirect(old_path=path, redirect_page_id=key) for key, path in moved.items())


def _live_paths(page: Page) -> dict[int, str]:
    """The addresses of a page and of those below it, as redirects are kept by."""
    fresh = Page.objects.get(pk=page.pk)
    found = Page.objects.live().descendant_of(fresh, inclusive=True).values_list("pk", "url_path")
    return {key: Redirect.normalise_path(path_of_page(url_path)) for key, url_path in found}


def _forget_date(held: Any, *, by: Any) -> None:
    waiting = held.revisions.filter(approved_go_live_at__isnull=False)
    at = waiting.values_list("approved_go_live_at", flat=True).first()
    if at is not None:
        waiting.update(approved_go_live_at=None)
        audit.record(PagesAudit.PAGE_UNSCHEDULED, by=by, subject=held, changes={"at": [at.isoformat(), None]})


def _refuse_unseen(held: Any, seen: str) -> None:
    """ConflictError `draft_changed`: the draft is not as somebody has seen it."""
    latest = held.latest_revision
    if seen and seen != mark_of(latest):
        who = str(latest.user or "") if latest else ""
        sentence = translate(
            "%(who)s has changed the draft meanwhile. Look at it as it is now, then decide.",
            who=who or translate("Somebody"),
        )
        raise ConflictError("draft_changed", sentence)


def _refuse_home(page: Page) -> None:
    if isinstance(page, HomePage):
        raise DomainError("front_page_stays", translate("The front page stays: it is where your address leads."))
