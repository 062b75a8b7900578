"""What this app's promises are called in the outbox. The values stand in stored rows, so they never change."""

SEND_CODE = "booking.send_code"
