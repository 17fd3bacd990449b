"""`digest`: show a brand's weekly digest, or send what is due."""

import json
from datetime import UTC, datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from dashboard.digests import content, ledger, sending
from listening.models import Subscription


class Command(BaseCommand):
    help = (
        "Without options: write the digests that are due and send them, as the workers do, and print how many as JSON. "
        "With --brand and --to: print the latest week's digest of one member without sending it. "
        "--check-mail asks the mail server and says what it answers."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--brand", help="slug of the brand to show")
        parser.add_argument("--to", help="e-mail address of the member")
        parser.add_argument("--html", action="store_true", help="show the HTML part instead of the text")
        parser.add_argument("--now", help="as if it were this time (ISO 8601), for --brand")
        parser.add_argument("--check-mail", action="store_true", help="open a connection to the mail server")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["check_mail"]:
            return self._check()
        if options["brand"]:
            return self._show(options)
        prepared = ledger.prepare(sending.clock())
        self.stdout.write(json.dumps({"prepared": prepared, "sent": sending.send_due()}))

    def _check(self) -> None:
        try:
            sending.check_mail_server()
        except Exception as error:
            raise CommandError(f"The mail server does not take mail: {error}") from error
        self.stdout.write("The mail server answers.")

    def _show(self, options: dict[str, Any]) -> None:
        found = Subscription.objects.filter(brand__slug=options["brand"]).select_related("brand", "user")
        if options["to"]:
            found = found.filter(user__email__iexact=options["to"])
        subscription = found.first()
        if subscription is None:
            raise CommandError("No such subscription: name a brand's slug and a member who gets its digest.")
        now = datetime.fromisoformat(options["now"]) if options["now"] else datetime.now(UTC)
        week = ledger.week_of(subscription, now if now.tzinfo else now.replace(tzinfo=UTC))
        written = content.write(subscription, week.start, week.end)
        if written is None:
            self.stdout.write("Nothing was said that week, and this member wants no empty digests.")
        else:
            self.stdout.write(f"Subject: {written.subject}\n\n{written.html if options['html'] else written.text}")
