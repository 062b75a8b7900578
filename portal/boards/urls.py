from django.urls import path

from portal.boards import views

app_name = "boards"
urlpatterns = [
    path("of/<uuid:pk>/", views.ClientBoardsView.as_view(), name="client"),
    path("of/<uuid:pk>/new/", views.NewBoardView.as_view(), name="new"),
    path("of-session/<uuid:pk>/", views.SessionBoardView.as_view(), name="session"),
    path("saved/<uuid:pk>/deletion/", views.SavedDeletionView.as_view(), name="saved_deletion"),
    path("saved/<uuid:pk>/<slug:form>/file/", views.SavedFileView.as_view(), name="saved_file"),
    path("<uuid:pk>/", views.BoardView.as_view(), name="board"),
    path("<uuid:pk>/settings/", views.BoardSettingsView.as_view(), name="settings"),
    path("<uuid:pk>/deletion/", views.DeletionView.as_view(), name="deletion"),
    path("<uuid:pk>/saving/", views.SavingView.as_view(), name="saving"),
    path("<uuid:pk>/pictures/", views.PicturesView.as_view(), name="pictures"),
    path("<uuid:pk>/pictures/<uuid:picture>/", views.PictureView.as_view(), name="picture"),
]
