"""The pages on which an organization writes its help."""

from django.urls import path

from portal.help import categories, editor, results, writing

app_name = "articles"
urlpatterns = [
    path("", writing.ArticleListView.as_view(), name="list"),
    path("feedback/", results.ResultsView.as_view(), name="feedback"),
    path("searches/", results.SearchesView.as_view(), name="searches"),
    path("categories/new/", categories.CategoryView.as_view(), name="category_new"),
    path("categories/<slug:code>/", categories.CategoryView.as_view(), name="category"),
    path("categories/<slug:code>/move/", categories.CategoryMoveView.as_view(), name="category_move"),
    path("new/", editor.NewArticleView.as_view(), name="new"),
    path("preview/", editor.PreviewView.as_view(), name="preview"),
    path("articles/<slug:slug>/", editor.ArticleView.as_view(), name="article"),
    path("articles/<slug:slug>/standard/", editor.StandardView.as_view(), name="standard"),
    path("articles/<slug:slug>/kept/", editor.KeepView.as_view(), name="keep"),
    path("articles/<slug:slug>/versions/<int:number>/", editor.VersionView.as_view(), name="version"),
    path("articles/<slug:slug>/move/", writing.MoveView.as_view(), name="move"),
    path("articles/<slug:slug>/visibility/", writing.VisibilityView.as_view(), name="visibility"),
]
