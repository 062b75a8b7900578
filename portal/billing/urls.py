"""Addresses of the pages about money."""

from django.urls import path
from django.views.generic import RedirectView

from portal.billing.views import account, balances, catalogue, charges, checkout, costs, invoices, payments

app_name = "billing"
urlpatterns = [
    path("", RedirectView.as_view(pattern_name="billing:invoices", query_string=True), name="home"),
    path("invoices/", invoices.InvoiceListView.as_view(), name="invoices"),
    path("invoices/new/", invoices.NewInvoiceView.as_view(), name="invoice-new"),
    path("invoices/<uuid:pk>/", invoices.InvoiceView.as_view(), name="invoice"),
    path("invoices/<uuid:pk>/document/", invoices.InvoiceDocumentView.as_view(), name="invoice-document"),
    path("invoices/<uuid:pk>/issue/", invoices.InvoiceIssueView.as_view(), name="invoice-issue"),
    path("invoices/<uuid:pk>/payer/", invoices.InvoicePayerView.as_view(), name="invoice-payer"),
    path("invoices/<uuid:pk>/delivery/", invoices.InvoiceDeliveryView.as_view(), name="invoice-delivery"),
    path("invoices/<uuid:pk>/cancellation/", invoices.InvoiceCancellationView.as_view(), name="invoice-cancellation"),
    path("invoices/<uuid:pk>/removal/", invoices.InvoiceDraftView.as_view(), name="invoice-removal"),
    path("invoices/<uuid:pk>/payments/", payments.InvoicePaymentView.as_view(), name="invoice-payment"),
    path("invoices/<uuid:pk>/refunds/", payments.InvoiceRefundView.as_view(), name="invoice-refund"),
    path("invoices/<uuid:pk>/credit/", invoices.InvoiceCreditView.as_view(), name="invoice-credit"),
    path("charges/", charges.ChargeListView.as_view(), name="charges"),
    path("charges/<uuid:pk>/", charges.ChargeView.as_view(), name="charge"),
    path("appointments/<uuid:pk>/cost/", costs.AppointmentCostView.as_view(), name="cost"),
    path("checkout/", checkout.CheckoutView.as_view(), name="checkout"),
    path("payments/", payments.PaymentListView.as_view(), name="payments"),
    path("payments/<uuid:pk>/", payments.PaymentView.as_view(), name="payment"),
    path("payments/<uuid:pk>/card/", checkout.PaymentCardView.as_view(), name="payment-card"),
    path("payments/<uuid:pk>/end/", payments.PaymentEndView.as_view(), name="payment-end"),
    path("payments/<uuid:pk>/receipt/", payments.PaymentReceiptView.as_view(), name="payment-receipt"),
    path("payments/<uuid:pk>/reversal/", payments.PaymentReversalView.as_view(), name="payment-reversal"),
    path("cards/", checkout.CardListView.as_view(), name="cards"),
    path("cards/new/", checkout.NewCardView.as_view(), name="card-new"),
    path("cards/saved/", checkout.SavedCardView.as_view(), name="card-saved"),
    path("cards/<uuid:pk>/removal/", checkout.CardView.as_view(), name="card-removal"),
    path("balances/", balances.BalanceListView.as_view(), name="balances"),
    path("balances/<uuid:pk>/", balances.BalanceView.as_view(), name="balance"),
    path("services/", catalogue.ServiceListView.as_view(), name="services"),
    path("services/new/", catalogue.ServiceView.as_view(), name="service-new"),
    path("services/<uuid:pk>/", catalogue.ServiceView.as_view(), name="service"),
    path("rates/", catalogue.RateListView.as_view(), name="rates"),
    path("rates/new/", catalogue.NewRateView.as_view(), name="rate-new"),
    path("rates/<uuid:pk>/removal/", catalogue.RateView.as_view(), name="rate-removal"),
    path("settings/", catalogue.SettingsView.as_view(), name="settings"),
    path("settings/account/", account.AccountView.as_view(), name="account"),
    path("settings/account/connection/", account.AccountConnectionView.as_view(), name="account-connection"),
    path("settings/account/return/", account.AccountReturnView.as_view(), name="account-return"),
    path("settings/account/removal/", account.AccountRemovalView.as_view(), name="account-removal"),
]
