"""Under which names the outbox keeps what is promised about overdue invoices. A stored name never changes."""

MAIL_REMINDER = "reminders.mail_reminder"
