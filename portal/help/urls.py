"""The help centre, as everybody reads it."""

from django.urls import path

from portal.help import views

app_name = "help"
urlpatterns = [
    path("", views.IndexView.as_view(), name="index"),
    path("topics/<slug:code>/", views.CategoryView.as_view(), name="category"),
    path("<slug:slug>/", views.ArticleView.as_view(), name="article"),
]
