"""No change of an alert is ever left out of its month, in whatever order the steps of several writers fall."""

import threading
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.delivery.model import AreaTally
from chalicelib.reports.figures import AlertRow, Facts, MonthRow, Times
from chalicelib.reports.figures_store import MemoryFiguresStore
from chalicelib.reports.months import Months, bounds

OPENED = datetime(2026, 11, 23, 20, 15, tzinfo=UTC)
MONTH = ("GM9001", "2026-11")


def row(alert, version, reached=0, status="Actual"):
    facts = Facts(alert, OPENED, status, "alert", "robbery", "Immediate")
    return AlertRow("GM9001", facts, Times(), {"BU90010101": AreaTally(9, 9, reached)}, version)


class Stepped(MemoryFiguresStore):
    """Every call of a thread waits for its turn; ``run`` gives the turns, one call at a time."""

    def __init__(self):
        super().__init__()
        self.change = threading.Condition()
        self.asking, self.ended = set(), set()
        self.turn = None

    def __getattribute__(self, name):
        found = super().__getattribute__(name)
        if name not in ("put_alert", "alerts", "month", "put_month"):
            return found

        def in_turn(*args):
            me = threading.current_thread().name
            with self.change:
                self.asking.add(me)
                self.change.notify_all()
                assert self.change.wait_for(lambda: self.turn == me, timeout=60)
                self.turn = None
            return found(*args)

        return in_turn

    def run(self, works, schedule):
        def work(name, act):
            act()
            with self.change:
                self.ended.add(name)
                self.change.notify_all()

        threads = [
            threading.Thread(target=work, args=(name, act), name=name, daemon=True) for name, act in works.items()
        ]
        for thread in threads:
            thread.start()
        order = iter(schedule)
        while alive := sorted(works.keys() - self.ended):
            name = alive[next(order, 0) % len(alive)]
            with self.change:
                self._until_it_asks(name)
                if name not in self.ended:
                    self.asking.discard(name)
                    self.turn = name
                    self.change.notify_all()
                    self._until_it_asks(name)
        for thread in threads:
            thread.join()

    def _until_it_asks(self, name):
        """For its next call, or has ended: the call before is over."""
        assert self.change.wait_for(lambda: name in self.asking or name in self.ended, timeout=60)


def writer(store, *rows):
    def write():
        for it in rows:
            store.put_alert(it)
            Months(store).include(it)

    return write


@given(
    st.lists(st.integers(0, 5), max_size=40),
    st.lists(
        st.lists(st.tuples(st.sampled_from("ab"), st.integers(0, 9)), min_size=1, max_size=2), min_size=2, max_size=3
    ),
)
def test_whatever_the_order_of_their_steps_the_last_writer_leaves_a_month_of_all_rows(schedule, plans):
    store = Stepped()
    version = iter(range(1, 99))
    works = {
        f"w{n}": writer(store, *(row(alert, next(version), reached) for alert, reached in plan))
        for n, plan in enumerate(plans)
    }
    store.run(works, schedule)
    standing = store.by_month[MONTH]
    assert standing == MonthRow.of(*MONTH, standing.version, store.rows.values())


def test_who_finds_their_own_row_in_the_month_writes_nothing():
    store = MemoryFiguresStore()
    for it in (row("a", 1), row("b", 1)):
        store.put_alert(it)
    Months(store).include(row("a", 1))
    Months(store).include(row("b", 1))
    assert store.by_month[MONTH].version == 1


def test_an_exercise_is_in_no_month():
    store = MemoryFiguresStore()
    store.put_alert(row("a", 1, status="Exercise"))
    store.put_alert(row("b", 1))
    Months(store).include(row("a", 1, status="Exercise"))
    assert store.by_month == {}
    Months(store).include(row("b", 1))
    assert list(store.by_month[MONTH].alerts) == ["b"]


def test_a_month_is_made_again_where_it_is_wrong():
    store = MemoryFiguresStore()
    store.put_alert(row("a", 1))
    months = Months(store)
    assert months.rebuild(*MONTH, force=False)
    assert not months.rebuild(*MONTH, force=False)
    store.put_month(MonthRow.of(*MONTH, 2, []))
    assert months.rebuild(*MONTH, force=False)
    assert store.by_month[MONTH] == MonthRow.of(*MONTH, 3, [row("a", 1)])
    assert not months.rebuild(*MONTH, force=True)
    assert store.by_month[MONTH].version == 4


def test_months_are_dutch_months():
    since, until = bounds("2026-10")
    assert since.astimezone(UTC) == datetime(2026, 9, 30, 22, tzinfo=UTC)
    assert until.astimezone(UTC) == datetime(2026, 10, 31, 23, tzinfo=UTC)
