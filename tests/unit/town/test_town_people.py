"""The address book and the people who signed up."""

import hashlib
import json
import subprocess
import sys
from collections import Counter

import phonenumbers
import pytest
from shapely.geometry import Point, shape

from local.town import JOINED, build, documents

DIGESTS = {
    "town.geojson": "61381775e955fd9a",
    "addresses.json": "4d7e6edae688d393",
    "participants.json": "bcd8c235c92f437c",
}


@pytest.fixture(scope="module")
def town():
    return build()


@pytest.fixture(scope="module")
def shapes(town):
    return {feature["id"]: shape(feature["geometry"]) for feature in town.areas["features"]}


def test_the_country_is_the_same_on_every_machine():
    digests = {name: hashlib.sha256(text.encode()).hexdigest()[:16] for name, text in documents(build()).items()}
    assert digests == DIGESTS


def test_the_hash_seed_of_the_interpreter_does_not_matter(tmp_path):
    for seed in ("1", "2"):
        subprocess.run(
            [sys.executable, "-m", "local.town", "--out", tmp_path / seed], check=True, env={"PYTHONHASHSEED": seed}
        )
    for name in documents(build()):
        assert (tmp_path / "1" / name).read_bytes() == (tmp_path / "2" / name).read_bytes()


def test_every_address_lies_in_its_neighbourhood(town, shapes):
    assert 5_900 <= len(town.addresses) <= 6_100
    for address in town.addresses:
        assert shapes[address.neighbourhood.code].contains(Point(address.point))


def test_every_neighbourhood_has_addresses(town):
    houses = Counter(address.neighbourhood.code for address in town.addresses)
    assert len(houses) == 40
    assert min(houses.values()) >= 20


def test_labels_streets_and_ids_are_unique(town):
    documents = [address.pdok() for address in town.addresses]
    assert len({document["weergavenaam"] for document in documents}) == len(documents)
    assert len({document["id"] for document in documents}) == len(documents)
    assert len({(document["straatnaam"], document["buurtcode"]) for document in documents}) == len(
        {document["straatnaam"] for document in documents}
    )


def test_an_address_reads_like_one_of_pdok(town):
    assert town.addresses[0].pdok() == {
        "id": "adr-90010000-aa-1",
        "type": "adres",
        "weergavenaam": "Grote Fabelmarkt 1, 8950AA Fabelstad",
        "straatnaam": "Grote Fabelmarkt",
        "huisnummer": 1,
        "postcode": "8950AA",
        "woonplaatsnaam": "Fabelstad",
        "gemeentenaam": "Fabelstad",
        "gemeentecode": "9001",
        "wijkcode": "WK900100",
        "buurtcode": "BU90010000",
        "centroide_ll": "POINT({} {})".format(*town.addresses[0].point),
    }


def test_there_are_three_thousand_participants_each_with_own_contacts(town):
    assert len(town.participants) == 3_000
    for contacts in ([each.phone for each in town.participants], [each.email for each in town.participants]):
        given = [contact for contact in contacts if contact]
        assert len(set(given)) == len(given) > 1_000


def test_contacts_are_those_that_the_channels_need(town):
    for each in town.participants:
        assert (each.phone is not None) == bool({"sms", "voice"} & set(each.channels))
        assert (each.email is not None) == ("email" in each.channels)
        assert (each.device is not None) == ("push" in each.channels)
        assert each.phone or each.email


def test_phones_are_dutch_and_mobile_where_texts_go_and_mails_are_nobodys(town):
    for each in town.participants:
        if each.phone:
            number = phonenumbers.parse(each.phone)
            assert number.country_code == 31
            assert phonenumbers.is_valid_number(number)
            mobile = phonenumbers.number_type(number) == phonenumbers.PhoneNumberType.MOBILE
            assert mobile == ("sms" in each.channels)
        if each.email:
            assert each.email.endswith("@burgernet.example")


def test_nobody_lives_or_works_where_one_cannot_sign_up(town):
    for each in town.participants:
        for place in filter(None, (each.home, each.work)):
            assert place.neighbourhood.municipality.code in JOINED


def test_the_mix_is_as_promised(town):
    share = {
        "work": sum(each.work is not None for each in town.participants),
        "english": sum(each.language == "en" for each in town.participants),
        "both": sum({"sms", "email"} <= set(each.channels) for each in town.participants),
        "hours": sum(any(each.hours) for each in town.participants),
        "declined": sum(bool(each.declined) for each in town.participants),
        "exercises": sum(each.exercises for each in town.participants),
    }
    assert 1_100 <= share["work"] <= 1_300
    assert 250 <= share["english"] <= 350
    assert 900 <= share["both"] <= 1_200
    assert 750 <= share["hours"] <= 930
    assert 250 <= share["declined"] <= 350
    assert 800 <= share["exercises"] <= 1_000
    assert sum(each.device is not None for each in town.participants) == 150
    homes = Counter(each.home.neighbourhood.code for each in town.participants)
    assert len(homes) == 30


def test_a_participant_is_plain_json(town):
    each = next(each for each in town.participants if each.work)
    read = json.loads(json.dumps(each.to_json()))
    assert [place["kind"] for place in read["places"]] == ["home", "work"]
    assert (read["places"][0]["lon"], read["places"][0]["lat"]) == each.home.point
