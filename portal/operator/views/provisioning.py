"""A new organization: the form, and the page that shows it arriving."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse

from core.kernel import clock
from core.kernel.errors import DomainError
from portal.operator import arrival, presenters
from portal.operator.access import OperatorView
from portal.operator.forms import ProvisionForm
from portal.operator.views.pages import after, page
from tenants.operators import queries
from tenants.operators.actions import usage
from tenants.provisioning import provision_organization


class ProvisionView(OperatorView):
    def get(self, request: HttpRequest) -> HttpResponse:
        return self._form(request, ProvisionForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        form = ProvisionForm(request.POST)
        if form.is_valid():
            wanted = dict(form.cleaned_data)
            wanted["languages"] = [wanted.pop("language")]
            now = clock.now()
            try:
                organization = provision_organization(**wanted, by=self.operator.email, now=now)
            except DomainError as error:
                form.refuse(error)
            else:
                usage.measure(organization, now=now)
                existed = organization.created_at != now
                return after("operator:arrival", organization.pk, done="existed" if existed else "")
        return self._form(request, form, status=422)

    def _form(self, request: HttpRequest, form: ProvisionForm, *, status: int = 200) -> HttpResponse:
        chosen = form["blueprint"].value()
        return page(
            request, "provision", {"form": form, "swatches": presenters.swatches(), "chosen": chosen}, status=status
        )


class ArrivalView(OperatorView):
    """Asked again every second until every step is done."""

    def get(self, request: HttpRequest, organization_id: UUID) -> HttpResponse:
        organization = queries.get_organization(organization_id)
        steps = arrival.steps(organization)
        values = {
            "subject": organization,
            "trail": presenters.trail(organization, "Arrival"),
            "steps": steps,
            "done": sum(step.done for step in steps),
            "is_complete": all(step.done for step in steps),
            "home": arrival.home(organization),
        }
        return page(request, "_arrival" if request.headers.get("HX-Request") else "arrival", values)
