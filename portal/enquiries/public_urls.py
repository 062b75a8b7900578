"""Where the contact form is sent: in the reader's language, or in the one that the address begins with."""

from django.urls import path

from portal.enquiries import public

urlpatterns = [
    path("enquiry/", public.EnquiryView.as_view(), name="public_enquiry"),
    path("enquiry/<str:token>/", public.SentView.as_view(), name="public_enquiry_sent"),
    path("<slug:language>/enquiry/", public.EnquiryView.as_view(), name="public_enquiry_in"),
    path("<slug:language>/enquiry/<str:token>/", public.SentView.as_view(), name="public_enquiry_sent_in"),
]
