"""What is done about prepayments: door → rule → write → audit → signal → promise, in one transaction."""
