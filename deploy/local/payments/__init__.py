"""A payment sandbox: enough of Stripe's API, offline, for the real `stripe` library and a real browser.

No money moves and no real card is accepted. The program refuses to start beside live keys and is never imported by
the product, which only knows its base address.
"""
