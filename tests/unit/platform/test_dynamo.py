"""What a container that has several models of PynamoDB pays for once."""

from chalicelib.participants.items import ParticipantItem
from chalicelib.platform.dynamo import bind


def descriptions(table):
    return bind(ParticipantItem, table)._get_connection().connection.session.get_component("data_loader")


def test_what_botocore_has_read_for_one_model_it_does_not_read_for_the_next():
    assert descriptions("one") is descriptions("two")
