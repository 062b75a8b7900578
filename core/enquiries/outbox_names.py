"""What this app's promises are called in the outbox. The values stand in stored rows, so they never change."""

FORWARD_ENQUIRY = "enquiries.forward"
POST_ENQUIRY_NOTICES = "enquiries.post_notices"
CONFIRM_ENQUIRY = "enquiries.confirm"
