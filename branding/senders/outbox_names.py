"""What this app's promises are called in the outbox. The values stand in stored rows, so they never change."""

SEND_ADDRESS_CODE = "senders.send_address_code"
SEND_TEST = "senders.send_test"
CHECK = "senders.check"
