"""What the page of sign-up says of a number or an address at once: never what the API would not say later."""

import json
import random
import shutil
import subprocess
from pathlib import Path

import pytest

from chalicelib.participants import phones
from chalicelib.platform.errors import InvalidInput

MODULE = Path(__file__).parents[3] / "web" / "js" / "signup" / "contacts.js"
SPECIAL = [
    "+14155550100",
    "097012345678",
    "0900 1234",
    "0800 1234",
    "088 1234567",
    "14 020",
    "112",
    "+310612345678",
    "x",
]


def written(dice):
    """Digits as people write them, most of them nearly right."""
    start = dice.choice(["06", "+31 6", "0031 6", "6", "+31 (0)6 ", "020", "+32 4", "+49 151 ", "0", "+", ""])
    digits = dice.choice([dice.randrange(6, 10), 8])
    rest = "".join(dice.choice("0123456789 -") for _ in range(digits))
    return start + rest


def said_by_the_page(asked):
    node = shutil.which("node")
    if not node:
        pytest.skip("node is not installed")
    code = f"""
    import {{ wrongPhone }} from {json.dumps(MODULE.as_uri())};
    const asked = JSON.parse(process.argv[1]);
    console.log(JSON.stringify(asked.map(([text, texts]) => wrongPhone(text, texts) ?? null)));
    """
    ran = subprocess.run(
        [node, "--input-type=module", "-e", code, json.dumps(asked)], capture_output=True, text=True, check=True
    )
    return json.loads(ran.stdout)


def said_by_the_api(text, texts):
    try:
        phones.parse_phone(text, mobile=texts)
    except InvalidInput as refused:
        return refused.code
    return None


def test_the_page_refuses_no_number_that_the_api_takes_and_most_that_it_does_not():
    dice = random.Random(6)
    numbers = SPECIAL + [written(dice).strip() for _ in range(1_500)]
    asked = [(text, texts) for text in numbers for texts in (True, False)]
    found = [(pair, page, said_by_the_api(*pair)) for pair, page in zip(asked, said_by_the_page(asked), strict=True)]
    assert [pair for pair, page, api in found if page and not api] == []
    refused = [(pair, page) for pair, page, api in found if api]
    assert len(refused) > 1_000
    assert sum(bool(page) for _, page in refused) > 0.7 * len(refused)


@pytest.mark.parametrize(
    ("text", "texts", "code"),
    [
        ("06 1234567", True, "invalid"),
        ("geen", True, "invalid"),
        ("020 1234567", True, "not_mobile"),
        ("020 1234567", False, None),
        ("+1 415 555 0100", True, "country_not_allowed"),
        ("097 012345678", True, "machine"),
        ("+31 (0)6 12345678", True, None),
    ],
)
def test_each_refusal_is_the_one_that_the_api_would_give(text, texts, code):
    assert said_by_the_page([(text, texts)]) == [code]
    assert (said_by_the_api(text, texts) or "").removeprefix("phone_") == (code or "")
