"""Self-booking: when there is free time, holding it, and an appointment that a visitor or a client books themselves."""
