from django.urls import path

from portal.booking_requests import answering, asking, free_times, pages

app_name = "booking_requests"
urlpatterns = [
    path("", pages.RequestListView.as_view(), name="list"),
    path("free-times/", free_times.FreeTimesView.as_view(), name="free_times"),
    path("new/", asking.AskView.as_view(), name="new"),
    path("moves/<uuid:pk>/", asking.MoveRequestView.as_view(), name="move"),
    path("<uuid:pk>/", pages.RequestView.as_view(), name="request"),
    path("<uuid:pk>/acceptance/", answering.AcceptView.as_view(), name="acceptance"),
    path("<uuid:pk>/proposal/", answering.ProposeView.as_view(), name="proposal"),
    path("<uuid:pk>/refusal/", answering.DeclineView.as_view(), name="refusal"),
    path("<uuid:pk>/answer/", asking.AnswerView.as_view(), name="answer"),
    path("<uuid:pk>/keeping/", asking.KeepView.as_view(), name="keeping"),
    path("<uuid:pk>/withdrawal/", asking.WithdrawView.as_view(), name="withdrawal"),
]
