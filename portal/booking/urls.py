from django.urls import path

from portal.booking import framing, held, moving, pages

app_name = "booking"
urlpatterns = [
    path("", pages.IndexView.as_view(), name="index"),
    path("embed.js", framing.ScriptView.as_view(), name="embed"),
    path("held/<str:token>/", held.DetailsView.as_view(), name="held"),
    path("held/<str:token>/code/", held.CodeView.as_view(), name="code"),
    path("held/<str:token>/sign-in/", held.SignInView.as_view(), name="sign_in"),
    path("held/<str:token>/again/", held.AgainView.as_view(), name="again"),
    path("held/<str:token>/booked/", held.BookedView.as_view(), name="booked"),
    path("held/<str:token>/calendar-file/", held.CalendarFileView.as_view(), name="calendar_file"),
    path("moves/<str:token>/", moving.MoveView.as_view(), name="move"),
    path("<slug:slug>/", pages.SubjectView.as_view(), name="subject"),
]
