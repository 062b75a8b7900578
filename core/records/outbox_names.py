"""What this app promises."""

SEND_NEWS = "records.send_news"
