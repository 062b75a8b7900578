from django.urls import path

from portal.scheduling.views import acts, appointments, calendar

app_name = "scheduling"
urlpatterns = [
    path("calendar/", calendar.CalendarView.as_view(), name="calendar"),
    path("calendar/events/", calendar.EventsView.as_view(), name="events"),
    path("appointments/", appointments.AppointmentListView.as_view(), name="list"),
    path("appointments/new/", acts.BookingView.as_view(), name="new"),
    path("appointments/<uuid:pk>/", appointments.AppointmentView.as_view(), name="appointment"),
    path("appointments/<uuid:pk>/summary/", appointments.SummaryView.as_view(), name="summary"),
    path("appointments/<uuid:pk>/time/", acts.TimeView.as_view(), name="time"),
    path("appointments/<uuid:pk>/cancellation/", acts.CancellationView.as_view(), name="cancellation"),
    path("appointments/<uuid:pk>/completion/", acts.CompletionView.as_view(), name="completion"),
    path("appointments/<uuid:pk>/calendar-file/", appointments.CalendarFileView.as_view(), name="calendar_file"),
]
