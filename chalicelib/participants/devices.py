"""Table ``subscriptions``: the devices to which a participant's push messages go, by their reference.

    id   id of the participant and version of their links: with a renewed sign-up the devices end
    ...  device id -> how it is reached: endpoint, public key and secret, between spaces

They are written with the participant, in one transaction (``store``). Here they are read: by whoever sends, who needs
to know nothing else of people. A device's id is a hash of its endpoint: the same browser is the same device.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from chalicelib.channels.model import Device
from chalicelib.platform import ids
from chalicelib.platform.flat_dynamo import FlatDynamo

DEVICE_CHARACTERS = 12

Devices = Mapping[str, Device]


@dataclass(frozen=True)
class Subscription:
    """A device, and its id."""

    id: str
    device: Device


def subscription(device: Device) -> Subscription:
    digest = hashlib.sha256(device.endpoint.encode()).digest()
    return Subscription(ids.encode(int.from_bytes(digest[:8]) >> 4, DEVICE_CHARACTERS), device)


def packed(device: Device) -> str:
    return f"{device.endpoint} {device.p256dh} {device.auth}"


def unpacked(text: str) -> Device:
    return Device(*text.split(" "))


class DeviceStore(Protocol):
    def find(self, references: Iterable[str]) -> Mapping[str, Devices]:
        """The devices of those who have any: reference -> device id -> device."""
        ...


@dataclass(frozen=True)
class DynamoDeviceStore:
    table: str
    database: FlatDynamo = field(default_factory=FlatDynamo)

    def find(self, references: Iterable[str]) -> Mapping[str, Devices]:
        keys = ({"id": {"S": reference}} for reference in sorted(set(references)))
        return {row["id"]["S"]: _devices(row) for row in self.database.get_many(self.table, keys)}


def _devices(row: Mapping[str, Any]) -> Devices:
    return {name: unpacked(value["S"]) for name, value in row.items() if name != "id"}


@dataclass
class MemoryDeviceStore:
    """The twin. Filled by ``MemoryParticipantStore``."""

    rows: dict[str, dict[str, Device]] = field(default_factory=dict)

    def find(self, references: Iterable[str]) -> Mapping[str, Devices]:
        return {name: dict(self.rows[name]) for name in references if name in self.rows}
