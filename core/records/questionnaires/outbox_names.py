"""What this app promises."""

SEND_REQUEST = "questionnaires.send_request"
