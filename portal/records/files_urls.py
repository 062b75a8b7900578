from django.urls import path

from portal.records import files, files_beside

app_name = "client_files"
urlpatterns = [
    path("files/beside/<uuid:pk>/", files_beside.BesideView.as_view(), name="beside"),
    path("clients/<uuid:pk>/files/", files.ClientFilesView.as_view(), name="list"),
    path("client-files/<uuid:pk>/", files.FileView.as_view(), name="file"),
    path("client-files/<uuid:pk>/download/", files.DownloadView.as_view(), name="download"),
    path("client-files/<uuid:pk>/preview/", files.PreviewView.as_view(), name="preview"),
    path("client-files/<uuid:pk>/share/", files.ShareFileView.as_view(), name="share"),
    path("client-files/<uuid:pk>/withdrawal/", files.WithdrawFileView.as_view(), name="withdrawal"),
    path("client-files/<uuid:pk>/removal/", files.RemoveFileView.as_view(), name="removal"),
]
