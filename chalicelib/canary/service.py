"""CANARY: sends tests to the canaries, notes when they arrive, and says which did not in time.

A schedule wakes it to send, and more often to look. A run is written down before anything is sent: so a canary that
could not even be sent is missed as well.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from chalicelib.alerts import standing
from chalicelib.alerts.handover import handed_over
from chalicelib.alerts.history import EventRecord
from chalicelib.alerts.messages import MessageKind
from chalicelib.alerts.model import Alert
from chalicelib.alerts.outcome import Contribution, Result
from chalicelib.alerts.service import ALERT_ID
from chalicelib.alerts.states import State
from chalicelib.alerts.store import AlertStore
from chalicelib.alerts.target import Target
from chalicelib.areas.service import AreaService
from chalicelib.canary.model import Addresses, Message, Run, around, canaries
from chalicelib.canary.store import CanaryStore
from chalicelib.delivery import model as ledger
from chalicelib.delivery.store import Ledger
from chalicelib.participants.places import PlaceStore
from chalicelib.platform.clock import Clock
from chalicelib.platform.errors import NotFound
from chalicelib.platform.ids import random_id
from chalicelib.platform.observe import count, logger, time_taken

LOOKED_AT = 24  # runs, the newest: a day of them where one begins every hour
TOLD = 10


@dataclass(frozen=True)
class Told:
    """``arrived``: how long each message took, those that came too late as well."""

    run: Run
    arrived: Mapping[Message, timedelta]


@dataclass(frozen=True)
class Canaries:
    """``minutes``: after so many a message is missing."""

    alerts: AlertStore
    areas: AreaService
    places: PlaceStore
    ledger: Ledger
    store: CanaryStore
    clock: Clock
    addresses: Addresses
    minutes: int

    def run(self, event: Mapping[str, Any]) -> dict[str, int]:
        """``event``: ``{"send": true}`` begins a run; any looks at those whose time is over.

        Returns:
            How many messages were ``sent``, and how many were found ``missing``.
        """
        missing = sum(self._judge(run) for run in self.store.runs(LOOKED_AT) if self._over(run))
        sent = self._send() if event.get("send") else 0
        logger.info("canary.run", sent=sent, missing=missing)
        return {"sent": sent, "missing": missing}

    def note(self, alert: Alert) -> None:
        """What has arrived by now of a run's alert; each message once, however often it is noted."""
        run = next((run for run in self.store.runs(LOOKED_AT) if run.alert == alert.id), None)
        if run is None or alert.due is None:
            return
        took = self.clock.now() - alert.due
        new = self._delivered(alert.id) & run.expected - self.store.arrived(alert.id).keys()
        for message in sorted(new):
            if self.store.arrive(run, message, took):
                time_taken("CanaryTime", took)

    def told(self) -> list[Told]:
        """The newest runs, newest first."""
        return [Told(run, self.store.arrived(run.alert)) for run in self.store.runs(TOLD)]

    def _send(self) -> int:
        now = _fine(self.clock.now())
        flock = tuple(canaries(self.areas.municipalities(joined_only=True)))
        channels = self.addresses.channels
        if not flock or not channels:
            return 0
        expected = frozenset(Message(canary.area, channel) for canary in flock for channel in channels)
        run = Run(random_id(ALERT_ID), now, expected)
        self.store.put(run)
        self.places.load(canary.row(self.addresses, now) for canary in flock)
        shape = around(flock).to_json()
        target = Target.of(shape, shape, tuple(canary.area for canary in flock))
        draft = standing.canary_draft(target, channels, id=run.alert, at=now, life=timedelta(minutes=self.minutes))
        before, after = standing.scheduled(draft, now)
        record = EventRecord(random_id(), after.changed_at, "approved", standing.APPROVER)
        self.alerts.put(after, 0, record, handed_over(before, after))
        count("CanariesSent", len(expected))
        return len(expected)

    def _over(self, run: Run) -> bool:
        return run.judged_at is None and self.clock.now() >= run.sent_at + timedelta(minutes=self.minutes)

    def _judge(self, run: Run) -> int:
        missing = run.expected - self.store.arrived(run.alert).keys()
        self._close(run.alert)
        self.store.put(replace(run, judged_at=_fine(self.clock.now()), missing=missing))
        count("CanariesMissing", len(missing))
        for message in sorted(missing):
            logger.error("canary.missing", alert=run.alert, area=message.area, channel=message.channel)
        return len(missing)

    def _close(self, alert_id: str) -> None:
        """No alert stays open, nor goes out too late. Its outcome finds nobody: a canary is no participant."""
        try:
            alert = self.alerts.get(alert_id)
        except NotFound:  # it could not be sent
            return
        now, by = _fine(self.clock.now()), standing.AUTHOR
        if alert.state is State.ACTIVE:
            ended = alert.close(result=Result.NONE, contribution=Contribution.NONE, text=None, by=by, at=now)
        elif alert.state is State.SCHEDULED:  # nobody planned it
            ended = alert.stop(by=by, at=now)
        else:
            return
        record = EventRecord(random_id(), ended.changed_at, ended.state, by)
        self.alerts.put(ended, alert.version, record, handed_over(alert, ended))

    def _delivered(self, alert_id: str) -> set[Message]:
        plan = self.ledger.plan(alert_id, MessageKind.CALL)
        return {
            Message(person.area, channel)
            for unit in range(plan.units if plan else 0)
            for batch in self.ledger.batches(alert_id, MessageKind.CALL, unit)
            for channel, lane in batch.lanes.items()
            for person, result in zip(batch.people, lane.results, strict=True)
            if result is ledger.Result.DELIVERED
        }


def _fine(moment: datetime) -> datetime:
    """As fine as stored times show."""
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)
