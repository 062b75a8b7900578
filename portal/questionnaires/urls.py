from django.urls import path

from portal.questionnaires import answering, building, documents, files, items, requests, sending

app_name = "questionnaires"
urlpatterns = [
    path("people/clients/<uuid:pk>/forms/", sending.ClientFormsView.as_view(), name="list"),
    path("people/clients/<uuid:pk>/forms/new/", sending.SendView.as_view(), name="send"),
    path("forms/", building.FormListView.as_view(), name="forms"),
    path("forms/new/", building.NewFormView.as_view(), name="new"),
    path("forms/sent/", sending.OutstandingView.as_view(), name="sent"),
    path("forms/mine/", sending.MineView.as_view(), name="mine"),
    path("forms/waiting/<uuid:pk>/", sending.WaitingView.as_view(), name="waiting"),
    path("forms/<uuid:pk>/", building.FormPageView.as_view(), name="form"),
    path("forms/<uuid:pk>/details/", building.WordsView.as_view(), name="words"),
    path("forms/<uuid:pk>/copy/", building.CopyView.as_view(), name="copy"),
    path("forms/<uuid:pk>/preview/", building.PreviewView.as_view(), name="preview"),
    path("forms/<uuid:pk>/archive/", building.ArchiveView.as_view(), name="archive"),
    path("forms/<uuid:pk>/restoration/", building.RestoreView.as_view(), name="restoration"),
    path("forms/<uuid:pk>/order/", items.OrderView.as_view(), name="order"),
    path("forms/<uuid:pk>/items/new/<slug:kind>/", items.NewItemView.as_view(), name="new_item"),
    path("forms/<uuid:pk>/items/<slug:key>/", items.ItemView.as_view(), name="item"),
    path("forms/<uuid:pk>/items/<slug:key>/move/", items.MoveView.as_view(), name="move"),
    path("forms/<uuid:pk>/items/<slug:key>/removal/", items.RemoveItemView.as_view(), name="item_removal"),
    path("forms/requests/<uuid:pk>/", requests.RequestView.as_view(), name="request"),
    path("forms/requests/<uuid:pk>/answers/<int:page>/", answering.AnswerView.as_view(), name="answers"),
    path("forms/requests/<uuid:pk>/reminder/", requests.RemindView.as_view(), name="reminder"),
    path("forms/requests/<uuid:pk>/withdrawal/", requests.WithdrawView.as_view(), name="withdrawal"),
    path("forms/requests/<uuid:pk>/refusal/", requests.DeclineView.as_view(), name="refusal"),
    path("forms/requests/<uuid:pk>/reopening/", requests.ReopenView.as_view(), name="reopening"),
    path("forms/files/<uuid:pk>/", files.FileView.as_view(), name="file"),
    path("forms/files/<uuid:pk>/removal/", files.RemoveFileView.as_view(), name="file_removal"),
    path("forms/answers/<uuid:pk>/document/", documents.DocumentView.as_view(), name="document"),
]
