"""What this app's promises are called in the outbox. The values stand in stored rows, so they never change."""

PUBLISH_DRAFT = "branding.publish_draft"
