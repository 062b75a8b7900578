"""The product's side of live media: one interface (`engine.MediaEngine`) before every way to carry a call.

Free of Django: room code hands in rights, ids and a callback; it gets back what to tell the browser.
"""
