"""`opt_out`: a person does not want to be listened to."""

import json
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from ingest.opt_out import opt_out
from ingest.pull import clock


class Command(BaseCommand):
    help = (
        "Stop listening to a person and erase what is stored of them, or with --scope contact only never answer them. "
        "--id is the network's stable id: the numeric id at X, the DID at Bluesky, the profile's address at Mastodon, "
        "the name in lower case at Hacker News, t2_... at Reddit, the channel's id at YouTube. Only keyed hashes are "
        "kept. Prints a receipt as JSON."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--network", required=True, help="x, bluesky, mastodon, hackernews, reddit, web ...")
        parser.add_argument("--id", default="", help="the stable id of the account")
        parser.add_argument("--handle", default="", help="the handle, where the id is not known")
        parser.add_argument(
            "--scope", default="listen", choices=["listen", "contact"], help="don't listen to me, or don't contact me"
        )
        parser.add_argument("--reason", default="asked the admin", help="a note without personal data")

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["id"] and not options["handle"]:
            raise CommandError("Say who: --id, or --handle where the id is not known.")
        network, stable_id, handle = options["network"], options["id"], options["handle"]
        receipt = opt_out(network, stable_id, options["reason"], clock(), options["scope"], handle)
        self.stdout.write(json.dumps(asdict(receipt)))
