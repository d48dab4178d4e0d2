import re

import pytest

from chalicelib.platform.queues import QueueName
from chalicelib.platform.settings import TABLES, Settings, SettingsError

ENVIRONMENT = {
    "STAGE": "test",
    "WEB_URL": "https://burgernet.example",
    "LINK_SECRET": "l" * 32,
    "CONTACT_SECRET": "c" * 32,
    "PUSH_SECRET": "p" * 32,
    "JWKS_URL": "https://staff.example/jwks.json",
    "TOKEN_ISSUER": "https://staff.example",
    "TOKEN_AUDIENCE": "burgernet",
    "GEOCODER_URL": "https://addresses.example",
    "TABLE_PREFIX": "burgernet-test-",
    "PLAN_QUEUE_URL": "https://sqs.example/1/burgernet-test-plan",
}


def test_a_complete_environment_is_read():
    settings = Settings.from_environment(
        ENVIRONMENT | {"COUNTDOWN_S": "3", "BOUNDS": "3,50,8,54", "SMS_RATE": "200", "VOICE_RATE": "0.5"}
    )
    assert settings.tables.keys() == set(TABLES)
    assert settings.tables["message_ids"] == "burgernet-test-message-ids"
    assert settings.queue_urls.keys() == set(QueueName)
    assert settings.queue_urls[QueueName.SMS_FOLLOWUP] == "https://sqs.example/1/burgernet-test-sms-followup"
    assert (settings.countdown_s, settings.bounds) == (3, (3, 50, 8, 54))
    assert (settings.sms_rate, settings.email_rate, settings.voice_rate) == (200, 14, 0.5)


@pytest.mark.parametrize(
    ("given", "known"), [("nobody", ()), ("a@b.example, c@d.example", ("a@b.example", "c@d.example"))]
)
def test_addresses_are_a_list_or_nobody(given, known):
    settings = Settings.from_environment(ENVIRONMENT | {"SUPERVISORS": given, "YEARLY_EMAILS": given})
    assert (settings.supervisors, settings.yearly_emails) == (known, known)


@pytest.mark.parametrize("name", sorted(ENVIRONMENT))
def test_a_missing_variable_is_named(name):
    with pytest.raises(SettingsError, match=name):
        Settings.from_environment({key: value for key, value in ENVIRONMENT.items() if key != name})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("COUNTDOWN_S", "-1"),
        ("PLAN_QUEUE_URL", "https://sqs.example/1/burgernet-test-match"),
        ("COUNTDOWN_S", "soon"),
        ("EMAIL_RATE", "0"),
        ("SMS_SENDER_ID", "Too long a name"),
        ("LINK_SECRET", "short"),
        ("PUSH_ENDPOINTS", "https://(fcm"),
        ("SUPERVISORS", "chief@burgernet.example,deputy"),
        ("SUPERVISORS", "everybody"),
        ("YEARLY_EMAILS", "minister"),
        ("SOCIAL_NETWORKS", "x,orkut"),
        ("X_CREDENTIALS", '{"consumer_key": "k"}'),
        ("MASTODON_CREDENTIALS", "a-token"),
        ("MAP_TILES", "http://tiles.example/{z}/{x}/{y}.png"),
    ],
)
def test_a_wrong_variable_is_named_without_its_value(name, value):
    with pytest.raises(SettingsError, match=name) as caught:
        Settings.from_environment(ENVIRONMENT | {name: value})
    assert value not in str(caught.value)


@pytest.mark.parametrize(
    ("text", "networks"), [("", ()), (",", ()), (",mastodon", ("mastodon",)), ("x,mastodon", ("x", "mastodon"))]
)
def test_networks_are_those_that_have_an_account(text, networks):
    assert Settings.from_environment(ENVIRONMENT | {"SOCIAL_NETWORKS": text}).social_networks == networks


def test_an_account_is_read_from_its_secret_and_never_printed():
    secret = '{"url": "https://mastodon.example", "access_token": "very-secret"}'
    settings = Settings.from_environment(ENVIRONMENT | {"MASTODON_CREDENTIALS": secret, "X_CREDENTIALS": ""})
    assert settings.mastodon_credentials.access_token == "very-secret"
    assert settings.x_credentials is None
    assert "very-secret" not in repr(settings)


def test_secrets_are_never_printed():
    printed = repr(Settings.from_environment(ENVIRONMENT))
    assert "l" * 32 not in printed
    assert "c" * 32 not in printed
    assert "p" * 32 not in printed


@pytest.mark.parametrize(
    ("endpoint", "known"),
    [
        ("https://fcm.googleapis.com/fcm/send/dQw4:APA91b", True),
        ("https://updates.push.services.mozilla.com/wpush/v2/gAAAA_-=", True),
        ("https://wns2-am3p.notify.windows.com/w/?token=BQYAA%3d%3d", True),
        ("https://web.push.apple.com/QGuQyavXutnMk", True),
        ("http://fcm.googleapis.com/fcm/send/a", False),
        ("https://fcm.googleapis.com.evil.example/a", False),
        ("https://fcm.googleapis.com@evil.example/a", False),
        ("https://fcm.googleapis.com:8443/a", False),
        ("https://fcmXgoogleapis.com/a", False),
        ("https://a.b.notify.windows.com/a", False),
        ("https://evil.example/fcm.googleapis.com/a", False),
        ("https://169.254.169.254/latest/meta-data", False),
        ("https://fcm.googleapis.com/a\n", False),
    ],
)
def test_push_goes_to_the_services_of_the_makers_of_browsers_alone(endpoint, known):
    settings = Settings.from_environment(ENVIRONMENT)
    assert bool(re.fullmatch(settings.push_endpoints, endpoint)) is known


@pytest.mark.parametrize(
    ("address", "fits"),
    [
        ("", True),
        ("https://service.pdok.nl/brt/achtergrondkaart/wmts/v2_0/grijs/EPSG:3857/{z}/{x}/{y}.png", True),
        ("https://tiles.example:8443/{z}/{y}/{x}?style=grey&key=a1", True),
        ("http://tiles.example/{z}/{x}/{y}.png", False),
        ("https://tiles.example/{z}/{x}.png", False),
        ("https://{s}.tiles.example/{z}/{x}/{y}.png", False),
        ("https://tiles.example/{z}/{x}/{y}/{apikey}", False),
        ("https://tiles.example/{z}/{x}/{y}; script-src *", False),
        ("https://tiles.example;script-src/{z}/{x}/{y}", False),
        ("https://*/{z}/{x}/{y}", False),
        ("https://somebody@tiles.example/{z}/{x}/{y}", False),
        ("https://tiles.example/{z}/{x}/{y}\n", False),
        ("//tiles.example/{z}/{x}/{y}", False),
    ],
)
def test_tiles_come_from_one_host_that_speaks_tls(address, fits):
    environment = ENVIRONMENT | {"MAP_TILES": address, "MAP_TILES_BY": "Somebody"}
    if fits:
        assert Settings.from_environment(environment).map_tiles == address
    else:
        with pytest.raises(SettingsError, match=r"MAP_TILES$"):
            Settings.from_environment(environment)


@pytest.mark.parametrize("by", [{}, {"MAP_TILES_BY": " "}])
def test_tiles_without_their_owner_are_refused(by):
    with pytest.raises(SettingsError, match="MAP_TILES_BY"):
        Settings.from_environment(ENVIRONMENT | {"MAP_TILES": "https://tiles.example/{z}/{x}/{y}"} | by)
