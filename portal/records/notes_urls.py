from django.urls import path

from portal.records import acts, beside, editor, notes, shared

app_name = "notes"
urlpatterns = [
    path("clients/<uuid:pk>/notes/", notes.ClientNotesView.as_view(), name="list"),
    path("clients/<uuid:pk>/notes/new/", editor.NewNoteView.as_view(), name="new"),
    path("appointments/<uuid:pk>/records/", beside.BesideView.as_view(), name="beside"),
    path("notes/<uuid:pk>/", notes.NoteView.as_view(), name="note"),
    path("notes/<uuid:pk>/part/", notes.NotePartView.as_view(), name="part"),
    path("notes/<uuid:pk>/print/", notes.PrintView.as_view(), name="print"),
    path("notes/<uuid:pk>/text/", editor.WriteView.as_view(), name="write"),
    path("notes/<uuid:pk>/versions/", notes.VersionsView.as_view(), name="versions"),
    path("notes/<uuid:pk>/versions/<uuid:version>/", acts.BringBackView.as_view(), name="bring_back"),
    path("notes/<uuid:pk>/signature/", acts.SignView.as_view(), name="signature"),
    path("notes/<uuid:pk>/addition/", acts.AddView.as_view(), name="addition"),
    path("notes/<uuid:pk>/share/", acts.ShareView.as_view(), name="share"),
    path("notes/<uuid:pk>/withdrawal/", acts.WithdrawView.as_view(), name="withdrawal"),
    path("notes/<uuid:pk>/removal/", acts.RemoveView.as_view(), name="removal"),
    path("shared/", shared.SharedView.as_view(), name="shared_all"),
    path("shared-notes/<uuid:pk>/", shared.SharedNoteView.as_view(), name="shared"),
]
