from django.urls import path

from portal.files import uploads

app_name = "files"
urlpatterns = [
    path("uploads/", uploads.UploadsView.as_view(), name="uploads"),
    path("uploads/<uuid:pk>/", uploads.UploadView.as_view(), name="upload"),
]
