"""Where legal texts are written."""

from django.urls import path

from portal.legal import answers, texts

app_name = "legal"
urlpatterns = [
    path("", texts.TextListView.as_view(), name="texts"),
    path("new/", texts.NewConsentView.as_view(), name="new"),
    path("<slug:slug>/", texts.TextView.as_view(), name="text"),
    path("<slug:slug>/words/", texts.WordsView.as_view(), name="words"),
    path("<slug:slug>/asking/", texts.AskingView.as_view(), name="asking"),
    path("<slug:slug>/publication/", texts.PublicationView.as_view(), name="publication"),
    path("<slug:slug>/draft/end/", texts.DiscardView.as_view(), name="draft_end"),
    path("<slug:slug>/withdrawal/", texts.WithdrawalView.as_view(), name="withdrawal"),
    path("<slug:slug>/return/", texts.ReturnView.as_view(), name="return"),
    path("<slug:slug>/removal/", texts.RemovalView.as_view(), name="removal"),
    path("<slug:slug>/answers/", answers.AnswerListView.as_view(), name="answers"),
    path("<slug:slug>/unanswered/", answers.UnansweredView.as_view(), name="unanswered"),
    path("<slug:slug>/answers/file/", answers.AnswerFileView.as_view(), name="answers_file"),
]
