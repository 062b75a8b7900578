"""The brand studio: a look is drafted, looked at, published, and an earlier one brought back (ADR 26)."""

from typing import Any
from uuid import UUID

from django import forms
from django.forms import BaseForm
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from branding import actions
from branding.images import MOST_BYTES
from branding.models import Branch, BranchDraft, BranchVersion, Brand, BrandDraft, BrandVersion
from branding.queries import begun_draft, draft_of, draft_to_edit, facts_of, find_branch, published_brand, versions_of
from branding.rules.own_css import read_css
from branding.rules.palette import derive_palette
from core.kernel import clock
from core.kernel.errors import DomainError, NotFound
from core.people.roles import Permission
from portal.forms import ActionView
from portal.look_samples import sample_names
from portal.settings import studio_presenters
from portal.settings.studio_forms import LookForm
from portal.settings_pages import SettingsFormView
from tenants import entitlements
from tenants.absolute_urls import absolute_url
from tenants.bodies import SIGNED_IN_BYTES


class StudioMixin:
    """The form of a draft, of the look or of a branch, beside what becomes of it; saving it publishes nothing."""

    needs = Permission.MANAGE_ORGANIZATION
    edits = True
    branch: Branch | None = None

    def get_edited(self) -> list[Any]:
        found = draft_of(self.branch)
        return [self.branch or Brand.objects.get(is_current=True), *([found] if found else [])]

    def get_version_values(self, form: forms.BaseForm) -> dict[str, Any]:
        """Besides the fields: which version is published. Whoever drafts hears of it when that changes under their hands."""
        return {**super().get_version_values(form), "published": newest_number(self.branch)}

    def get_success_message(self) -> str:
        if self.result is None:
            return _("This is what is published already, so there is no draft.")
        return _("The draft is saved. Nobody else sees it before you publish it.")

    @cached_property
    def drafted(self) -> BrandDraft | BranchDraft | None:
        """The draft as the page shows it."""
        return draft_of(self.branch)

    def get_draft_context(self) -> dict[str, Any]:
        """What is drafted and what was published, with the addresses of their buttons."""
        found, versions = self.drafted, list(versions_of(self.branch))
        return {
            "draft": found,
            "draft_link": shared_address(found),
            "changed": studio_presenters.labels(found.differences(self.branch or published_brand())) if found else [],
            "over": versions[0].number if versions else 0,
            "versions": studio_presenters.rows(versions, self.branch),
            "acts": studio_presenters.acts(self.branch),
        }


class StudioView(StudioMixin, SettingsFormView):
    """The form of the organization's own look."""

    body_limit = (
        9 * MOST_BYTES + SIGNED_IN_BYTES
    )  # six pictures, and half as much again, so that the form says which is too large
    template_name = "settings/studio.html"

    def get_form(self, *posted: Any) -> LookForm:
        return LookForm(*posted, instance=draft_to_edit(None))

    def perform(self, form: LookForm) -> BrandDraft | None:
        return actions.change_draft(by=self.user, now=clock.now(), **form.look)

    def get_success_url(self) -> str:
        return reverse("settings:brand")

    def get_context_data(self, form: BaseForm) -> dict[str, Any]:
        look = self.drafted or begun_draft(published_brand())
        return {
            **super().get_context_data(form),
            **self.get_draft_context(),
            "samples": [(reverse("settings:brand_sample", args=[name]), name, label) for name, label in sample_names()],
            "preview_url": reverse("settings:brand_sample", args=["start"]),
            "own_css": read_css(look.own_css),
            "may_write_css": entitlements.allows(entitlements.OWN_CSS),
            **studio_presenters.readability(derive_palette(facts_of(look))),
        }


class StudioActView(ActionView):
    """A button of the studio, which says what of it somebody has seen: the draft's state, and the version that is published."""

    needs = Permission.MANAGE_ORGANIZATION
    branch: Branch | None = None

    def load(self, pk: UUID | None = None) -> None:
        self.branch = find_branch(pk) if pk else None

    def get_success_url(self) -> str:
        return reverse("settings:branch", args=[self.branch.pk]) if self.branch else reverse("settings:brand")

    @property
    def mark(self) -> str:
        """The state of the draft that was on the page."""
        return self.request.POST.get("mark", "")[:60] or "none"

    @property
    def over(self) -> int:
        """The number of the version that was published when the page was made."""
        text = self.request.POST.get("over", "")
        return int(text) if text.isdecimal() and len(text) < 9 else 0


class PublicationView(StudioActView):
    """Publish the draft."""

    def perform(self) -> BrandVersion | BranchVersion:
        return actions.publish_draft(mark=self.mark, over=self.over, by=self.user, now=clock.now(), branch=self.branch)

    def get_success_message(self) -> str:
        return _("Published as version %(number)s. Pages, mails and papers show it from now on.") % {
            "number": self.result.number
        }


class ScheduleView(StudioActView):
    """Publish the draft later."""

    success_message = gettext_lazy("Noted. The draft is published by itself at that moment, as it is by then.")

    def perform(self) -> BrandDraft | BranchDraft:
        try:
            at = forms.DateTimeField().clean(self.request.POST.get("publish_at", ""))
        except forms.ValidationError as error:
            raise DomainError("moment_missing", _("Say at which day and hour.")) from error
        if timezone.is_naive(at):
            at = timezone.make_aware(at)
        return actions.schedule_draft(
            mark=self.mark, over=self.over, at=at, by=self.user, now=clock.now(), branch=self.branch
        )


class ScheduleEndView(StudioActView):
    """Do not publish it by itself."""

    success_message = gettext_lazy("The draft is not published by itself any more.")

    def perform(self) -> None:
        actions.unschedule_draft(by=self.user, branch=self.branch)


class DiscardView(StudioActView):
    """Throw the draft away."""

    success_message = gettext_lazy("The draft is gone. What is published has stayed as it was.")

    def perform(self) -> None:
        actions.discard_draft(mark=self.mark, by=self.user, branch=self.branch)


class DraftLinkView(StudioActView):
    """Make the link that shows the draft to whoever has it."""

    success_message = gettext_lazy("Here is a link to the draft. Whoever has it can look for seven days.")

    def perform(self) -> BrandDraft | BranchDraft:
        return actions.share_draft(by=self.user, now=clock.now(), branch=self.branch)


class DraftLinkEndView(StudioActView):
    """Let it open nothing any more."""

    success_message = gettext_lazy("The link shows nothing any more.")

    def perform(self) -> None:
        actions.end_share(by=self.user, branch=self.branch)


class RestorationView(StudioActView):
    """Publish an earlier version again."""

    number: int

    def load(self, pk: UUID | None = None, *, number: int) -> None:
        super().load(pk)
        if not versions_of(self.branch).filter(number=number).exists():
            raise NotFound
        self.number = number

    def perform(self) -> BrandVersion | BranchVersion:
        return actions.restore_version(
            number=self.number, over=self.over, by=self.user, now=clock.now(), branch=self.branch
        )

    def get_success_message(self) -> str:
        said = _("Version %(old)s is published again, as version %(number)s.") % {
            "old": self.number,
            "number": self.result.number,
        }
        found = draft_of(self.branch)
        if found is None:
            return said
        stays = _("The draft of %(who)s has stayed as it was, and is not published by itself.")
        return f"{said} {stays % {'who': found.author_name}}"


def shared_address(of: BrandDraft | BranchDraft | None) -> str:
    """The whole address of the draft's link; empty when there is none in force."""
    if of is None or not of.share_key or of.share_until is None or of.share_until <= clock.now():
        return ""
    return absolute_url(reverse("brand:look", args=[of.share_key]))


def newest_number(branch: Branch | None) -> int:
    """The number of the version that is published; 0 where none was kept yet."""
    newest = versions_of(branch).first()
    return newest.number if newest else 0


def version_numbered(number: str, branch: Branch | None) -> BrandVersion | BranchVersion | None:
    """An earlier look by its number; None for what is no number of one."""
    if not number.isdecimal() or len(number) > 8:
        return None
    return versions_of(branch).filter(number=int(number)).first()
