from django.urls import path

from portal.records import scores, scores_beside

app_name = "scores"
urlpatterns = [
    path("clients/<uuid:pk>/scores/", scores.ClientScoresView.as_view(), name="list"),
    path("clients/<uuid:pk>/scores/export/", scores.ExportView.as_view(), name="export"),
    path("clients/<uuid:pk>/scores/new/", scores.ChooseResourceView.as_view(), name="choose"),
    path("clients/<uuid:pk>/scores/new/<uuid:resource>/", scores.NewScoreView.as_view(), name="new"),
    path("clients/<uuid:pk>/scores/<uuid:resource>/", scores.ResourceScoresView.as_view(), name="resource"),
    path("clients/<uuid:pk>/scores/<uuid:resource>/export/", scores.ExportView.as_view(), name="resource_export"),
    path("scores/new/<uuid:resource>/", scores.ScoreForClientView.as_view(), name="new_for_client"),
    path("scores/beside/<uuid:pk>/", scores_beside.BesideView.as_view(), name="beside"),
    path("scores/<uuid:pk>/details/", scores.ChangeScoreView.as_view(), name="change"),
    path("scores/<uuid:pk>/share/", scores.ShareScoreView.as_view(), name="share"),
    path("scores/<uuid:pk>/withdrawal/", scores.WithdrawScoreView.as_view(), name="withdrawal"),
    path("scores/<uuid:pk>/removal/", scores.RemoveScoreView.as_view(), name="removal"),
]
