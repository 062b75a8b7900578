"""`manage.py run_outbox`: keep the promises of all organizations."""

from typing import Any

from django.core.management.base import CommandParser

from tenants import login_check, outbox_delivery
from tenants.management.base import PlatformCommand
from tenants.outbox_worker import Worker


class Command(PlatformCommand):
    help = (
        "Deliver what organizations' outboxes have due: mail, reminders, webhooks, charges. Runs until SIGTERM, which lets the promise in "
        "hand finish. Start as many as you like; none delivers what another one has leased."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="deliver what is due now, then end")
        parser.add_argument("--name", default="", help="what the console calls this worker (default: host and process)")

    def handle(self, *args: Any, **options: Any) -> None:
        login_check.stop_if_unsafe()
        if options["once"]:
            delivered = 0
            while tried := outbox_delivery.deliver_all():
                delivered += tried
            self.stdout.write(f"{delivered} delivered")
            return
        worker = Worker(options["name"])
        worker.stop_at_signals()
        self.stdout.write(f"outbox worker {worker.name}: listening")
        worker.run()
        self.stdout.write(f"outbox worker {worker.name}: stopped after {worker.delivered}")
