from django.urls import path

from portal.settings import views

app_name = "settings"
urlpatterns = [
    path("", views.BrandView.as_view(), name="brand"),
    path("front-page/", views.HomePageView.as_view(), name="home"),
    path("mail/", views.DeliveryListView.as_view(), name="deliveries"),
    path("audit/", views.AuditListView.as_view(), name="audit"),
]
