from django.urls import path

from portal.notifications.views import NoticeListView, NoticeView

app_name = "notifications"
urlpatterns = [
    path("", NoticeListView.as_view(), name="list"),
    path("<uuid:pk>/", NoticeView.as_view(), name="detail"),
]
