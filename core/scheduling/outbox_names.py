"""What this app's promises are called in the outbox. The values stand in stored rows, so they never change."""

SEND_CHANGE = "scheduling.tell"
SEND_REMINDER = "scheduling.remind"
REMIND_PEOPLE = "scheduling.remind_people"
PLAN_REMINDERS = "scheduling.plan_reminders"
SEND_SERIES = "scheduling.tell_series"
