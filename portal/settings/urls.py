from django.urls import path
from django.views.generic import RedirectView

from portal.settings import (
    deliveries,
    domains,
    message_editor,
    message_preview,
    messages,
    missing_mail,
    sender,
    views,
    words,
)

app_name = "settings"
urlpatterns = [
    path("", views.BrandView.as_view(), name="brand"),
    path("hosts/", domains.DomainListView.as_view(), name="domains"),
    path("hosts/<int:pk>/", domains.DomainView.as_view(), name="domain"),
    path("hosts/<int:pk>/records/", domains.DomainRecordsView.as_view(), name="domain_records"),
    path("hosts/<int:pk>/check/", domains.DomainCheckView.as_view(), name="domain_check"),
    path("hosts/<int:pk>/primacy/", domains.DomainPrimacyView.as_view(), name="domain_primacy"),
    path("hosts/<int:pk>/redirect/", domains.DomainRedirectView.as_view(), name="domain_redirect"),
    path("hosts/<int:pk>/removal/", domains.DomainRemovalView.as_view(), name="domain_removal"),
    path("hosts/<int:pk>/keeping/", domains.DomainKeepingView.as_view(), name="domain_keeping"),
    path("words/", words.WordsView.as_view(), name="words"),
    path("words/preview/", words.WordsPreviewView.as_view(), name="words_preview"),
    path("mail/", deliveries.DeliveryListView.as_view(), name="deliveries"),
    path("mail/missing/", missing_mail.MissingMailView.as_view(), name="missing_mail"),
    path("mail/<uuid:pk>/", deliveries.DeliveryView.as_view(), name="delivery"),
    path("mail/<uuid:pk>/repetition/", deliveries.DeliveryRepetitionView.as_view(), name="delivery_repetition"),
    path("sender/", sender.SenderView.as_view(), name="sender"),
    path("sender/way/", sender.WayView.as_view(), name="sender_way"),
    path("sender/test/", sender.TestMailView.as_view(), name="sender_test"),
    path("sender/test/result/", sender.TestResultView.as_view(), name="sender_test_result"),
    path("sender/domain/", sender.DomainView.as_view(), name="sender_domain"),
    path("sender/domain/check/", sender.DomainCheckView.as_view(), name="sender_domain_check"),
    path("sender/domain/key/", sender.KeyRotationView.as_view(), name="sender_domain_key"),
    path("sender/domain/code/", sender.CodeView.as_view(), name="sender_domain_code"),
    path("sender/domain/proof/", sender.ProofView.as_view(), name="sender_domain_proof"),
    path("sender/server/", sender.ServerView.as_view(), name="sender_server"),
    path("sender/server/check/", sender.ServerCheckView.as_view(), name="sender_server_check"),
    path("sender/server/code/", sender.CodeView.as_view(what="server"), name="sender_server_code"),
    path("sender/server/proof/", sender.ProofView.as_view(what="server"), name="sender_server_proof"),
    path("messages/", messages.MessageListView.as_view(), name="messages"),
    path("messages/<str:channel>/<str:code>/", message_editor.MessageView.as_view(), name="message"),
    path(
        "messages/<str:channel>/<str:code>/preview/",
        message_preview.MessagePreviewView.as_view(),
        name="message_preview",
    ),
    path(
        "messages/<str:channel>/<str:code>/standard/",
        message_editor.MessageStandardView.as_view(),
        name="message_standard",
    ),
    path(
        "messages/<str:channel>/<str:code>/versions/<int:number>/",
        message_editor.MessageVersionView.as_view(),
        name="message_version",
    ),
    path("invitation/", RedirectView.as_view(pattern_name="settings:messages", permanent=True)),  # of earlier releases
    path("audit/", views.AuditListView.as_view(), name="audit"),
]
