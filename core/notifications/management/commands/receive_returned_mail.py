"""`manage.py receive_returned_mail ADDRESS < message`: what a mail server does with mail for the return path."""

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from core.notifications.returned_mail import MOST_BYTES, receive


class Command(BaseCommand):
    help = "Reads one returned mail from the standard input into the delivery log. ADDRESS: the envelope's recipient."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("address")

    def handle(self, *args: Any, **options: Any) -> None:
        """Ends well whatever it was, because a mail server would keep what it could not hand over."""
        read = receive(options["address"], sys.stdin.buffer.read(MOST_BYTES))
        self.stdout.write("noted" if read else "no report about a mail of ours")
