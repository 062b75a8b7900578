from django.urls import path

from portal.settings import invitation, views

app_name = "settings"
urlpatterns = [
    path("", views.BrandView.as_view(), name="brand"),
    path("mail/", views.DeliveryListView.as_view(), name="deliveries"),
    path("invitation/", invitation.InvitationTextView.as_view(), name="invitation"),
    path("invitation/preview/", invitation.InvitationPreviewView.as_view(), name="invitation_preview"),
    path("audit/", views.AuditListView.as_view(), name="audit"),
]
