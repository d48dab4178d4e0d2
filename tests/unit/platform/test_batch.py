import json

from pydantic import BaseModel, ConfigDict, Field

from chalicelib.platform.batch import Message, TryLater, all_together, each


class Greeting(Message):
    to: str


def event(*bodies):
    return {
        "Records": [
            {
                "messageId": f"m{number}",
                "body": body if isinstance(body, str) else json.dumps(body),
                "attributes": {"ApproximateReceiveCount": "3", "SentTimestamp": "1700000000000"},
            }
            for number, body in enumerate(bodies)
        ]
    }


def failed(answer):
    return [item["itemIdentifier"] for item in answer["batchItemFailures"]]


def test_records_that_succeed_are_all_taken():
    seen = []
    answer = each(event({"to": "a"}, {"to": "b"}), Greeting, lambda record: seen.append(record.body.to))
    assert (failed(answer), seen) == ([], ["a", "b"])


def test_only_the_record_that_failed_comes_back():
    def handle(record):
        if record.body.to == "b":
            raise RuntimeError("broken")

    assert failed(each(event({"to": "a"}, {"to": "b"}, {"to": "c"}), Greeting, handle)) == ["m1"]


def test_a_record_that_must_wait_comes_back():
    def handle(record):
        raise TryLater("claimed")

    assert failed(each(event({"to": "a"}), Greeting, handle)) == ["m0"]


def test_malformed_bodies_fail_alone_and_are_logged_without_their_contents(caplog):
    secret = "+31612345678"
    seen = []
    malformed = [f"{{not json {secret}", {"to": 1, "phone": secret}, {"phone": secret}, "null", "[]"]
    answer = each(event(*malformed, {"to": "a"}), Greeting, lambda record: seen.append(record.body.to))
    assert failed(answer) == ["m0", "m1", "m2", "m3", "m4"]
    assert seen == ["a"]
    logged = [str(vars(record)) for record in caplog.records]
    assert len([line for line in logged if "queue.malformed" in line]) == 5
    assert not any(secret in line for line in logged)


def test_a_record_tells_how_often_it_came_and_when_it_was_sent():
    records = []
    each(event({"to": "a"}), Greeting, records.append)
    assert (records[0].received, records[0].sent_at.year) == (3, 2023)


def test_records_handled_together_name_their_failures_themselves():
    answer = all_together(event({"to": "a"}, "broken", {"to": "b"}), Greeting, lambda records: {"m2"})
    assert failed(answer) == ["m1", "m2"]


def test_a_body_is_what_the_queue_carries():
    assert Greeting(to="a").body() == {"to": "a"}


def test_one_bad_record_of_a_window_comes_back_alone():
    seen = []

    def handle(records):
        if any(record.body.to == "b" for record in records):
            raise RuntimeError("broken")
        seen.extend(record.body.to for record in records)
        return set()

    assert failed(all_together(event({"to": "a"}, {"to": "b"}, {"to": "c"}), Greeting, handle)) == ["m1"]
    assert seen == ["a", "c"]


class Event(BaseModel):
    """A provider's: more stands in it than we read."""

    model_config = ConfigDict(extra="ignore", populate_by_name=True)

    event_type: str = Field(alias="eventType")


def test_what_is_not_ours_is_left_out_of_what_comes_back_once():
    put_back = []
    raw = {"eventType": "Bounce", "destination": ["jan@burgernet.example"]}

    def fails(records):
        raise RuntimeError("broken")

    assert failed(all_together(event(raw, "nonsense"), Event, fails, put_back.append)) == ["m1"]
    assert put_back == [{"eventType": "Bounce"}]
    assert failed(all_together(event(*put_back), Event, fails, put_back.append)) == ["m0"]
    assert len(put_back) == 1


def test_what_cannot_be_put_back_comes_back_as_it_is():
    def refuses(*_):
        raise RuntimeError("broken")

    raw = {"eventType": "Bounce", "destination": ["jan@burgernet.example"]}
    assert failed(all_together(event(raw), Event, refuses, refuses)) == ["m0"]
