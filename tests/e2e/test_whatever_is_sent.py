"""A short ``./dev bench fuzz``. It changes and ends what the other tests build on, so it comes last."""

from bench.fuzz.run import fuzz


def test_whatever_is_sent_the_answer_is_as_it_is_published(addresses, tmp_path):
    found = fuzz(addresses, tmp_path, examples=4, seed=1, phases="fuzzing")
    assert found.failures == (), found.output
    assert found.tested == found.operations > 30
    assert found.requests > 200
