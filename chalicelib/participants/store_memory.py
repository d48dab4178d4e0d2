"""The twins of the participants' tables: the same conditions, one lock instead of transactions."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import islice
from threading import Lock

from chalicelib.participants.changes import Proof, Step, owners
from chalicelib.participants.devices import MemoryDeviceStore
from chalicelib.participants.items import ParticipantItem
from chalicelib.participants.model import Contact, ContactKind, Participant, SignUp
from chalicelib.participants.places import MemoryPlaceStore
from chalicelib.participants.roll import Enrolled, enrolled
from chalicelib.participants.store import (
    changed_meanwhile,
    participant_not_found,
    sign_up_not_found,
    verification_locked,
)


@dataclass
class MemorySignUpStore:
    rows: dict[str, SignUp] = field(default_factory=dict)
    tries: dict[tuple[str, ContactKind], int] = field(default_factory=dict)
    lock: Lock = field(default_factory=Lock)

    def add(self, sign_up: SignUp) -> SignUp:
        return self.rows.setdefault(sign_up.id, sign_up)

    def get(self, sign_up_id: str) -> SignUp:
        if sign_up_id not in self.rows:
            raise sign_up_not_found()
        return self.rows[sign_up_id]

    def take_try(self, sign_up_id: str, kind: ContactKind, limit: int) -> SignUp:
        with self.lock:
            sign_up = self.get(sign_up_id)
            taken = self.tries.get((sign_up_id, kind), 0)
            if sign_up.contact(kind) is None:
                raise sign_up_not_found()
            if taken >= limit:
                raise verification_locked()
            self.tries[sign_up_id, kind] = taken + 1
            return sign_up

    def mark_welcomed(self, sign_up_id: str) -> None:
        with self.lock:
            if sign_up_id in self.rows:
                self.rows[sign_up_id] = replace(self.rows[sign_up_id], welcomed=True)


@dataclass
class MemoryParticipantStore:
    places: MemoryPlaceStore
    sign_ups: MemorySignUpStore
    rows: dict[str, Participant] = field(default_factory=dict)
    owner_of: dict[tuple[ContactKind, str], str] = field(default_factory=dict)
    devices: MemoryDeviceStore = field(default_factory=MemoryDeviceStore)

    def get(self, participant_id: str) -> Participant:
        if participant_id not in self.rows:
            raise participant_not_found()
        return self.rows[participant_id]

    def find(self, participant_ids: Iterable[str]) -> dict[str, Participant]:
        return {name: self.rows[name] for name in participant_ids if name in self.rows}

    def due(self, day: date, limit: int) -> list[str]:
        return sorted(name for name, who in self.rows.items() if who.check_on == day)[:limit]

    def owner(self, contact: Contact) -> str | None:
        return self.owner_of.get(contact.identity)

    def commit(self, steps: Sequence[Step], proof: Proof | None = None) -> None:
        with self.sign_ups.lock:
            if not (self._unchanged(steps) and self._unclaimed(steps) and self._open(proof)):
                raise changed_meanwhile()
            self._own(steps)
            for step in steps:
                self._apply(step)
            if proof:
                proved = self.sign_ups.rows[proof.sign_up].proving(proof.kind, proof.participant)
                self.sign_ups.rows[proof.sign_up] = proved
                self.sign_ups.tries.pop((proof.sign_up, proof.kind), None)

    def _unchanged(self, steps: Sequence[Step]) -> bool:
        def version(participant: Participant | None) -> int | None:
            return participant.version if participant else None

        pairs = [(step.before, step.before or step.after) for step in steps]
        return all(version(self.rows.get(who.id)) == version(before) for before, who in pairs if who)

    def _unclaimed(self, steps: Sequence[Step]) -> bool:
        ours = {who.id for step in steps if (who := step.after or step.before)}
        gained, lost = owners(steps)
        return all(self.owner(contact) in {None, *ours} for contact in (*gained, *lost))

    def _open(self, proof: Proof | None) -> bool:
        if proof is None:
            return True
        sign_up = self.sign_ups.rows.get(proof.sign_up)
        return sign_up is not None and sign_up.participant in (None, proof.participant)

    def _own(self, steps: Sequence[Step]) -> None:
        gained, lost = owners(steps)
        for contact in lost:
            self.owner_of.pop(contact.identity, None)
        for contact, owner in gained.items():
            self.owner_of[contact.identity] = owner

    def _apply(self, step: Step) -> None:
        for row in step.begin:
            self.places.put(row)
        for ref in step.end:
            assert ref.ended_ms is not None
            self.places.end(ref.partition, ref.key, ref.ended_ms)
        for ref in step.drop:
            self.places.drop(ref.partition, ref.key)
        for sign_up in step.forget:
            self.sign_ups.rows.pop(sign_up, None)
        self._subscribe(step)
        if step.after:
            self.rows[step.after.id] = step.after
        elif step.before:
            del self.rows[step.before.id]

    def _subscribe(self, step: Step) -> None:
        held = self.devices.rows.pop(step.before.reference, {}) if step.before else {}
        if step.after is None:
            return
        if step.before and step.before.reference != step.after.reference:
            held = {}
        if step.subscribe:
            held = {**held, step.subscribe.id: step.subscribe.device}
        left = {name: device for name, device in held.items() if name in step.after.devices}
        if left:
            self.devices.rows[step.after.reference] = left


@dataclass(frozen=True)
class MemoryRoll:
    participants: MemoryParticipantStore

    def page(self, after: str | None, size: int) -> tuple[list[Enrolled], str | None]:
        names = list(islice((name for name in sorted(self.participants.rows) if name > (after or "")), size))
        people = [person for name in names if (person := self.find(name))]
        return people, names[-1] if len(names) == size else None

    def find(self, participant: str) -> Enrolled | None:
        who = self.participants.rows.get(participant)
        return enrolled(ParticipantItem.of(who).serialize()) if who else None
