"""Sending: take what is due from the ledger, write the letters, hand them to the mail server, note the outcome."""

import logging
import smtplib
from collections.abc import Callable
from datetime import UTC, datetime

from django.core.mail import get_connection

from dashboard.digests import content, ledger
from dashboard.digests.letter import letter
from listening.models import Issue

logger = logging.getLogger(__name__)


def clock() -> datetime:
    return datetime.now(UTC)


def send_due(now: Callable[[], datetime] = clock) -> int:
    """Send every digest that is due. Returns how many left. One that fails never stops the others."""
    ledger.give_up_lost(now())
    return sum(send(pk, now) for pk in ledger.due(now()))


def send(pk: int, now: Callable[[], datetime] = clock) -> bool:
    """Send one digest, unless somebody else does or its person has had too many today. True when it left."""
    issue = Issue.objects.select_related("subscription__user", "subscription__brand").get(pk=pk)
    if ledger.over_the_cap(issue, now()):
        ledger.refused(
            issue, f"More than {ledger.MAILS_PER_DAY} digests in 24 hours: held back.", now(), permanent=True
        )
        return False
    if not _rendered(issue):
        return False
    if not ledger.claim(issue, now()):
        return False
    try:
        letter(issue).send()
    except (smtplib.SMTPException, OSError) as error:
        permanent = isinstance(error, smtplib.SMTPRecipientsRefused) and _all_permanent(error)
        logger.warning("digest %s was not sent: %s", issue.pk, type(error).__name__)
        ledger.refused(issue, _sentence(error), now(), permanent)
        return False
    ledger.sent(issue, now())
    return True


def check_mail_server() -> None:
    """Open and close a connection; raises what the server says."""
    connection = get_connection()
    connection.open()
    connection.close()


def _rendered(issue: Issue) -> bool:
    """Write subject and bodies into the row; False when there is nothing to send and the person wants no empty mail."""
    written = content.write(issue.subscription, issue.period_start, issue.period_end)
    if written is None:
        Issue.objects.filter(pk=issue.pk, state=Issue.State.QUEUED).update(state=Issue.State.SKIPPED)
        return False
    issue.subject, issue.html, issue.text = written.subject, written.html, written.text
    issue.save(update_fields=["subject", "html", "text"])
    return True


def _all_permanent(error: smtplib.SMTPRecipientsRefused) -> bool:
    return all(500 <= code < 600 for code, _ in error.recipients.values())


def _sentence(error: Exception) -> str:
    return f"The mail server did not take it: {error}. Check EARSHOT_SMTP_HOST, port and password."
