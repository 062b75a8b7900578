"""Which page visitors of a branch's hosts find first."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from wagtail.models import Page

from branding.actions.looks import hold_brand
from branding.models import Branch
from branding.queries import active_branches
from core.kernel import audit
from core.kernel.errors import DomainError
from core.kernel.translation import translate
from core.pages.audit_codes import PagesAudit
from core.pages.models import BranchFrontPage, HomePage
from tenants import entitlements


@transaction.atomic
def set_branches_of_front_page(*, page: Page, branches: Iterable[Branch], by: Any) -> None:
    """Let a page be the front page of exactly these branches; those that it was of before have the organization's again.

    Branches that are not met keep what they have. Errors: `not_in_plan`, `branch_closed`, `front_page_of_all` for the organization's.
    """
    chosen = {branch.pk: branch for branch in branches}
    if chosen:
        entitlements.require(entitlements.BRANCHES, translate("Branches with a look of their own need another plan."))
    hold_brand()
    held = Page.objects.select_for_update().get(pk=page.pk)
    if isinstance(held.specific, HomePage):
        raise DomainError("front_page_of_all", translate("This is everybody's front page already."), field="branches")
    met = active_branches()
    for key, branch in chosen.items():
        if key not in met:
            sentence = translate("%(branch)s is not active.", branch=branch.label)
            raise DomainError("branch_closed", sentence, field="branches")
    before = {
        front.branch_id: front.branch.label
        for front in BranchFrontPage.objects.filter(page=held, branch__in=list(met)).select_related("branch")
    }
    if before.keys() == chosen.keys():
        return
    BranchFrontPage.objects.filter(page=held, branch__in=before.keys() - chosen.keys()).delete()
    for branch in chosen.values():
        BranchFrontPage.objects.update_or_create(branch=branch, defaults={"page": held})
    told = [sorted(before.values()), sorted(branch.label for branch in chosen.values())]
    audit.record(PagesAudit.FRONT_PAGE_CHOSEN, by=by, subject=held, changes={"branches": told})
