"""Legal texts as everybody reads them, and one's own answers."""

from django.urls import path

from portal.legal import own, public

urlpatterns = [
    path("legal/<slug:slug>/", public.LegalTextView.as_view(), name="public_legal"),
    path("legal/<slug:slug>/<int:number>/", public.LegalTextView.as_view(), name="public_legal_version"),
    path("<slug:language>/legal/<slug:slug>/", public.LegalTextView.as_view(), name="public_legal_in"),
    path(
        "<slug:language>/legal/<slug:slug>/<int:number>/",
        public.LegalTextView.as_view(),
        name="public_legal_version_in",
    ),
    path("profile/agreements/", own.AgreementsView.as_view(), name="agreements"),
    path("profile/agreements/open/", own.OpenTextsView.as_view(), name="agreements_open"),
    path("profile/agreements/open/later/", own.LaterView.as_view(), name="agreements_later"),
    path("profile/agreements/<uuid:pk>/withdrawal/", own.WithdrawalView.as_view(), name="agreement_withdrawal"),
]
