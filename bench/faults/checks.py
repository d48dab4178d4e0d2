"""What must hold once everything is quiet, however it got there. A broken promise is a line that says what and whom."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from math import inf

from bench.faults import everybody_checks
from bench.faults.people import Neighbour
from bench.faults.points import Kind
from bench.faults.world import ALERT, FOUND, UPDATE, World
from chalicelib.alerts.cap import Status
from chalicelib.alerts.messages import LATE_OUTCOME, MessageKind, kind_of
from chalicelib.alerts.model import LAPSED
from chalicelib.alerts.states import State
from chalicelib.delivery.model import ASKED, FINISHED, FOR_GOOD, Batch, Result
from chalicelib.delivery.progress import SHOWN
from chalicelib.reports.model import NATION, lineage

CALL, OUTCOME = MessageKind.CALL.value, MessageKind.OUTCOME.value
PER_KILL = 10  # messages that a killed sender may double
PER_CALL = 50  # mails, where SES's events come too late to tell what a killed sender handed over
# Figure -> how the lines of what broke it begin.
PROMISES: Mapping[str, tuple[str, ...]] = {
    "lost": ("lost", "not tried elsewhere"),
    "strangers": ("stranger",),
    "not_final": ("not final", "dead letters", "events lost", "never quiet"),
    "ledger_differs_from_provider": ("unaccounted", "not so"),
    "doubled_too_often": ("doubled",),
    "sent_after_stop": ("after stop", "after it was known"),
    "update_missed_or_wrong": ("no update", "update of what"),
    "outcome_missed_or_wrong": ("no outcome", "outcome of what", "outcome that says", "never closed"),
    "counters_differ_from_ledger": ("progress", "report"),
    **everybody_checks.PROMISES,
}
Pair = tuple[str, str]  # channel, contact
MAY_LACK = frozenset({Result.UNKNOWN, Result.REFUSED, Result.OPTED_OUT, Result.STOPPED})


@dataclass(frozen=True)
class Verdict:
    """``broken``: a line for each broken promise. ``doubled``: messages that somebody got once too often.

    ``unknown``: of which the ledger says that they may have been taken, and they were not.
    """

    broken: list[str]
    doubled: int
    unknown: int


def verdict(world: World) -> Verdict:
    judge = _Judge(world)
    return Verdict([*judge.broken()], judge.doubled, judge.unknown)


class _Judge:
    def __init__(self, world: World) -> None:
        self.world = world
        self.taken = Counter((one.message, (one.channel, one.contact)) for one in world.taken)
        self.first_step: dict[tuple[str, Pair], int] = {}
        for one in world.taken:
            self.first_step.setdefault((one.message, (one.channel, one.contact)), one.step)
        self.batches: dict[str, list[Batch]] = {}
        for batch in world.twins.ledger.rows.values():
            self.batches.setdefault(batch.key.message, []).append(batch)
        self.letters = {
            message: {
                (channel.value, world.contact_of(person.participant, channel)): lane.results[index]
                for batch in batches
                for channel, lane in batch.lanes.items()
                for index, person in enumerate(batch.people)
                if lane.results[index] is not Result.NONE
            }
            for message, batches in self.batches.items()
        }
        self.due = {
            (channel.value, contact) for who in world.people if who.inside for channel, contact in who.wants.items()
        }
        self.theirs = {pair: pairs for who in world.people if who.inside for pairs in [_pairs(who)] for pair in pairs}
        self.interrupted = world.cut_short
        self.doubled = sum(count - 1 for count in self.taken.values())
        self.unknown = sum(
            letter is Result.UNKNOWN and (message, pair) not in self.taken
            for message, letters in self.letters.items()
            for pair, letter in letters.items()
        )

    def got(self, message: str) -> set[Pair]:
        return {pair for kind, pair in self.taken if kind == message}

    def broken(self) -> Iterator[str]:
        yield from self._quiet()
        yield from self._nobody_lost()
        yield from self._nobody_else()
        yield from self._tried_elsewhere()
        yield from self._accounted()
        yield from self._doubles()
        yield from self._stopped()
        yield from self._updates()
        yield from self._outcome()
        yield from self._progress()
        yield from self._reports()
        if self.world.public:
            yield from everybody_checks.broken(self.world)

    def _quiet(self) -> Iterator[str]:
        cloud = self.world.cloud
        if cloud.dead_letters:
            yield f"dead letters: {Counter(message.queue.value for message in cloud.dead_letters)}"
        if cloud.lost_events:
            yield f"events lost: {Counter(cloud.lost_events)}"
        for message, batches in self.batches.items():
            for batch in batches:
                for channel, lane in batch.lanes.items():
                    if lane.state not in FINISHED or lane.waiting:
                        yield f"not final: {message} {batch.key.batch} {channel} {lane.state} {''.join(lane.results)}"

    def _nobody_lost(self) -> Iterator[str]:
        if self.interrupted:
            return
        letters = self.letters.get(CALL, {})
        for pair in sorted(self.due - self.got(CALL)):
            if letters.get(pair) not in MAY_LACK:
                yield f"lost: {pair} {letters.get(pair)}"

    def _nobody_else(self) -> Iterator[str]:
        """In the area, and on a channel that they chose, or on one that they have where those have failed."""
        for pair in sorted(self.got(CALL) - self.due):
            if not self._failed_elsewhere(CALL, pair, self.due):
                yield f"stranger: {pair}"

    def _failed_elsewhere(self, message: str, pair: Pair, first: Collection[Pair] = ()) -> bool:
        """Whether it failed for good wherever it was sent before it came to this one, and on all of ``first``."""
        letters, theirs = self.letters.get(message, {}), self.theirs.get(pair, frozenset())
        came = self.first_step.get((message, pair), inf)
        others = (other for other in theirs - {pair} if letters.get(other))
        before = [
            letters[other] for other in others if other in first or self.first_step.get((message, other), inf) < came
        ]
        return bool(before) and FOR_GOOD.issuperset(before)

    def _tried_elsewhere(self) -> Iterator[str]:
        """Nobody has every message failed and a channel left."""
        if self.interrupted:
            return
        letters = self.letters.get(CALL, {})
        for pair, pairs in sorted(self.theirs.items()):
            if pair not in letters and self._failed_elsewhere(CALL, pair, pairs):
                yield f"not tried elsewhere: {pair} of {sorted(pairs)}"

    def _accounted(self) -> Iterator[str]:
        """Whoever has a message stands in the ledger as asked, and nobody else but those of whom it is not known."""
        for message in self.world.alert.messages:
            letters, got = self.letters.get(message, {}), self.got(message)
            for pair in sorted(got):
                if letters.get(pair) not in ASKED:
                    yield f"unaccounted: {message} {pair} {letters.get(pair)}"
            for pair, letter in sorted(letters.items()):
                if letter in ASKED - {Result.UNKNOWN} and pair not in got:
                    yield f"not so: {message} {pair} {letter}"

    def _doubles(self) -> Iterator[str]:
        kills = self.world.kills
        allowed = kills * (PER_CALL if self.world.late else PER_KILL) + self.world.gate.unanswered
        if self.doubled > allowed:
            yield f"doubled: {self.doubled} messages at {kills} kills"

    def _stopped(self) -> Iterator[str]:
        """Nobody is asked after a stop, nor told that nobody knows after somebody does."""
        for why, message, since in (
            ("after stop", CALL, self.world.stopped_at),
            ("after it was known", OUTCOME, self.world.known_at),
        ):
            if since is None:
                continue
            for one in self.world.taken:
                if one.message == message and self.world.gate.claims.get(one.by, 0) > since:
                    yield f"{why}: {one}"

    def _updates(self) -> Iterator[str]:
        """Whoever was asked has the newest update, or has it with the call; and nobody else."""
        names = [name for name in self.world.alert.messages if kind_of(name) is MessageKind.UPDATE]
        asked, letters = self.got(CALL), self.letters.get(CALL, {})
        for number, name in enumerate(names, 1):
            for pair in sorted(self.got(name) - asked):
                if letters.get(pair) is not Result.UNKNOWN and not self._hears_elsewhere(name, pair):
                    yield f"update of what? {name} {pair} {letters.get(pair)}"
            if _early(self.world):  # then the outcome is the news
                continue
            words = UPDATE.format(number)
            with_call = {
                (one.channel, one.contact) for one in self.world.taken if one.message == CALL and words in one.words
            }
            later = set().union(*map(self.got, names[number - 1 :]))
            for pair in sorted(asked - with_call - later):
                if letters.get(pair) is not Result.FAILED and self.letters.get(name, {}).get(pair) not in MAY_LACK:
                    yield f"no update: {name} {pair}"

    def _outcome(self) -> Iterator[str]:
        world = self.world
        if world.alert.state is not State.CLOSED:
            if world.taken:
                yield "never closed, but somebody was asked"
            return
        yield from self._hear_the_end(OUTCOME, everybody=not world.known_at_once)
        if world.known_at is not None:
            yield from self._hear_the_end(LATE_OUTCOME, everybody=True)
        for one in world.taken:
            if kind_of(one.message) is MessageKind.OUTCOME and (FOUND in one.words) != (one.message == LATE_OUTCOME):
                yield f"outcome that says something else: {one}"

    def _hear_the_end(self, message: str, *, everybody: bool) -> Iterator[str]:
        """Whoever was asked, on that channel, and nobody else. ``everybody``: else a later message tells the others."""
        letters, got = self.letters.get(CALL, {}), self.got(message)
        later = self.letters.get(message, {})
        for pair in sorted(self.got(CALL) - got) if everybody else ():
            if letters.get(pair) is not Result.FAILED and later.get(pair) not in MAY_LACK - {Result.STOPPED}:
                yield f"no outcome: {message} {pair} {letters.get(pair)} {later.get(pair)}"
        for pair in sorted(got - self.got(CALL)):
            if letters.get(pair) is not Result.UNKNOWN and not self._hears_elsewhere(message, pair):
                yield f"outcome of what? {message} {pair} {letters.get(pair)}"

    def _hears_elsewhere(self, message: str, pair: Pair) -> bool:
        """Whether they were, or may have been, asked on another channel, on which this message failed."""
        letters = self.letters.get(CALL, {})
        asked = self.got(CALL) | {other for other, letter in letters.items() if letter is Result.UNKNOWN}
        return not asked.isdisjoint(self.theirs.get(pair, ())) and self._failed_elsewhere(message, pair)

    def _progress(self) -> Iterator[str]:
        told = self.world.room.progress.progress(ALERT, self.world.alert.messages)
        for message in self.batches:
            asked = sum(not ASKED.isdisjoint(results) for _, results in self._people(message))
            if message not in told or told[message]["asked"] != asked:
                yield f"progress of {message}: {told.get(message, {}).get('asked')} asked, the ledger says {asked}"
                continue
            for channel, shown in told[message]["channels"].items():
                of = Counter(result for (on, _), result in self.letters[message].items() if on == channel)
                ledger = {name: sum(of[result] for result in results) for name, results in SHOWN.items()}
                if shown != ledger:
                    yield f"progress of {message} by {channel}: {shown}, the ledger says {ledger}"

    def _reports(self) -> Iterator[str]:
        sums: dict[str, list[int]] = {}
        for neighbourhood, results in self._people(CALL):
            counted = (1, not ASKED.isdisjoint(results), Result.DELIVERED in results)
            for area in lineage(neighbourhood):
                sums[area] = [a + b for a, b in zip(sums.get(area, [0, 0, 0]), counted, strict=True)]
        standing = list(self.world.twins.figures.rows.values())
        rows = {area: figures for row in standing for area, figures in row.sums().items() if area != NATION}
        rows |= {row.area: row.sums()[NATION] for row in standing if row.area == NATION}
        if self.world.alert.activated_at is None:
            return
        for area in sorted(sums.keys() | rows.keys()):
            row, ledger = rows.get(area), sums.get(area, [0, 0, 0])
            if row is None or [row.people, row.asked, row.reached] != ledger:
                yield f"report of {area}: {row}, the ledger says {ledger}"
            elif row.tips != 1 or list(row.results) != [it for it in [self.world.alert.result] if it]:
                yield f"report of {area}: {row.tips} tips, {row.results}"
        months = {area: row for (area, _), row in self.world.twins.figures.by_month.items()}
        for row in standing if self.world.alert.status is Status.ACTUAL else []:
            if row.area not in months or months[row.area].sums != row.sums():
                yield f"month of {row.area}: {months.get(row.area)}, the alert's row says {row}"

    def _people(self, message: str) -> list[tuple[str, set[Result]]]:
        """Everybody once: where they live, and what became of what was sent to them."""
        found: dict[tuple[int, int, int], tuple[str, set[Result]]] = {}
        for batch in self.batches.get(message, []):
            for index, person in enumerate(batch.people):
                if person.participant:
                    results = {lane.results[index] for lane in batch.lanes.values()} - {Result.NONE}
                    found.setdefault((batch.key.unit, batch.key.number, index), (person.area, set()))[1].update(results)
        return list(found.values())


def _pairs(who: Neighbour) -> frozenset[Pair]:
    return frozenset((channel.value, contact) for channel, contact in who.has.items())


def _early(world: World) -> bool:
    """Whether it was closed, or its approval had lapsed, before everybody could be asked."""
    lapsed = world.alert.returned_reason == LAPSED
    return lapsed or any(kind in (Kind.CLOSE, Kind.KILL_CLOSE) for _, kind in world.gate.struck)
