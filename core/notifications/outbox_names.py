"""What this app's promises are called in the outbox. The values stand in stored rows, so they never change."""

SEND_PUSH = "notifications.push"
SEND_TEXT_CODE = "notifications.text_code"
NOTE_TEXT_REPORT = "notifications.text_report"
