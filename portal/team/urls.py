"""Cards among the settings, and one person's card."""

from django.urls import path

from portal.team import cards

app_name = "cards"
urlpatterns = [
    path("settings/team/", cards.CardListView.as_view(), name="list"),
    path("settings/team/review/", cards.ReviewView.as_view(), name="review"),
    path("people/staff/<uuid:pk>/card/", cards.CardView.as_view(), name="card"),
    path("people/staff/<uuid:pk>/card/preview/", cards.PreviewView.as_view(), name="preview"),
    path("people/staff/<uuid:pk>/card/release/", cards.ReleaseView.as_view(), name="release"),
]
