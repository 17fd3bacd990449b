"""Two people and the sender at one case, in a thousand orders: no words are lost, and nobody is answered twice."""

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from random import Random
from threading import Barrier, Thread

import pytest
from django.db import connection
from django.utils import timezone

from dashboard.cases import replying
from dashboard.cases.seen import NotNow, Seen, Stale, latest
from dashboard.cases.writing import Way
from ingest import replying as sender
from ingest.sources.base import Config, Outgoing, Sent, Source
from listening.asking import Stands, replayed
from listening.models import Brand, Case, Contact, Line, LineDecision, Reply, User
from tests.builders import a_brand, a_case, a_member, a_mention, a_source, an_author

ROUNDS = 250
SEEDS = range(4)
"""A thousand rounds in all, in parts that can be run side by side."""
TEXTS = [f"Acme here, number {number}: thank you" for number in range(6)]


class Wire:
    """A network that remembers which keys it was told, and tells what stands there."""

    def __init__(self) -> None:
        self.stands: dict[str, list[str]] = {}

    def connection(self) -> Source:
        wire = self

        class There(Source):
            kind = label = network = summary = "mastodon"
            writes = True

            def targets(self, tracked: object) -> list:  # type: ignore[type-arg]
                return []

            def poll(self, target: object, cursor: object) -> object:  # type: ignore[override]
                raise NotImplementedError

            def check(self) -> object:  # type: ignore[override]
                raise NotImplementedError

            def reply(self, answer: Outgoing) -> Sent:
                wire.stands.setdefault(str(answer.key), []).append(answer.text)
                return Sent(str(answer.key), "https://there.example/1")

            def find_reply(self, answer: Outgoing, since: object) -> Sent | None:
                there = str(answer.key) in wire.stands
                return Sent(str(answer.key), "https://there.example/1") if there else None

        return There(Config(settings={}, credentials={}, now=timezone.now))


@pytest.fixture
def wire(monkeypatch: pytest.MonkeyPatch) -> Wire:
    made = Wire()
    monkeypatch.setattr("dashboard.bells.send_reply", lambda pk: None)
    return made


@pytest.fixture
def brand(wire: Wire, monkeypatch: pytest.MonkeyPatch) -> Brand:
    brand = a_brand("Acme")
    source = a_source(brand)
    monkeypatch.setattr(replying, "may_send", lambda case: Way(source, "").source is not None)
    monkeypatch.setattr(sender, "writer_of", lambda reply, now: (source, wire.connection()))
    return brand


def a_written_case(brand: Brand, quiet: bool = False) -> Case:
    text = "acme, my father passed away" if quiet else "hello acme"
    return a_case(a_mention(brand, text, addressed="mentioned", author=an_author()))


class Desk:
    """One person at one case: sees what is there, and acts on what was seen, perhaps a while ago."""

    def __init__(self, case: Case, user: User, chance: Random) -> None:
        self.case, self.user, self.chance = case, user, chance
        self.seen = Seen()
        self.kept: list[str] = []
        """Words that were kept, by their save."""

    def look(self) -> None:
        self.seen = Seen.of(latest(self.case))

    def act(self) -> str:
        name = self.chance.choice(
            ("save", "press", "press", "approve", "approve", "drop", "withdraw", "there", "retry")
        )
        text, now = self.chance.choice(TEXTS), timezone.now()
        deeds: dict[str, Callable[[], Reply]] = {
            "save": lambda: replying.save(self.case, self.seen, text, self.user, now),
            "press": lambda: replying.press(self.case, self.seen, text, self.user, now),
            "approve": lambda: replying.approve(self.case, self.seen, self.user, "", now),
            "drop": lambda: replying.drop(self.case, self.seen, self.user, now),
            "withdraw": lambda: replying.withdraw(self.case, self.seen, self.user, now),
            "there": lambda: replying.answered_there(self.case, self.seen, text, self.user, now),
            "retry": lambda: replying.retry(self.case, self.seen, self.user, now),
        }
        try:
            reply = deeds[name]()
        except (Stale, NotNow, Stands) as error:
            return type(error).__name__
        if name in ("save", "press"):
            assert reply.text == text, "what was kept is what was written"
            self.kept.append(text)
        return name


def assert_in_order(case: Case, wire: Wire) -> None:
    replies = list(case.replies.select_related("decision__line"))
    sent = [reply for reply in replies if reply.state == "sent"]
    assert len(sent) <= 1, [(reply.state, reply.text) for reply in replies]
    assert Contact.objects.filter(decision__mention=case.mention).count() == len(sent)
    for reply in sent:
        assert reply.decision and (reply.decision.verdict == "allowed" or reply.decision.overridden_by)
        assert reply.decision.verdict != "ask" or reply.approved_by_id != reply.author_id
    there = [words for reply in replies for words in wire.stands.get(str(reply.key), [])]
    by_earshot = [reply.text for reply in sent if not reply.by_hand]
    assert there == by_earshot, "what stands at the network is what was approved, once"
    for decision in LineDecision.objects.filter(mention=case.mention).select_related("line"):
        assert replayed(decision).verdict == decision.verdict


@pytest.mark.django_db
@pytest.mark.slow
@pytest.mark.parametrize("seed", SEEDS)
def test_a_thousand_orders_of_what_two_people_and_the_sender_do(wire: Wire, brand: Brand, seed: int) -> None:
    chance = Random(seed)
    ann, bob = a_member(brand, "marketer"), a_member(brand, "marketer")
    done: Counter[str] = Counter()
    for number in range(ROUNDS):
        case = a_written_case(brand, quiet=number % 2 == 0)
        desks = [Desk(case, ann, chance), Desk(case, bob, chance)]
        for _ in range(chance.randrange(3, 7)):
            desk = chance.choice(desks)
            if chance.random() < 0.65:
                desk.look()
            done[desk.act()] += 1
            if chance.random() < 0.35:
                for pk in case.replies.filter(state="approved").values_list("pk", flat=True):
                    done["sent"] += sender.send(pk)
        assert_in_order(case, wire)
    assert min(done[name] for name in ("save", "press", "approve", "drop", "there", "sent", "Stale")) > 5, done


@pytest.mark.django_db(transaction=True)
def test_a_double_click_and_a_colleagues_click_at_the_same_moment_are_one_answer(wire: Wire, brand: Brand) -> None:
    people = [a_member(brand, "marketer") for _ in range(2)]
    for number in range(25):
        case, barrier = a_written_case(brand), Barrier(5)
        got: list[str] = []

        def click(case: Case = case, barrier: Barrier = barrier, got: list[str] = got, number: int = 0) -> None:
            try:
                barrier.wait()
                reply = replying.press(case, Seen(), TEXTS[number % 2], people[number % 2], timezone.now())
                sender.send(reply.pk)
                got.append("done")
            except Stale:
                got.append("stale")
            finally:
                connection.close()

        threads = [Thread(target=click, kwargs={"number": one}) for one in range(5)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(got) == ["done", "stale", "stale", "stale", "stale"], number
        assert Reply.objects.filter(case=case).count() == 1
        assert_in_order(case, wire)


@pytest.mark.django_db(transaction=True)
def test_people_at_the_same_moment_lose_nothing_and_answer_once(wire: Wire, brand: Brand) -> None:
    """The same deeds as above, truly at once, with a sender that never rests."""
    people = [a_member(brand, "marketer") for _ in range(2)]
    for number in range(30):
        case, trouble = a_written_case(brand, quiet=number % 3 == 0), list[BaseException]()

        def work(who: int, case: Case = case, number: int = number, trouble: list[BaseException] = trouble) -> None:
            desk = Desk(case, people[who], Random(number * 10 + who))
            try:
                for _ in range(6):
                    desk.look()
                    desk.act()
                    for pk in sender.due(timezone.now()):
                        sender.send(pk)
            except BaseException as error:
                trouble.append(error)
            finally:
                connection.close()

        threads = [Thread(target=work, args=[who]) for who in (0, 1)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert trouble == []
        assert_in_order(case, wire)


@pytest.mark.django_db
def test_a_person_who_was_answered_is_not_answered_again(wire: Wire, brand: Brand) -> None:
    ann = a_member(brand, "marketer")
    case = a_written_case(brand)
    sender.send(replying.press(case, Seen(), TEXTS[0], ann, timezone.now()).pk)
    again = replying.press(case, Seen.of(latest(case)), TEXTS[1], ann, timezone.now() + timedelta(seconds=1))
    assert again.state == "draft" and again.decision and again.decision.verdict == "refused"
    assert Line.objects.filter(brand=brand).count() == 1
