"""What this app promises."""

SEND_NEWS = "booking_requests.send_news"
TEXT_NEWS = "booking_requests.text_news"
EXPIRE = "booking_requests.expire"
