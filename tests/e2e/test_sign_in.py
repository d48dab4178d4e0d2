"""Signing in as in the cloud: the console, the deployed user pool and its own pages, in a real browser."""

import json
from urllib.parse import parse_qs, urlencode, urlsplit, urlunsplit

import pytest

from local.deploy import STACK
from tests.e2e.accounts import PASSWORD
from tests.e2e.console import save, write

USER = "j.bakker"
KEPT = "JSON.parse(sessionStorage.getItem('burgernet.staff'))"


@pytest.fixture(scope="module")
def told(stack, pool, believing):
    """The API as it is where the user pool is the only way in: it says so to the pages."""
    functions, name = stack.emulator.client("lambda"), f"{STACK}-api"
    before = functions.get_function_configuration(FunctionName=name)["Environment"]
    own = {"SIGN_IN_URL": stack.addresses.aws, "TOKEN_AUDIENCE": pool[1]}
    functions.update_function_configuration(FunctionName=name, Environment={"Variables": before["Variables"] | own})
    yield
    functions.update_function_configuration(FunctionName=name, Environment=before)


@pytest.fixture(scope="module")
def user(make_account):
    return make_account(USER, "dispatcher")


@pytest.fixture
def console(new_page, addresses, told, user):
    """``console("#/new")``: the console as it is in the cloud, where nobody can be chosen from a list."""

    def opened(address=""):
        page = new_page()
        page.route("**/local/people", lambda route: route.fulfill(status=404, body=""))
        page.goto(f"{addresses.web}/console{address}")
        page.get_by_role("button", name="Meld u aan").wait_for()
        return page

    return opened


def sign_in(page, user=USER):
    page.get_by_role("button", name="Meld u aan").click()
    page.locator("[name=username]").first.fill(user)
    page.locator("[name=password]").first.fill(PASSWORD)
    page.locator("[name=password]").first.press("Enter")


def asked_with(page, **other):
    """What this tab asks the pool for, changed on its way there."""

    def change(route):
        scheme, host, path, query, _ = urlsplit(route.request.url)
        asked = {name: values[0] for name, values in parse_qs(query).items()} | other
        route.continue_(url=urlunsplit((scheme, host, path, urlencode(asked), "")))

    page.route("**/oauth2/authorize?*", change)


def refused(page):
    page.get_by_role("alert").get_by_text("Het aanmelden is niet gelukt").wait_for()
    assert page.evaluate(KEPT) is None
    assert "?" not in page.url


def test_a_dispatcher_signs_in_where_they_wanted_to_be_and_out_again(console, addresses, accessible):
    page = console("#/new")
    accessible(page)
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    sign_in(page)
    page.get_by_role("heading", level=1, name="Nieuwe oproep").wait_for()
    page.get_by_text(f"{USER}, control-room").wait_for()
    assert page.url == f"{addresses.web}/console#/new"
    page.get_by_label("Wijken van Fabelstad").wait_for()  # the API believes the token
    hosts = {urlsplit(url).netloc for url in asked}
    assert hosts == {urlsplit(addresses.web).netloc, urlsplit(addresses.aws).netloc}
    page.reload()
    page.get_by_label("Wijken van Fabelstad").wait_for()

    with page.expect_request("**/oauth2/revoke") as revoked, page.expect_request("**/logout?*"):
        page.get_by_role("button", name="Afmelden").click()
    assert parse_qs(revoked.value.post_data).keys() == {"token", "client_id"}
    page.get_by_role("button", name="Meld u aan").wait_for()
    assert "burgernet.staff" not in page.evaluate("Object.keys(sessionStorage)")
    assert page.evaluate("localStorage.length") == 0


def test_an_answer_that_nobody_asked_for_signs_nobody_in(console, addresses):
    page = console()
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{addresses.web}/console?code=somebody-elses&state=somebody-elses")
    refused(page)
    assert [url for url in asked if "/oauth2/" in url] == []


def test_an_answer_with_another_state_is_refused(console):
    page = console()
    asked_with(page, state="another")
    sign_in(page)
    refused(page)


def test_a_token_that_was_not_made_for_this_question_is_refused(console):
    page = console()
    asked_with(page, nonce="another")
    sign_in(page)
    refused(page)


def test_a_code_that_another_tab_asked_for_is_of_no_use(console):
    page = console()
    asked_with(page, code_challenge="E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM")  # of the example in RFC 7636
    sign_in(page)
    refused(page)


def test_a_wrong_password_leads_nowhere_and_back_again_to_the_console(console):
    page = console()
    page.get_by_role("button", name="Meld u aan").click()
    page.locator("[name=username]").first.fill(USER)
    page.locator("[name=password]").first.fill("wrong")
    page.locator("[name=password]").first.press("Enter")
    page.get_by_text("Incorrect username or password").wait_for()
    page.go_back()
    page.go_back()
    page.get_by_role("button", name="Meld u aan").wait_for()


def test_a_token_is_renewed_before_it_ends_once_for_all_who_wait(console, cognito, pool):
    page = console("#/new")
    sign_in(page)
    page.get_by_label("Wijken van Fabelstad").wait_for()
    first = page.evaluate(KEPT)
    renewals = []

    def renew(route):
        """The emulator forgets the groups of a token that is renewed here, and remembers them by the API."""
        renewals.append(parse_qs(route.request.post_data))
        answer = cognito.initiate_auth(
            ClientId=pool[1],
            AuthFlow="REFRESH_TOKEN_AUTH",
            AuthParameters={"REFRESH_TOKEN": renewals[-1]["refresh_token"][0]},
        )["AuthenticationResult"]
        headers = {"Access-Control-Allow-Origin": "*", "Content-Type": "application/json"}
        route.fulfill(headers=headers, body=json.dumps({"id_token": answer["IdToken"]}))

    page.route("**/oauth2/token", renew)
    page.evaluate(f"sessionStorage.setItem('burgernet.staff', JSON.stringify({{...{KEPT}, until: Date.now() + 1000}}))")
    page.reload()
    page.get_by_label("Wijken van Fabelstad").wait_for()
    assert [sorted(it) for it in renewals] == [["client_id", "grant_type", "refresh_token"]]
    second = page.evaluate(KEPT)
    assert second["token"] != first["token"]
    assert second["until"] - first["until"] > -120_000
    assert second["pool"] == first["pool"]


def test_a_session_that_the_pool_has_ended_asks_to_sign_in_and_keeps_what_was_typed(console, cognito, pool):
    page = console()
    sign_in(page)
    write(page, real=False, headline="Nog niet bewaard")
    cognito.admin_user_global_sign_out(UserPoolId=pool[0], Username=USER)
    page.evaluate(f"sessionStorage.setItem('burgernet.staff', JSON.stringify({{...{KEPT}, until: 0}}))")
    page.get_by_role("button", name="Bewaar als concept").click()
    page.get_by_role("button", name="Meld u aan").wait_for()
    sign_in(page)
    page.get_by_role("heading", level=1, name="Nieuwe oproep").wait_for()
    assert page.get_by_label("Kop").input_value() == "Nog niet bewaard"
    save(page)


def test_who_signs_out_while_a_token_is_renewed_stays_signed_out(console):
    page = console()
    sign_in(page)
    page.get_by_role("button", name="Afmelden").wait_for()
    asked = []
    page.route("**/oauth2/token", lambda route: asked.append(route))
    page.route("**/logout*", lambda route: route.fulfill(status=204))  # and this page stays
    token = page.evaluate(KEPT)["token"]
    with page.expect_request("**/oauth2/token"):  # the list asks again by itself
        page.evaluate(f"sessionStorage.setItem('burgernet.staff', JSON.stringify({{...{KEPT}, until: Date.now()}}))")
    page.get_by_role("button", name="Afmelden").click()
    with page.expect_response("**/oauth2/token"):
        answer = {"Access-Control-Allow-Origin": "*", "Content-Type": "application/json"}
        asked[0].fulfill(headers=answer, body=json.dumps({"id_token": token}))
    page.get_by_role("button", name="Meld u aan").wait_for()
    assert page.evaluate("sessionStorage.getItem('burgernet.staff')") is None
