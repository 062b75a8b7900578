"""The help centre, as everybody reads it."""

from django.urls import path

from portal.help import feedback, panel, views

app_name = "help"
urlpatterns = [
    path("", views.IndexView.as_view(), name="index"),
    path("search/", views.SearchView.as_view(), name="search"),
    path("search/missed/", views.MissView.as_view(), name="miss"),
    path("panel/", panel.PanelView.as_view(), name="panel"),
    path("panel/<slug:slug>/", panel.PanelArticleView.as_view(), name="panel_article"),
    path("topics/<slug:code>/", views.CategoryView.as_view(), name="category"),
    path("<slug:slug>/", views.ArticleView.as_view(), name="article"),
    path("<slug:slug>/feedback/", feedback.FeedbackView.as_view(), name="feedback"),
]
