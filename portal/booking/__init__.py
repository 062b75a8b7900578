"""Booking oneself: the pages for visitors and clients, and the settings behind them."""
