from django.urls import path

from portal.leak_walk import views

app_name = "leak_walk"
urlpatterns = [
    path("", views.ReportView.as_view(), name="report"),
    path("walk/", views.WalkView.as_view(), name="walk"),
]
