"""What visitors have written, for those who answer."""

from django.urls import path

from portal.enquiries import enquiries

app_name = "enquiries"
urlpatterns = [
    path("", enquiries.EnquiryListView.as_view(), name="list"),
    path("<uuid:pk>/", enquiries.EnquiryView.as_view(), name="enquiry"),
    path("<uuid:pk>/state/", enquiries.StateView.as_view(), name="state"),
    path("<uuid:pk>/deletion/", enquiries.DeletionView.as_view(), name="deletion"),
]
