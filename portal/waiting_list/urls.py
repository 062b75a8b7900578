from django.urls import path

from portal.waiting_list import entries, links, offers

app_name = "waiting_list"
urlpatterns = [
    path("waiting-list/", entries.ListView.as_view(), name="list"),
    path("waiting-list/new/", entries.AddView.as_view(), name="new"),
    path("waiting-list/join/", entries.JoinView.as_view(), name="join"),
    path("waiting-list/<uuid:pk>/", entries.EntryView.as_view(), name="entry"),
    path("waiting-list/<uuid:pk>/removal/", entries.RemovalView.as_view(), name="removal"),
    path("waiting-list/<uuid:pk>/offer/", offers.OfferView.as_view(), name="offer"),
    path("waiting-list/offers/<uuid:pk>/acceptance/", offers.AcceptView.as_view(), name="acceptance"),
    path("waiting-list/offers/<uuid:pk>/refusal/", offers.DeclineView.as_view(), name="refusal"),
    path("w/<str:token>/", links.LinkView.as_view(), name="link"),
]
