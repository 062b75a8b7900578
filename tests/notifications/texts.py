"""A provider of text messages, and what it signs."""

from core.kernel import outbox
from deploy.local.mailcatcher.text_messages import signature

ANSWERS = "/hooks/texts/"


def deliver():
    while outbox.deliver_due():
        pass


def signed(browser, address, form, key="key"):
    made = signature(f"http://north.test{address}", form, key)
    return browser.post(address, form, headers={"x-twilio-signature": made})
