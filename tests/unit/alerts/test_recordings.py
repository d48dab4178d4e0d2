"""A dispatcher's own recording: what is taken, and that it is approved with the rest."""

import io
import json
import wave
from base64 import b64encode
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from chalice.app import AuthResponse, Chalice
from chalice.test import Client

from chalicelib.alerts import spoken
from chalicelib.alerts.content import Recorded, check
from chalicelib.alerts.content_codec import digest
from chalicelib.alerts.recording_routes import RecordingRoutes
from chalicelib.alerts.recordings import MemoryRecordings, look_at
from chalicelib.alerts.text import Language
from chalicelib.alerts.withdrawal import withdrawn
from chalicelib.channels.model import Channel
from chalicelib.platform import http
from chalicelib.platform.errors import Conflict, InvalidInput
from chalicelib.platform.idempotency import MemoryIdempotency

NOW = datetime(2026, 11, 23, 20, 16, tzinfo=UTC)
VOICE = (Channel.SMS, Channel.VOICE)


def sound(seconds=3.0, rate=8_000, channels=1, width=2):
    file = io.BytesIO()
    with wave.open(file, "wb") as out:
        out.setnchannels(channels)
        out.setsampwidth(width)
        out.setframerate(rate)
        out.writeframes(bytes(int(seconds * rate) * channels * width))
    return file.getvalue()


def test_a_recording_that_a_telephone_plays_is_taken():
    digest, seconds = look_at(sound(2.5))
    assert (len(digest), seconds) == (64, 2.5)


@pytest.mark.parametrize(
    ("wav", "code"),
    [
        (b"", "recording_unreadable"),
        (b"ID3\x04 an MP3", "recording_unreadable"),
        (b"OggS" + bytes(60), "recording_unreadable"),
        (b"RIFF\xff\xff\xff\x7fWAVEfmt ", "recording_unreadable"),
        (sound()[:30], "recording_unreadable"),
        (sound(rate=44_100), "recording_wrong_format"),
        (sound(channels=2), "recording_wrong_format"),
        (sound(width=1), "recording_wrong_format"),
        (sound(0.5), "recording_wrong_length"),
        (sound(30.5), "recording_wrong_length"),
        (sound(20)[:10_000], "recording_wrong_length"),  # says more than it holds
    ],
)
def test_anything_else_is_refused_by_what_is_in_it(wav, code):
    with pytest.raises(InvalidInput) as refused:
        look_at(wav)
    assert refused.value.code == code


def test_another_recording_is_another_content(content):
    one, other = (content(channels=VOICE, recording=Recorded("s3://a/b.wav", letter * 64, 3.0)) for letter in "ab")
    assert len({digest(one), digest(other), digest(content(channels=VOICE))}) == 3


def test_a_recording_needs_calls(content):
    with pytest.raises(InvalidInput) as refused:
        check(content(channels=(Channel.SMS,), recording=Recorded("s3://a/b.wav", "a" * 64, 3.0)), NOW)
    assert refused.value.code == "recording_without_calls"


def test_what_somebody_said_is_taken_out_with_the_rest(active, clock):
    alert = active(channels=VOICE, recording=Recorded("s3://a/b.wav", "a" * 64, 3.0))
    assert withdrawn(replace(alert, state="closed"), NOW).content.recording is None


def test_around_it_a_computer_says_whether_it_is_meant_and_whom_to_call(active):
    before, after = spoken.around(active(channels=VOICE), Language.NL)
    assert "Dit is een bericht van Burgernet." in before
    assert after.count('<say-as interpret-as="digits">0800</say-as>') == 2


@pytest.fixture
def recordings():
    return MemoryRecordings()


@pytest.fixture
def call(service, recordings):
    app = Chalice("alerts", configure_logs=False)

    @app.authorizer()
    def guard(request):
        context = {"user": "anna", "roles": "dispatcher", "tenant": "MK90"}
        return AuthResponse(routes=["*"], principal_id="anna", context=context)

    given = [recordings]
    routes = RecordingRoutes(lambda: service, lambda: given[0])
    http.mount(app, routes.endpoints(), authorizer=guard, idempotency=MemoryIdempotency)
    with Client(app) as client:

        def call(method, alert, body=None, *, played=True):
            given[0] = recordings if played else None
            headers = {"Authorization": "anna", "Content-Type": "application/json"}
            raw = b"" if body is None else json.dumps(body).encode()
            return client.http.request(method, f"/alerts/{alert}/recording", headers=headers, body=raw)

        yield call


def test_a_dispatcher_records_listens_and_takes_it_back(call, service, recordings, content, anna):
    alert = service.create(content(channels=VOICE), anna)
    wav = sound()
    put = call("PUT", alert.id, {"version": 1, "wav": b64encode(wav).decode()})
    assert put.status_code == 200, put.json_body
    assert (put.json_body["version"], put.json_body["seconds"]) == (2, 3.0)
    assert list(recordings.kept.values()) == [wav]
    assert service.get(alert.id).content.recording.sha256 == put.json_body["sha256"]
    assert call("GET", alert.id).json_body["url"].endswith(f"{put.json_body['sha256']}.wav")
    assert call("PUT", alert.id, {"version": 2, "wav": None}).json_body == {"version": 3}
    assert service.get(alert.id).content.recording is None


def test_a_recording_is_a_change_of_the_draft_and_takes_back_its_submission(call, service, content, anna):
    alert = service.create(content(channels=VOICE), anna)
    submitted = service.submit(alert.id, anna)
    body = {"version": submitted.version, "wav": b64encode(sound()).decode()}
    assert call("PUT", alert.id, {**body, "version": 1}).json_body["error"]["code"] == "version_changed"
    assert call("PUT", alert.id, body).status_code == 200
    assert service.get(alert.id).state == "draft"


@pytest.mark.parametrize(("wav", "code"), [("no base64!", "not_base64"), ("UklGRg==", "recording_unreadable")])
def test_what_is_no_recording_changes_nothing(call, service, content, anna, wav, code):
    alert = service.create(content(channels=VOICE), anna)
    answer = call("PUT", alert.id, {"version": 1, "wav": wav})
    assert (answer.status_code, answer.json_body["error"]["code"]) == (422, code)
    assert service.get(alert.id).version == 1


def test_half_a_minute_fits_and_more_is_too_large(call, service, content, anna):
    alert = service.create(content(channels=VOICE), anna)
    assert call("PUT", alert.id, {"version": 1, "wav": b64encode(sound(30)).decode()}).status_code == 200
    assert call("PUT", alert.id, {"version": 2, "wav": b64encode(sound(40)).decode()}).status_code == 413


def test_where_nothing_plays_it_nobody_can_record(call, service, content, anna):
    alert = service.create(content(channels=VOICE), anna)
    answer = call("PUT", alert.id, {"version": 1, "wav": b64encode(sound()).decode()}, played=False)
    assert (answer.status_code, answer.json_body["error"]["code"]) == (409, "recordings_not_played")


def test_what_was_recorded_cannot_be_heard_once_nothing_plays_it_any_more(call, service, content, anna):
    alert = service.create(content(channels=VOICE), anna)
    call("PUT", alert.id, {"version": 1, "wav": b64encode(sound()).decode()})
    answer = call("GET", alert.id, played=False)
    assert (answer.status_code, answer.json_body["error"]["code"]) == (409, "recordings_not_played")
    (listening,) = (it for it in RecordingRoutes(None, None).endpoints() if it.method == "GET")
    assert Conflict in listening.raises
