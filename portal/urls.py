"""Pages of an organization's host, one include per room."""

from django.urls import include, path

urlpatterns = [
    path("account/", include("allauth.urls")),
]
