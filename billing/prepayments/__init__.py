"""Prepayments: what is paid when something is booked, held until it took place, and matched with what it cost in the end."""
