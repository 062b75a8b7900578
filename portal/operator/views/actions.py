"""Actions on one organization: each has a page that says what will happen, asks why, and does it."""

from contextlib import suppress
from typing import Any, ClassVar
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse, QueryDict

from branding.actions import give_host
from branding.queries import branches
from core.kernel import clock
from core.kernel.errors import ConflictError, DomainError, GatewayError
from portal import versions
from portal.forms import add_refusal
from portal.operator import presenters
from portal.operator.access import OperatorView
from portal.operator.branches import branch_labels, labels_of
from portal.operator.forms import (
    ConfirmationForm,
    DomainForm,
    EntitlementForm,
    HostBranchForm,
    PlanForm,
    ReasonForm,
)
from portal.operator.views.base import TYPED, redirect_with_notice, render_page
from portal.versions import Version
from tenants import context, domains, failed_tasks, failed_work, lifecycle, plans
from tenants.domain_rules import Problem
from tenants.models import Domain, Organization
from tenants.operators import queries


class ActionFormView(OperatorView):
    """Form, action, answer. Subclasses say in words what happens, and name the action."""

    title = ""
    text = ""
    submit = ""
    done = ""
    danger = False
    takes_kept_forms = True
    form_class: ClassVar[type[forms.Form]] = ReasonForm

    def get(self, request: HttpRequest, organization_id: UUID, **names: Any) -> HttpResponse:
        typed, initial = self.typed_again(), self.initial(organization_id)
        if typed is None:
            return self._form(request, organization_id, self.form_class(initial=initial))
        return self._form(request, organization_id, self.form_class(typed, initial=initial), typed=typed)

    def post(self, request: HttpRequest, organization_id: UUID, **names: Any) -> HttpResponse:
        return self.once(lambda: self._act_once(request, organization_id, **names))

    def _act_once(self, request: HttpRequest, organization_id: UUID, **names: Any) -> HttpResponse:
        form = self.unless_used(self.form_class(request.POST, initial=self.initial(organization_id)))
        if form.is_valid():
            try:
                self._refuse_if_changed(organization_id)
                self.act(organization_id, **form.cleaned_data, **names, by=self.operator.email, now=clock.now())
            except (DomainError, GatewayError) as error:
                add_refusal(form, error)
            else:
                answer = redirect_with_notice("operator:organization", organization_id, done=self.done)
                self.note_sent(answer.headers["Location"])
                return answer
        return self._form(request, organization_id, form, status=422)

    def _refuse_if_changed(self, organization_id: UUID) -> None:
        """Because whoever acts has seen the state and the plan that stood there when the page was made."""
        seen = versions.sent_with(self.request.POST, address=self.request.path, user_id=self.get_sender())
        if seen is not None and versions.changed_since(seen, self.facts(queries.get_organization(organization_id))):
            raise ConflictError(
                "changed_meanwhile", "Somebody has changed this organization meanwhile. Look, then send it again."
            )

    def initial(self, organization_id: UUID) -> dict[str, Any]:
        return {}

    def act(self, organization_id: UUID, **arguments: Any) -> Any:
        raise NotImplementedError

    def _form(
        self,
        request: HttpRequest,
        organization_id: UUID,
        form: forms.Form,
        *,
        status: int = 200,
        typed: QueryDict | None = None,
    ) -> HttpResponse:
        subject = queries.get_organization(organization_id)
        words: dict[str, Any] = {"title": self.title, "text": self.text, "submit": self.submit, "danger": self.danger}
        words["trail"] = presenters.trail(subject, self.title)
        if typed is not None:
            words["notice"] = TYPED
        seen = self._seen_with(typed) or Version(versions.marks_of(self.facts(subject)), clock.now())
        versions.carry(request, seen, address=request.path, user_id=self.get_sender())
        return render_page(
            request, "operator/action_form.html", {"subject": subject, "form": form, **words}, status=status
        )

    def _seen_with(self, typed: QueryDict | None) -> Version | None:
        """What whoever typed this had seen then; nothing where that cannot be read any more."""
        with suppress(ConflictError):
            return typed and versions.sent_with(typed, address=self.request.path, user_id=self.get_sender())
        return None

    def facts(self, organization: Organization) -> dict[str, Any]:
        """What may not change between the page and its sending."""
        return {"state": organization.state, "plan": organization.plan_id}


class SuspensionView(ActionFormView):
    title, submit, done, danger = "Suspend", "Suspend now", "suspended", True
    text = "Its people see a neutral page within a second, open sessions end, jobs and mail wait. Nothing is lost; resuming brings all of it back."

    def act(self, organization_id: UUID, **arguments: Any) -> Any:
        return lifecycle.suspend_organization(organization_id, **arguments)


class ResumptionView(ActionFormView):
    title, submit, done = "Resume", "Resume now", "resumed"
    text = "Its people can come back at once, and what was promised meanwhile is delivered."

    def act(self, organization_id: UUID, **arguments: Any) -> Any:
        return lifecycle.resume_organization(organization_id, **arguments)


class ClosingView(ActionFormView):
    title, submit, done, danger = "Begin closing", "Begin closing", "closing", True
    text = "Its people see a neutral page from now on. You can still resume it; closing it for good is a second step."

    def act(self, organization_id: UUID, **arguments: Any) -> Any:
        return lifecycle.begin_closing(organization_id, **arguments)


class ClosureView(ActionFormView):
    title, submit, done, danger = "Close for good", "Close for good", "closed", True
    text = "Its hosts become unknown addresses. There is no way back in the console; its records are kept until their retention has run out."

    def act(self, organization_id: UUID, **arguments: Any) -> Any:
        return lifecycle.close_organization(organization_id, **arguments)


class FailedPromisesView(ActionFormView):
    title, submit, done, form_class = "Try failed promises again", "Try them again", "tried-again", ConfirmationForm
    text = (
        "Everything that failed is tried again now. Each promise looks at first whether it is still wanted: nothing out of "
        "date leaves, and nothing leaves twice."
    )

    def act(self, organization_id: UUID, **arguments: Any) -> Any:
        return failed_work.try_again(organization_id, **arguments)


class FailedTaskView(OperatorView):
    """Run background work again that has failed. A button: what it does, it does every night anyhow."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        return redirect_with_notice("operator:workers")

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self.once(lambda: self._run_again(pk))

    def _run_again(self, pk: int) -> HttpResponse:
        failed_tasks.run_again(pk, by=self.operator.email, now=clock.now())
        answer = redirect_with_notice("operator:workers", done="run-again")
        self.note_sent(answer.headers["Location"])
        return answer


class PlanView(ActionFormView):
    title, submit, done, form_class = "Change the plan", "Change the plan", "plan", PlanForm
    text = (
        "It applies at once: what a smaller plan switches off stays as it is, but nothing new can be begun with it. Web addresses and a sender of "
        "its own go on for 30 days; then they lead to the address below the platform's domain, and mail leaves neutrally. Nothing is deleted."
    )

    def initial(self, organization_id: UUID) -> dict[str, Any]:
        return {"plan": queries.get_organization(organization_id).plan_id}

    def act(self, organization_id: UUID, **arguments: Any) -> Any:
        return plans.change_plan(organization_id, **arguments)


class EntitlementView(ActionFormView):
    title, submit, done, form_class = "Decide beside the plan", "Decide it", "entitlement", EntitlementForm
    text = (
        "One entitlement of this organization, whatever its plan says. Switched off, its own web addresses and its sender go on for 30 days, unless "
        "it is to end at once; then they lead to the address below the platform's domain, and mail leaves neutrally. Nothing is deleted."
    )

    def act(
        self, organization_id: UUID, *, code: str, choice: str, reason: str, by: str, now: Any, **details: Any
    ) -> Any:
        if choice == "plan":
            return plans.drop_entitlement(organization_id, code=code, by=by, now=now)
        return plans.set_entitlement(
            organization_id, code=code, is_on=choice == "on", reason=reason, by=by, now=now, **details
        )


class DomainAdditionView(ActionFormView):
    title, submit, done, form_class = "Add a host", "Add the host", "host-added", DomainForm
    text = "The organization can be reached under several hosts. Links in mail point to the primary one."

    def act(self, organization_id: UUID, **arguments: Any) -> Any:
        return domains.add_domain(organization_id, **arguments)


class DomainVerificationView(ActionFormView):
    title, submit, done, form_class = "Check the host", "Look at the DNS", "host-checked", ConfirmationForm
    text = "Looks for its records in the DNS now, and for its certificate. New records take a few minutes to be seen everywhere."

    def act(self, organization_id: UUID, **arguments: Any) -> Any:
        domain, _findings = domains.check_domain(organization_id, **arguments)
        if domain.problem:
            raise DomainError(domain.problem, Problem(domain.problem).sentence)


class DomainVouchingView(ActionFormView):
    title, submit, done = "Vouch for the host", "Serve this host", "host-verified"
    text = "Serves the host without a DNS record. Only for hosts that the platform itself hands out."

    def act(self, organization_id: UUID, **arguments: Any) -> Any:
        return domains.vouch_for_domain(organization_id, **arguments)


class DomainPrimacyView(ActionFormView):
    title, submit, done, form_class = "Make the host primary", "Make it primary", "host-primary", ConfirmationForm
    text = (
        "Links in mail and files point to this host from now on. The other hosts work beside it for two weeks, then lead "
        "to it. Passkeys belong to the host on which they were made: whoever has one is told by mail to add another here."
    )

    def act(self, organization_id: UUID, **arguments: Any) -> Any:
        return domains.make_primary(organization_id, **arguments)


class DomainBranchView(ActionFormView):
    title, submit, done, form_class = "Give the host to a branch", "Save", "host-branch", HostBranchForm
    text = (
        "Whoever comes by this host meets the branch, in its name and look, and links in its mail lead here. The organization's people decide what "
        "a branch is."
    )

    def initial(self, organization_id: UUID) -> dict[str, Any]:
        organization, host = queries.get_organization(organization_id), self._host(organization_id)
        offered = labels_of(organization, [host]) | branch_labels(organization)  # also the one that stands there
        return {
            "branches": [(str(key), label) for key, label in offered.items()],
            "branch": str(host.branch_id or ""),
        }

    def facts(self, organization: Organization) -> dict[str, Any]:
        return {**super().facts(organization), "branch": str(self._host(organization.pk).branch_id or "")}

    def act(self, organization_id: UUID, *, domain_id: int, branch: str, by: str, now: Any) -> Any:
        with context.organization_context(queries.get_organization(organization_id)):
            chosen = branches().get(UUID(branch)) if branch else None
            if branch and chosen is None:
                raise ConflictError("branch_gone", "This branch was deleted meanwhile. Choose again.", field="branch")
            return give_host(domain_id, branch=chosen, by=by, now=now)

    def _host(self, organization_id: UUID) -> Domain:
        return domains.find(organization_id, self.kwargs["domain_id"])


class DomainBlockView(ActionFormView):
    title, submit, done, danger = "Block the host", "Block the host", "host-blocked", True
    text = "The host answers as an unknown address from now on, and nobody can ask for it, until it is unblocked and proved anew."

    def act(self, organization_id: UUID, **arguments: Any) -> Any:
        return domains.block_domain(organization_id, **arguments)


class DomainUnblockView(ActionFormView):
    title, submit, done, form_class = "Unblock the host", "Unblock the host", "host-unblocked", ConfirmationForm
    text = "Its organization can prove it again."

    def act(self, organization_id: UUID, **arguments: Any) -> Any:
        return domains.unblock_domain(organization_id, **arguments)


class DomainRemovalView(ActionFormView):
    title, submit, done, danger, form_class = (
        "Remove the host",
        "Remove the host",
        "host-removed",
        True,
        ConfirmationForm,
    )
    text = "The host answers as an unknown address from now on. Links that point to it stop working."

    def act(self, organization_id: UUID, **arguments: Any) -> Any:
        return domains.remove_domain(organization_id, **arguments)
