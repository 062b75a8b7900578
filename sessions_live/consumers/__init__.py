"""The sockets of live rooms: authenticate, admit, relay. Media itself never passes here."""
