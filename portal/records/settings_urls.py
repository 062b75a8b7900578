from django.urls import path

from portal.records import templates

app_name = "note_templates"
urlpatterns = [
    path("", templates.TemplateListView.as_view(), name="list"),
    path("new/", templates.NewTemplateView.as_view(), name="new"),
    path("<uuid:pk>/", templates.TemplateView.as_view(), name="template"),
    path("<uuid:pk>/removal/", templates.RemoveTemplateView.as_view(), name="removal"),
]
