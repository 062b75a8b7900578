"""What this app promises."""

OFFER_TIME = "waiting_list.offer_time"
OFFER_PLACES = "waiting_list.offer_places"
OFFER_DAYS = "waiting_list.offer_days"
END_OFFER = "waiting_list.end_offer"
SEND_OFFER = "waiting_list.send_offer"
TEXT_OFFER = "waiting_list.text_offer"
