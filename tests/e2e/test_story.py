"""The demonstration itself, against the deployed template: whatever it checks must hold."""

from local.demo.__main__ import play


def test_the_whole_story_holds(addresses):
    assert play(addresses).wrong == []
