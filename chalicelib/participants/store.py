"""Tables ``participants``, ``contacts`` and ``sign_ups``; all of a change in one transaction."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property
from itertools import chain
from typing import TYPE_CHECKING, Any, Protocol

from botocore.exceptions import ClientError
from pynamodb.exceptions import DoesNotExist, UpdateError

from chalicelib.participants.changes import Proof, Step, owners
from chalicelib.participants.contact_keys import DynamoContactKeys, Keys
from chalicelib.participants.devices import Subscription, packed
from chalicelib.participants.items import ByCheck, ContactItem, ParticipantItem, SignUpItem
from chalicelib.participants.model import Contact, ContactKind, Participant, RowRef, SignUp
from chalicelib.participants.place_rows import encode, ttl_of
from chalicelib.participants.sealing import Unreadable, new_key, seal
from chalicelib.platform.dynamo import bind, condition_failed
from chalicelib.platform.errors import Conflict, NotFound, TooManyRequests
from chalicelib.platform.tokens import KeyedHash

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

READS = 3
TRANSACTION = 100  # DynamoDB: items per TransactWriteItems
# Reasons that end when the other transaction has: whoever reads again and writes again will succeed.
OVERTAKEN = frozenset({"ConditionalCheckFailed", "TransactionConflict"})


class SignUpStore(Protocol):
    def add(self, sign_up: SignUp) -> SignUp:
        """The one that stands under its id from now on: it, or one that was there."""
        ...

    def get(self, sign_up_id: str) -> SignUp:
        """Raises ``NotFound`` ``sign_up_not_found``."""
        ...

    def take_try(self, sign_up_id: str, kind: ContactKind, limit: int) -> SignUp:
        """Count one try at the code of a contact, in one step with looking whether there are any left.

        Raises:
            NotFound: ``sign_up_not_found``; also where the sign-up does not have this contact.
            TooManyRequests: ``verification_locked``: this contact has had its tries.
        """
        ...

    def mark_welcomed(self, sign_up_id: str) -> None:
        """Its welcome went out; a sign-up that went meanwhile stays gone."""
        ...


class ParticipantStore(Protocol):
    def get(self, participant_id: str) -> Participant:
        """Raises ``NotFound`` ``participant_not_found``."""
        ...

    def find(self, participant_ids: Iterable[str]) -> dict[str, Participant]:
        """Those of them that are there, by id."""
        ...

    def due(self, day: date, limit: int) -> list[str]:
        """Ids of at most so many whose ``check_on`` is that day. Eventually consistent."""
        ...

    def owner(self, contact: Contact) -> str | None:
        """The id of the participant who has this contact."""
        ...

    def commit(self, steps: Sequence[Step], proof: Proof | None = None) -> None:
        """All of it or nothing: participants, their contacts and places, and what a sign-up proved.

        Raises:
            Conflict: ``changed_meanwhile``: one of the participants, contacts or the sign-up is not as it was read.
        """
        ...


def sign_up_not_found() -> NotFound:
    return NotFound("sign_up_not_found", "This sign-up does not exist, or has ended. Sign up again.")


def still_there(sign_up: SignUp, now: datetime) -> SignUp:
    """The table forgets a row some time after it has ended; until then it counts as gone. Raises ``NotFound``."""
    if sign_up.expires_at <= now:
        raise sign_up_not_found()
    return sign_up


def participant_not_found() -> NotFound:
    return NotFound("participant_not_found", "This participant does not exist.")


def verification_locked() -> TooManyRequests:
    return TooManyRequests("verification_locked", "Too many wrong codes. Sign up again for a new one.")


def changed_meanwhile() -> Conflict:
    return Conflict("changed_meanwhile", "This was changed by another request. Try again.")


@dataclass(frozen=True)
class DynamoSignUpStore:
    table: str

    @cached_property
    def _items(self) -> type[SignUpItem]:
        return bind(SignUpItem, self.table)

    def add(self, sign_up: SignUp) -> SignUp:
        there = Conflict("sign_up_there", "This sign-up has come already.")
        try:
            with condition_failed(there):
                self._items.of(sign_up).save(self._items.id.does_not_exist())
        except Conflict:
            return self.get(sign_up.id)
        return sign_up

    def get(self, sign_up_id: str) -> SignUp:
        try:
            return self._items.get(sign_up_id, consistent_read=True).sign_up()
        except DoesNotExist:
            raise sign_up_not_found() from None

    def take_try(self, sign_up_id: str, kind: ContactKind, limit: int) -> SignUp:
        item = self._items(sign_up_id)
        tries = getattr(self._items, f"tries_{kind}")
        has_contact = getattr(self._items, kind).exists()
        try:
            item.update([tries.add(1)], condition=has_contact & (tries < limit))
        except UpdateError as error:
            if error.cause_response_code != "ConditionalCheckFailedException":
                raise
            if self.get(sign_up_id).contact(kind) is None:
                raise sign_up_not_found() from None
            raise verification_locked() from None
        return item.sign_up()

    def mark_welcomed(self, sign_up_id: str) -> None:
        try:
            with condition_failed(sign_up_not_found()):
                self._items(sign_up_id).update([self._items.welcomed.set(True)], condition=self._items.id.exists())
        except NotFound:
            return


@dataclass(frozen=True)
class ParticipantTables:
    """Physical names of the tables that a change of a participant touches."""

    participants: str
    contacts: str
    places: str
    sign_ups: str
    subscriptions: str


@dataclass(frozen=True)
class DynamoParticipantStore:
    """Contacts lie in the tables sealed; ``keys`` is where their keys are."""

    tables: ParticipantTables
    contact_hash: KeyedHash
    client: "Callable[[], DynamoDBClient]"
    keys: DynamoContactKeys

    @cached_property
    def _participants(self) -> type[ParticipantItem]:
        return bind(ParticipantItem, self.tables.participants)

    @cached_property
    def _contacts(self) -> type[ContactItem]:
        return bind(ContactItem, self.tables.contacts)

    def get(self, participant_id: str) -> Participant:
        for _ in range(READS):
            try:
                item = self._participants.get(participant_id, consistent_read=True)
            except DoesNotExist:
                raise participant_not_found() from None
            with suppress(Unreadable):  # a contact changed between the two reads
                return item.participant(self.keys.find([participant_id]).get(participant_id, {}))
        raise Unreadable(participant_id)

    def find(self, participant_ids: Iterable[str]) -> dict[str, Participant]:
        names = sorted(set(participant_ids))
        items = list(self._participants.batch_get(names, consistent_read=True))
        keys = self.keys.find(str(item.id) for item in items)
        found: dict[str, Participant] = {}
        for item in items:
            try:
                found[item.id] = item.participant(keys.get(item.id, {}))
            except Unreadable:
                with suppress(NotFound):
                    found[item.id] = self.get(item.id)
        return found

    def due(self, day: date, limit: int) -> list[str]:
        rows = self._participants.query(day.isoformat(), index_name=ByCheck.Meta.index_name, limit=limit)
        return [str(row.id) for row in rows]

    def owner(self, contact: Contact) -> str | None:
        try:
            return str(self._contacts.get(self._hash(contact), consistent_read=True).participant)
        except DoesNotExist:
            return None

    def commit(self, steps: Sequence[Step], proof: Proof | None = None) -> None:
        writes = [*chain.from_iterable(map(self._written, steps)), *self._owned(steps)]
        if proof:
            writes.append(self._proved(proof))
        assert len(writes) <= TRANSACTION
        try:
            self.client().transact_write_items(TransactItems=writes)
        except ClientError as error:
            if _overtaken(error):
                raise changed_meanwhile() from error
            raise

    def _written(self, step: Step) -> Iterator[Any]:
        step, new = self._sealed(step)
        yield self._participant(step)
        for row in step.begin:
            yield {"Put": {"TableName": self.tables.places, "Item": encode(row)}}
        for ref in step.end:
            yield self._ended(ref)
        for ref in step.drop:
            yield {"Delete": {"TableName": self.tables.places, "Key": _row_key(ref)}}
        for sign_up in step.forget:
            yield {"Delete": {"TableName": self.tables.sign_ups, "Key": {"id": {"S": sign_up}}}}
        yield from self._subscribed(step)
        yield from self._keys(step, new)

    def _sealed(self, step: Step) -> tuple[Step, Keys]:
        """With every contact sealed, in its places too; and the keys of those that were not before."""
        after = step.after
        if after is None:
            return step, {}
        if step.before and not all(contact.sealed for contact in after.contacts):
            # Whoever changes what they wrote themselves knows the contacts, and not how they are stored.
            with suppress(NotFound):
                standing = self.get(step.before.id).contacts
                held = tuple(next((it for it in standing if it == contact), contact) for contact in after.contacts)
                after = replace(after, contacts=held)
        new = {contact.kind: new_key() for contact in after.contacts if not contact.sealed}
        contacts = tuple(
            replace(it, sealed=it.sealed or seal(new[it.kind], after.id, it.kind, it.text)) for it in after.contacts
        )
        stored = {contact.text: contact.sealed for contact in contacts}
        begin = tuple(
            row._replace(phone=_of(row.phone, stored), voice=_of(row.voice, stored), email=_of(row.email, stored))
            for row in step.begin
        )
        return replace(step, after=replace(after, contacts=contacts), begin=begin), new

    def _keys(self, step: Step, new: Keys) -> Iterator[Any]:
        before = {contact.kind for contact in step.before.contacts} if step.before else set()
        if step.after is None:
            assert step.before
            yield {"Delete": self.keys.erased(step.before.id)}
            return
        gone = before - {contact.kind for contact in step.after.contacts}
        if write := self.keys.written(step.after.id, new, gone):
            yield {"Update": write}

    def _participant(self, step: Step) -> dict[str, Any]:
        condition: dict[str, Any] = {"ConditionExpression": "attribute_not_exists(id)"}
        if step.before:
            condition = {
                "ConditionExpression": "version = :version",
                "ExpressionAttributeValues": {":version": {"N": str(step.before.version)}},
            }
        write = {"TableName": self.tables.participants, **condition}
        if step.after:
            return {"Put": {**write, "Item": ParticipantItem.of(step.after).serialize()}}
        assert step.before
        return {"Delete": {**write, "Key": {"id": {"S": step.before.id}}}}

    def _subscribed(self, step: Step) -> Iterator[Any]:
        before, after = step.before, step.after
        held = before.devices if before else ()
        if before and held and (after is None or not after.devices or after.reference != before.reference):
            yield {"Delete": {"TableName": self.tables.subscriptions, "Key": {"id": {"S": before.reference}}}}
            held = ()
        gone = [device for device in held if after and device not in after.devices]
        if after and (gone or step.subscribe):
            yield {"Update": self._devices(after.reference, gone, step.subscribe)}

    def _devices(self, reference: str, gone: Sequence[str], new: Subscription | None) -> dict[str, Any]:
        names = {f"#d{n}": device for n, device in enumerate(gone)}
        expression = [f"REMOVE {', '.join(names)}"] if names else []
        write: dict[str, Any] = {"TableName": self.tables.subscriptions, "Key": {"id": {"S": reference}}}
        if new:
            names["#new"] = new.id
            expression.append("SET #new = :new")
            write["ExpressionAttributeValues"] = {":new": {"S": packed(new.device)}}
        return {**write, "UpdateExpression": " ".join(expression), "ExpressionAttributeNames": names}

    def _ended(self, ref: RowRef) -> dict[str, Any]:
        assert ref.ended_ms is not None
        return {
            "Update": {
                "TableName": self.tables.places,
                "Key": _row_key(ref),
                # A row that is not there must not come into being without its contents.
                "ConditionExpression": "attribute_exists(k)",
                "UpdateExpression": "SET u = :until, #ttl = :ttl",
                "ExpressionAttributeNames": {"#ttl": "ttl"},
                "ExpressionAttributeValues": {
                    ":until": {"N": str(ref.ended_ms)},
                    ":ttl": {"N": str(ttl_of(ref.ended_ms))},
                },
            }
        }

    def _owned(self, steps: Sequence[Step]) -> Iterator[Any]:
        """Contacts change hands only if they are where this change believes them to be: nobody's, or with one of us."""
        ours = {f":p{n}": {"S": who.id} for n, who in enumerate(_everybody(steps))}
        condition = {
            "TableName": self.tables.contacts,
            "ConditionExpression": f"attribute_not_exists(#hash) OR participant IN ({', '.join(ours)})",
            "ExpressionAttributeNames": {"#hash": "hash"},
            "ExpressionAttributeValues": ours,
        }
        gained, lost = owners(steps)
        for contact, owner in gained.items():
            item = {"hash": {"S": self._hash(contact)}, "participant": {"S": owner}}
            yield {"Put": {**condition, "Item": item}}
        for contact in lost:
            yield {"Delete": {**condition, "Key": {"hash": {"S": self._hash(contact)}}}}

    def _proved(self, proof: Proof) -> dict[str, Any]:
        return {
            "Update": {
                "TableName": self.tables.sign_ups,
                "Key": {"id": {"S": proof.sign_up}},
                "ConditionExpression": (
                    "attribute_exists(id) AND (attribute_not_exists(participant) OR participant = :p)"
                ),
                "UpdateExpression": (
                    "SET participant = :p, #first = if_not_exists(#first, :kind), #tries = :none ADD proved :kinds"
                ),
                "ExpressionAttributeNames": {"#first": "first", "#tries": f"tries_{proof.kind}"},
                "ExpressionAttributeValues": {
                    ":p": {"S": proof.participant},
                    ":kind": {"S": proof.kind},
                    ":none": {"N": "0"},
                    ":kinds": {"SS": [proof.kind]},
                },
            }
        }

    def _hash(self, contact: Contact) -> str:
        kind, text = contact.identity
        return self.contact_hash(kind, text)


def _everybody(steps: Sequence[Step]) -> list[Participant]:
    return [who for step in steps if (who := step.after or step.before)]


def _of(text: str | None, stored: Mapping[str, str]) -> str | None:
    return stored[text] if text else None


def _row_key(ref: RowRef) -> dict[str, Any]:
    return {"c": {"S": ref.partition}, "k": {"S": ref.key}}


def _overtaken(error: ClientError) -> bool:
    if error.response["Error"]["Code"] != "TransactionCanceledException":
        return False
    reasons: Any = error.response.get("CancellationReasons", [])
    return not OVERTAKEN.isdisjoint(reason.get("Code") for reason in reasons)
