from django.urls import path

from portal.recordings import views

app_name = "recordings"
urlpatterns = [
    path("of/<uuid:pk>/", views.ClientRecordingsView.as_view(), name="client"),
    path("<uuid:pk>/", views.RecordingView.as_view(), name="recording"),
    path("<uuid:pk>/video/", views.VideoView.as_view(), name="video"),
    path("<uuid:pk>/download/", views.DownloadView.as_view(), name="download"),
    path("<uuid:pk>/consents/", views.ConsentsView.as_view(), name="consents"),
    path("<uuid:pk>/composition/", views.CompositionView.as_view(), name="composition"),
    path("<uuid:pk>/deletion/", views.DeletionView.as_view(), name="deletion"),
]
