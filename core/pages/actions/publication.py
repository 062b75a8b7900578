"""What readers get to see: publishing, now or later, taking a page back, its place in the tree."""

from datetime import datetime
from typing import Any

from django.db import transaction
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page, Revision

from core.kernel import audit, clock, outbox
from core.kernel.errors import DomainError
from core.kernel.translation import translate
from core.pages.addresses import path_of_page
from core.pages.audit_codes import PagesAudit
from core.pages.models import HomePage
from core.pages.outbox_names import PUBLISH_PAGE


@transaction.atomic
def publish_page(*, page: Page, by: Any) -> None:
    """Show the newest draft to readers; a date that was set before is forgotten."""
    held = _held(page)
    revision = held.latest_revision or held.save_revision(user=by)
    _publish(held, revision, by=by)
    audit.record(PagesAudit.PAGE_PUBLISHED, by=by, subject=held)


@transaction.atomic
def schedule_page(*, page: Page, at: datetime, by: Any) -> None:
    """Let the newest draft be published at a moment to come. Error `moment_past`."""
    if at <= clock.now():
        raise DomainError("moment_past", translate("Choose a moment that is still to come."), field="at")
    held = _held(page)
    revision = held.latest_revision or held.save_revision(user=by)
    held.revisions.exclude(pk=revision.pk).update(approved_go_live_at=None)
    revision.approved_go_live_at = at
    revision.save(update_fields=["approved_go_live_at"])
    outbox.enqueue(PUBLISH_PAGE, due_at=at, by=by, revision_id=revision.pk, at=at.isoformat())
    audit.record(PagesAudit.PAGE_SCHEDULED, by=by, subject=held, changes={"at": [None, at.isoformat()]})


@transaction.atomic
def publish_scheduled(revision_id: int, *, at: datetime) -> bool:
    """Publish the version that was to be published at this moment; False when somebody has decided otherwise meanwhile."""
    revision = Revision.objects.select_for_update().filter(pk=revision_id, approved_go_live_at=at).first()
    if revision is None:
        return False
    held = _held(Page.objects.get(pk=int(revision.object_id)))
    _publish(held, revision, by=revision.user)
    audit.record(PagesAudit.PAGE_PUBLISHED, by=revision.user or audit.SYSTEM, subject=held)
    return True


@transaction.atomic
def unpublish_page(*, page: Page, by: Any) -> None:
    """Take a page off the site; its draft and its versions stay. Error `front_page_stays`."""
    held = _held(page)
    _refuse_home(held)
    if not held.live:
        return
    held.revisions.update(approved_go_live_at=None)
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


def _publish(held: Page, revision: Revision, *, by: Any) -> None:
    """Publish a version; whoever has an address of before is led to the new one, below the page too."""
    before = _live_paths(held)
    # Who may has been asked at the door; Wagtail's own permissions belong to its admin, which nobody has.
    revision.publish(user=by, skip_permission_checks=True, log_action=False)
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


def _refuse_home(page: Page) -> None:
    if isinstance(page, HomePage):
        raise DomainError("front_page_stays", translate("The front page stays: it is where your address leads."))
