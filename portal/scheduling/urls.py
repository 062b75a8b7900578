from django.urls import path

from portal.scheduling.views import (
    appointment_actions,
    appointments,
    calendar,
    editing,
    hours,
    links,
    reminders,
    series,
    series_page,
)

app_name = "scheduling"
urlpatterns = [
    path("calendar/", calendar.CalendarView.as_view(), name="calendar"),
    path("calendar/events/", calendar.EventsView.as_view(), name="events"),
    path("calendar/hours/", hours.OwnHoursView.as_view(), name="own_hours"),
    path("calendar/hours/<uuid:pk>/", hours.HoursView.as_view(), name="hours"),
    path("calendar/hours/<uuid:pk>/days/", hours.DaysView.as_view(), name="days"),
    path("calendar/hours/<uuid:pk>/days/<str:day>/removal/", hours.DayRemovalView.as_view(), name="day_removal"),
    path("calendar/hours/<uuid:pk>/time-off/", hours.TimeOffView.as_view(), name="time_off"),
    path("calendar/time-off/<uuid:pk>/removal/", hours.TimeOffRemovalView.as_view(), name="time_off_removal"),
    path("appointments/", appointments.AppointmentListView.as_view(), name="list"),
    path("appointments/new/", appointment_actions.BookingView.as_view(), name="new"),
    path("appointments/series/new/", series.SeriesBookingView.as_view(), name="new_series"),
    path("appointments/series/<uuid:pk>/", series_page.SeriesView.as_view(), name="series"),
    path("appointments/series/<uuid:pk>/end/", series_page.SeriesEndView.as_view(), name="series_end"),
    path("appointments/series/<uuid:pk>/calendar-file/", series_page.SeriesFileView.as_view(), name="series_file"),
    path("appointments/<uuid:pk>/", appointments.AppointmentView.as_view(), name="appointment"),
    path("appointments/<uuid:pk>/summary/", appointments.SummaryView.as_view(), name="summary"),
    path("appointments/<uuid:pk>/details/", editing.EditView.as_view(), name="edit"),
    path("appointments/<uuid:pk>/time/", appointment_actions.MoveView.as_view(), name="move"),
    path("appointments/<uuid:pk>/cancellation/", appointment_actions.CancellationView.as_view(), name="cancellation"),
    path("appointments/<uuid:pk>/completion/", appointment_actions.CompletionView.as_view(), name="completion"),
    path("appointments/<uuid:pk>/calendar-file/", appointments.CalendarFileView.as_view(), name="calendar_file"),
    path("profile/reminders/", reminders.OwnRemindersView.as_view(), name="own_reminders"),
    path("a/<str:token>/", links.LinkView.as_view(), name="link"),
    path("a/<str:token>/confirmation/", links.ConfirmView.as_view(), name="link_confirm"),
    path("a/<str:token>/delay/", links.LateView.as_view(), name="link_late"),
    path("a/<str:token>/wish/", links.WishView.as_view(), name="link_wish"),
    path("a/<str:token>/cancellation/", links.CancelView.as_view(), name="link_cancel"),
]
