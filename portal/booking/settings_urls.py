from django.urls import path

from portal.booking import settings

app_name = "booking_settings"
urlpatterns = [
    path("", settings.SettingsView.as_view(), name="settings"),
    path("services/new/", settings.NewServiceView.as_view(), name="new_service"),
    path("services/<uuid:pk>/", settings.ServiceView.as_view(), name="service"),
    path("services/<uuid:pk>/removal/", settings.ServiceRemovalView.as_view(), name="service_removal"),
    path("people/new/", settings.NewPractitionerView.as_view(), name="new_practitioner"),
    path("people/<uuid:pk>/", settings.PractitionerView.as_view(), name="practitioner"),
    path("people/<uuid:pk>/removal/", settings.PractitionerRemovalView.as_view(), name="practitioner_removal"),
    path("questions/new/", settings.NewQuestionView.as_view(), name="new_question"),
    path("questions/<uuid:pk>/", settings.QuestionView.as_view(), name="question"),
    path("questions/<uuid:pk>/removal/", settings.QuestionRemovalView.as_view(), name="question_removal"),
    path("clients/<uuid:pk>/", settings.ExceptionView.as_view(), name="exception"),
]
