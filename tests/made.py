"""People made up for tests: whole ones, of which a test says only what matters to it."""

from datetime import UTC, datetime

from chalicelib.participants.items import ParticipantItem
from chalicelib.participants.model import ChannelChoice, Consent, Language, Participant, Source

NOW = datetime(2026, 11, 23, 20, 15, tzinfo=UTC)


def participant(**own):
    """Somebody who has just signed up for everything, in Dutch; without contacts and places unless it is said."""
    given = {
        "id": "0123456789ab",
        "language": Language.NL,
        "chosen": frozenset(ChannelChoice),
        "contacts": (),
        "places": (),
        "paused": False,
        "consent": Consent("1", NOW),
        "source": Source.WEB,
        "created_at": NOW,
    }
    return Participant(**(given | own))


def images(old=None, new=None):
    """What the stream of their table shows of a step from one ``Participant`` to the next."""
    both = {"OldImage": old, "NewImage": new}
    return {name: ParticipantItem.of(whose).serialize() for name, whose in both.items() if whose}
