"""Sums of changes, each change once."""

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.platform.once import TRANSACTION, AlreadyCounted, count_once, lots


class Sums:
    """Counts a lot or nothing, as a transaction does."""

    def __init__(self):
        self.seen, self.sums = set(), {}

    def write(self, ids, sums):
        assert len(ids) + len(sums) <= TRANSACTION
        if self.seen.intersection(ids):
            raise AlreadyCounted
        self.seen.update(ids)
        self.sums = {key: self.sums.get(key, 0) + sums.get(key, 0) for key in self.sums | sums}


def test_a_lot_is_never_more_than_one_transaction_takes():
    changes = [(f"e{n}", {f"area{n}": 1, f"district{n}": 1, f"town{n // 10}": 1, "country": 1}) for n in range(100)]
    made = list(lots(changes))
    assert [change for ids, _ in made for change in ids] == [change for change, _ in changes]
    assert all(len(ids) + len(sums) <= TRANSACTION for ids, sums in made)
    assert len(made) < len(changes) / 10


@given(st.lists(st.lists(st.integers(0, 60), max_size=40), max_size=8))
def test_however_changes_are_repeated_each_counts_once(batches):
    sums = Sums()
    for batch in batches:
        count_once([(f"e{n}", {n % 7: n, "all": 1}) for n in dict.fromkeys(batch)], sums.write)
    seen = {n for batch in batches for n in batch}
    assert sums.sums.get("all", 0) == len(seen)
    assert all(sums.sums.get(key, 0) == sum(n for n in seen if n % 7 == key) for key in range(7))
