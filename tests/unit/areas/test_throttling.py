"""What the store does when DynamoDB takes or gives only a part of a batch, which emulators never do."""

from dataclasses import dataclass, field

import pytest

from chalicelib.areas.store import ATTEMPTS, DynamoAreaStore, Throttled


@dataclass
class Stubborn:
    """A client that takes and gives half of a batch, or nothing at all."""

    taken: list = field(default_factory=list)
    never: bool = False

    def batch_write_item(self, RequestItems):
        ((table, requests),) = RequestItems.items()
        if self.never:
            return {"UnprocessedItems": RequestItems}
        half = (len(requests) + 1) // 2
        self.taken += requests[:half]
        return {"UnprocessedItems": {table: requests[half:]} if requests[half:] else {}}

    def batch_get_item(self, RequestItems):
        ((table, wanted),) = RequestItems.items()
        if self.never:
            return {"Responses": {}, "UnprocessedKeys": RequestItems}
        half = (len(wanted["Keys"]) + 1) // 2
        rest = wanted["Keys"][half:]
        found = [it["PutRequest"]["Item"] for it in self.taken]
        items = [item for item in found if {"pk": item["pk"], "sk": item["sk"]} in wanted["Keys"][:half]]
        return {"Responses": {table: items}, "UnprocessedKeys": {table: {"Keys": rest}} if rest else {}}

    def update_item(self, **_):
        return {}


def test_what_was_left_over_is_written_and_read_again(features):
    client, waited = Stubborn(), []
    store = DynamoAreaStore("areas", lambda: client, waited.append)
    neighbourhood = features[2]
    store.load([neighbourhood])
    rows = [it["PutRequest"]["Item"]["pk"]["S"] for it in client.taken]
    assert len(rows) == len(set(rows)) > 2
    other = features[3]
    store.load([other])
    codes = [neighbourhood.area.code, other.area.code]
    assert store.outlines(codes).keys() == set(codes)
    assert waited
    assert max(waited) < 0.05 * 2**ATTEMPTS


def test_a_table_that_takes_nothing_is_given_up(features):
    store = DynamoAreaStore("areas", lambda: Stubborn(never=True), lambda seconds: None)
    with pytest.raises(Throttled):
        store.load(features[:1])
    with pytest.raises(Throttled):
        store.outlines(["GM7000"])
