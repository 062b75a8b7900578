from django.urls import path

from portal.records import goals

app_name = "goals"
urlpatterns = [
    path("clients/<uuid:pk>/goals/", goals.ClientGoalsView.as_view(), name="list"),
    path("clients/<uuid:pk>/goals/new/", goals.NewGoalView.as_view(), name="new"),
    path("goals/<uuid:pk>/", goals.GoalView.as_view(), name="goal"),
    path("goals/<uuid:pk>/details/", goals.ChangeGoalView.as_view(), name="change"),
    path("goals/<uuid:pk>/progress/", goals.NoteProgressView.as_view(), name="progress"),
    path("goals/<uuid:pk>/share/", goals.ShareGoalView.as_view(), name="share"),
    path("goals/<uuid:pk>/withdrawal/", goals.WithdrawGoalView.as_view(), name="withdrawal"),
    path("goal-steps/<uuid:pk>/", goals.StepView.as_view(), name="step"),
    path("goal-progress/<uuid:pk>/removal/", goals.RemoveProgressView.as_view(), name="progress_removal"),
]
