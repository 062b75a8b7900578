"""What this app's promises are called in the outbox. The values stand in stored rows, so they never change."""

PUBLISH_DRAFT = "branding.publish_draft"
RENEW_PROXY_PAGES = "branding.renew_proxy_pages"
