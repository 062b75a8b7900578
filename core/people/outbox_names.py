"""What this app's promises are called in the outbox. The values stand in stored rows, so they never change."""

SEND_INVITATION = "people.send_invitation"
SEND_PASSWORD_RESET = "people.send_password_reset"
SEND_LOGIN_CODE = "people.send_login_code"
SEND_SECURITY_NOTICE = "people.send_security_notice"
SEND_SENDER_NEWS = "people.send_sender_news"
SEND_HOST_NOTICE = "people.send_host_notice"
SEND_TEST_MESSAGE = "people.send_test_message"
