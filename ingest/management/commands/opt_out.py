"""`opt_out`: a person does not want to be listened to."""

import json
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from ingest.opt_out import opt_out
from ingest.pull import clock


class Command(BaseCommand):
    help = (
        "Stop listening to a person and erase what is stored of them. --id is the network's stable id: the numeric id "
        "at X, the DID at Bluesky, the profile's address at Mastodon, the name in lower case at Hacker News. Only a "
        "keyed hash of it is kept. Prints a receipt as JSON."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--network", required=True, help="x, bluesky, mastodon, hackernews, web ...")
        parser.add_argument("--id", required=True, help="the stable id of the account")
        parser.add_argument("--reason", default="asked the admin", help="a note without personal data")

    def handle(self, *args: Any, **options: Any) -> None:
        receipt = opt_out(options["network"], options["id"], options["reason"], clock())
        self.stdout.write(json.dumps(asdict(receipt)))
