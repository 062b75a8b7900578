"""Addresses of people: nouns, with opaque ids."""

from django.urls import path

from portal.people import (
    agents,
    assignments,
    branches,
    choices,
    client_links,
    client_status,
    clients,
    endings,
    former_information,
    logins,
    staff,
)

app_name = "people"
urlpatterns = [
    path("clients/", clients.ClientListView.as_view(), name="clients"),
    path("clients/new/", clients.NewClientView.as_view(), name="client_new"),
    path("clients/permissions/", client_links.BulkPermissionsView.as_view(), name="bulk_permissions"),
    path("clients/branches/", branches.ClientBranchesView.as_view(), name="client_branches"),
    path("clients/<uuid:pk>/", clients.ClientView.as_view(), name="client"),
    path("clients/<uuid:pk>/panels/", clients.ClientPanelsView.as_view(), name="client_panels"),
    path("clients/<uuid:pk>/details/", clients.ChangeClientView.as_view(), name="client_change"),
    path(
        "clients/<uuid:pk>/former-notes/",
        former_information.FormerInformationView.as_view(),
        name="client_former_information",
    ),
    path(
        "clients/<uuid:pk>/former-notes/<uuid:former>/",
        former_information.BringBackView.as_view(),
        name="client_former_information_again",
    ),
    path("clients/<uuid:pk>/contact/", clients.ContactView.as_view(), name="client_contact"),
    path("clients/<uuid:pk>/status/", client_status.ClientStatusView.as_view(), name="client_status"),
    path("clients/<uuid:pk>/archive/", client_status.ArchiveView.as_view(), name="client_archive"),
    path("clients/<uuid:pk>/restoration/", clients.RestoreView.as_view(), name="client_restore"),
    path("clients/<uuid:pk>/deletion/", clients.DeleteClientView.as_view(), name="client_delete"),
    path("clients/<uuid:pk>/logins/", client_links.LinkLoginView.as_view(), name="client_logins"),
    path("clients/<uuid:pk>/logins/<uuid:link>/", client_links.UnlinkLoginView.as_view(), name="client_unlink"),
    path(
        "clients/<uuid:pk>/practitioners/", assignments.AssignPractitionersView.as_view(), name="client_practitioners"
    ),
    path("clients/<uuid:pk>/practitioners/<uuid:staff>/", client_links.UnassignView.as_view(), name="client_unassign"),
    path("clients/<uuid:pk>/agents/", client_links.ClientAgentsView.as_view(), name="client_agents"),
    path("clients/<uuid:pk>/agents/<uuid:agent>/", client_links.RevokeAgentView.as_view(), name="client_revoke_agent"),
    path("clients/<uuid:pk>/permissions/", client_links.ClientPermissionsView.as_view(), name="client_permissions"),
    path("logins/<uuid:pk>/", logins.LoginView.as_view(), name="login"),
    path("logins/<uuid:pk>/details/", logins.ChangeLoginView.as_view(), name="login_change"),
    path("logins/<uuid:pk>/invitation/", logins.InvitationView.as_view(), name="login_invitation"),
    path("logins/<uuid:pk>/access/", logins.AccessView.as_view(), name="login_access"),
    path("logins/<uuid:pk>/password/", logins.PasswordResetView.as_view(), name="login_password"),
    path("staff/", staff.StaffListView.as_view(), name="staff"),
    path("staff/new/", staff.InviteStaffView.as_view(), name="staff_new"),
    path("staff/branches/", branches.StaffBranchesView.as_view(), name="staff_branches"),
    path("staff/<uuid:pk>/", staff.StaffView.as_view(), name="staff_member"),
    path("staff/<uuid:pk>/details/", staff.ChangeStaffView.as_view(), name="staff_change"),
    path("staff/<uuid:pk>/role/", staff.ChangeRoleView.as_view(), name="staff_role"),
    path("staff/<uuid:pk>/status/", endings.StaffStatusView.as_view(), name="staff_status"),
    path("staff/<uuid:pk>/clients/", assignments.AssignClientsView.as_view(), name="staff_clients"),
    path("staff/<uuid:pk>/schedule-admins/", staff.ScheduleAdminsView.as_view(), name="schedule_admins"),
    path(
        "staff/<uuid:pk>/schedule-admins/<uuid:holder>/",
        staff.RevokeScheduleAdminView.as_view(),
        name="revoke_schedule_admin",
    ),
    path("choices/<slug:name>/", choices.PeopleChoicesView.as_view(), name="choices"),
    path("roles/", staff.RolesView.as_view(), name="roles"),
    path("agents/", agents.AgentListView.as_view(), name="agents"),
    path("agents/new/", agents.NewAgentView.as_view(), name="agent_new"),
    path("agents/<uuid:pk>/", agents.AgentView.as_view(), name="agent"),
    path("agents/<uuid:pk>/dismissal/", endings.DismissAgentView.as_view(), name="agent_dismiss"),
]
