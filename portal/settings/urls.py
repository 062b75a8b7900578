from django.urls import path

from portal.settings import deliveries, invitation, views

app_name = "settings"
urlpatterns = [
    path("", views.BrandView.as_view(), name="brand"),
    path("mail/", deliveries.DeliveryListView.as_view(), name="deliveries"),
    path("mail/<uuid:pk>/", deliveries.DeliveryView.as_view(), name="delivery"),
    path("mail/<uuid:pk>/repetition/", deliveries.DeliveryRepetitionView.as_view(), name="delivery_repetition"),
    path("invitation/", invitation.InvitationTextView.as_view(), name="invitation"),
    path("invitation/preview/", invitation.InvitationPreviewView.as_view(), name="invitation_preview"),
    path("audit/", views.AuditListView.as_view(), name="audit"),
]
