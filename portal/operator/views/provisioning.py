"""A new organization: the form, and the page that shows each step of its provisioning."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse

from core.kernel import clock
from core.kernel.errors import DomainError
from portal.forms import add_refusal
from portal.operator import presenters, provisioning_steps
from portal.operator.access import OperatorView
from portal.operator.forms import ProvisionForm
from portal.operator.views.base import TYPED, redirect_with_notice, render_page
from tenants.operators import queries
from tenants.operators.actions import usage
from tenants.provisioning import provision_organization


class ProvisionView(OperatorView):
    takes_kept_forms = True

    def get(self, request: HttpRequest) -> HttpResponse:
        typed = self.typed_again()
        return self._form(request, ProvisionForm(typed), notice=TYPED if typed is not None else "")

    def post(self, request: HttpRequest) -> HttpResponse:
        return self.once(lambda: self._provision(request))

    def _provision(self, request: HttpRequest) -> HttpResponse:
        form = self.unless_used(ProvisionForm(request.POST))
        if form.is_valid():
            wanted = dict(form.cleaned_data)
            wanted["languages"] = [wanted.pop("language")]
            now = clock.now()
            try:
                organization = provision_organization(**wanted, by=self.operator.email, now=now)
            except DomainError as error:
                add_refusal(form, error)
            else:
                usage.measure(organization, now=now)
                existed = organization.created_at != now
                answer = redirect_with_notice(
                    "operator:provisioning_steps", organization.pk, done="existed" if existed else ""
                )
                self.note_sent(answer.headers["Location"])
                return answer
        return self._form(request, form, status=422)

    def _form(self, request: HttpRequest, form: ProvisionForm, *, status: int = 200, notice: str = "") -> HttpResponse:
        chosen = form["blueprint"].value()
        return render_page(
            request,
            "operator/provision.html",
            {
                "form": form,
                "swatches": presenters.swatches(),
                "chosen": chosen,
                **({"notice": notice} if notice else {}),
            },
            status=status,
        )


class ProvisioningStepsView(OperatorView):
    """Asked again every second until every step is done."""

    def get(self, request: HttpRequest, organization_id: UUID) -> HttpResponse:
        organization = queries.get_organization(organization_id)
        steps = provisioning_steps.steps(organization)
        values = {
            "subject": organization,
            "trail": presenters.trail(organization, "Provisioning"),
            "steps": steps,
            "done": sum(step.done for step in steps),
            "is_complete": all(step.done for step in steps),
            "home": provisioning_steps.home(organization),
        }
        return render_page(
            request,
            "operator/_provisioning_steps.html"
            if request.headers.get("HX-Request")
            else "operator/provisioning_steps.html",
            values,
        )
