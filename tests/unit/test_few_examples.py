"""What the steps of other Pythons leave out: examples beyond the first few, also of tests that ask for more."""

import pytest
from hypothesis import is_hypothesis_test, settings


def test_where_few_examples_are_asked_for_no_test_tries_more(request):
    if settings.get_current_profile_name() != "few":
        pytest.skip("only with --hypothesis-profile few")
    tried = {
        item.name: item.obj._hypothesis_internal_use_settings.max_examples
        for item in request.session.items
        if is_hypothesis_test(item.obj)
    }
    assert set(tried.values()) <= set(range(11))
