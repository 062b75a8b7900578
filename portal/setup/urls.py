from django.urls import path

from portal.setup import records, views

app_name = "setup"
urlpatterns = [
    path("", views.GuideView.as_view(), name="guide"),
    path("away/", views.PutAwayView.as_view(), name="away"),
    path("back/", views.BringBackView.as_view(), name="back"),
    path("link/", records.RecordsLinkView.as_view(), name="records_link"),
    path("link/end/", records.RecordsLinkEndView.as_view(), name="records_link_end"),
    path("<slug:key>/", views.StepView.as_view(), name="step"),
    path("<slug:key>/skip/", views.SkipView.as_view(), name="skip"),
    path("<slug:key>/resume/", views.ResumeView.as_view(), name="resume"),
]
