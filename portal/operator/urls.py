"""Addresses of the console."""

from django.urls import include, path

from portal.operator.views import actions, go_live, organizations, provisioning, sign_in
from portal.operator.views.base import icon

app_name = "operator"

_domain = [
    path("verification/", actions.DomainVerificationView.as_view(), name="domain_verification"),
    path("vouching/", actions.DomainVouchingView.as_view(), name="domain_vouching"),
    path("primacy/", actions.DomainPrimacyView.as_view(), name="domain_primacy"),
    path("branch/", actions.DomainBranchView.as_view(), name="domain_branch"),
    path("block/", actions.DomainBlockView.as_view(), name="domain_block"),
    path("unblock/", actions.DomainUnblockView.as_view(), name="domain_unblock"),
    path("removal/", actions.DomainRemovalView.as_view(), name="domain_removal"),
]
_organization = [
    path("", organizations.OrganizationView.as_view(), name="organization"),
    path("provisioning/", provisioning.ProvisioningStepsView.as_view(), name="provisioning_steps"),
    path("suspension/", actions.SuspensionView.as_view(), name="suspension"),
    path("resumption/", actions.ResumptionView.as_view(), name="resumption"),
    path("closing/", actions.ClosingView.as_view(), name="closing"),
    path("closure/", actions.ClosureView.as_view(), name="closure"),
    path("failed-promises/", actions.FailedPromisesView.as_view(), name="failed_promises"),
    path("plan/", actions.PlanView.as_view(), name="plan"),
    path("entitlement/", actions.EntitlementView.as_view(), name="entitlement"),
    path("hosts/new/", actions.DomainAdditionView.as_view(), name="domain_addition"),
    path("hosts/<int:domain_id>/", include(_domain)),
]
urlpatterns = [
    path("favicon.ico", icon, name="favicon"),
    path("", organizations.HomeView.as_view(), name="home"),
    path("sign-in/", sign_in.SignInView.as_view(), name="sign_in"),
    path("sign-in/code/", sign_in.CodeView.as_view(), name="code"),
    path("sign-in/recovery/", sign_in.RecoveryView.as_view(), name="recovery"),
    path("sign-in/enrolment/", sign_in.EnrolmentView.as_view(), name="enrolment"),
    path("sign-out/", sign_in.SignOutView.as_view(), name="sign_out"),
    path("organizations/", organizations.OrganizationsView.as_view(), name="organizations"),
    path("organizations/new/", provisioning.ProvisionView.as_view(), name="provision"),
    path("organizations/go-live/", go_live.GoLiveView.as_view(), name="go_live"),
    path("organizations/<uuid:organization_id>/", include(_organization)),
    path("history/", organizations.EventsView.as_view(), name="events"),
    path("workers/", organizations.WorkersView.as_view(), name="workers"),
    path("workers/failed/<int:pk>/", actions.FailedTaskView.as_view(), name="failed_task"),
    path("brand.css", organizations.SampleBrandView.as_view(), name="sample_brand"),
    path("design/", organizations.DesignView.as_view(), name="design"),
]
