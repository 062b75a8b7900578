"""A name server for the loopback address: answers over UDP and TCP from records that tests and the demo set."""
