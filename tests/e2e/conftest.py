"""One deployed system for all end-to-end tests: the packaged code in the merged template, as ./dev run starts it."""

import importlib
import io
import os
import re
import shutil
import sys
from pathlib import Path

import httpx
import pytest
from PIL import Image

from chalicelib.staff.model import Role
from local import deploy, screenshots, tokens
from local.addresses import FOLDER
from local.demo.client import Api, Carrier
from local.gate import CALLS
from local.screenshots import INTO
from local.stack import Stack
from tests.e2e import accounts

COUNTDOWN_S = "5"  # long enough to undo an approval on a busy machine, short enough to wait for
ANY_PORTS = (0, 0, 0)  # another checkout on this machine would like the usual ones in the same second


@pytest.fixture(scope="session")
def stack(request):
    """A ``Stack`` with the invented country in it; ``stack.addresses`` says where it answers."""

    def progress(step):
        print(f"  stack: {step}", file=sys.stderr)

    folder = FOLDER / f"e2e-{os.getpid()}"
    calls = Path(os.environ[CALLS]) if CALLS in os.environ else None
    parameters = {"CountdownSeconds": COUNTDOWN_S}
    with Stack(folder, parameters=parameters, progress=progress, calls=calls, ports=ANY_PORTS) as started:
        yield started
    if not request.session.testsfailed:
        shutil.rmtree(folder)  # the logs are worth keeping only where something failed


@pytest.fixture(scope="session")
def token():
    """``token("approver", user="kees")``: a staff token that the system believes."""

    def issue(*roles, user):
        return tokens.issue(*map(Role, roles), user=user)

    return issue


@pytest.fixture(scope="session")
def addresses(stack):
    """Where the system answers."""
    return stack.addresses


@pytest.fixture(scope="module")
def http():
    with httpx.Client(timeout=30) as client:
        yield client


@pytest.fixture
def api(http, addresses, token):
    """``api("dispatcher", "noor")``: the API as that member of staff has it."""
    return lambda role, user: Api(http, addresses.api, token(role, user=user))


@pytest.fixture
def doors(api, http, addresses):
    """The API as a dispatcher and as an approver have it, and the carrier."""
    return api("dispatcher", "dispatcher"), api("approver", "approver"), Carrier(http, addresses.carrier)


@pytest.fixture(scope="module")
def cognito(stack):
    return stack.emulator.client("cognito-idp")


@pytest.fixture(scope="module")
def pool(stack):
    """The outputs of the deployment: pool and client."""
    described = stack.emulator.client("cloudformation").describe_stacks(StackName=deploy.STACK)["Stacks"][0]
    outputs = {output["OutputKey"]: output["OutputValue"] for output in described["Outputs"]}
    return outputs["StaffPoolId"], outputs["StaffClientId"]


@pytest.fixture(scope="module")
def believing(stack, pool):
    """The authorizer as it is without the parameters by which a local stack takes its tokens from elsewhere.

    The keys are fetched from the emulator: the pool's own address is on the internet.
    """
    functions, name = stack.emulator.client("lambda"), f"{deploy.STACK}-authorizer"
    before = functions.get_function_configuration(FunctionName=name)["Environment"]
    own = {
        "JWKS_URL": f"{stack.addresses.aws}/{pool[0]}/.well-known/jwks.json",
        "TOKEN_ISSUER": f"https://cognito-idp.eu-west-1.amazonaws.com/{pool[0]}",
        "TOKEN_AUDIENCE": pool[1],
    }
    functions.update_function_configuration(FunctionName=name, Environment={"Variables": before["Variables"] | own})
    yield
    functions.update_function_configuration(FunctionName=name, Environment=before)


@pytest.fixture(scope="module")
def make_account(cognito, pool):
    """``make_account("a.jansen", "dispatcher")``: somebody of the invented control room; their name."""
    return lambda user, group: accounts.make(cognito, pool[0], user, group)


PATIENCE_MS = 60_000  # a shared machine's speed says nothing about the pages
FLAGS = ["--no-sandbox", "--disable-dev-shm-usage"]
FLAGS += ["--use-fake-device-for-media-stream"]  # a microphone that beeps; a page still has to be allowed to use it
LONGEST, TITLE = 70, 40  # characters of what a picture is named after: a test, and the page
COLOURS = 64  # of a picture: a third of its bytes, and nobody sees the difference
LOST = "Failed to load resource"  # the browser's own word for a refusal that the page shows in its own words


@pytest.fixture(scope="session")
def browser():
    """Debian's Chromium, driven by Playwright."""
    why = "run through ./dev test, which installs Playwright"
    playwright = pytest.importorskip("playwright.sync_api", reason=why)
    program = shutil.which("chromium") or shutil.which("google-chrome")
    if program is None:
        pytest.skip("no Chromium here: install it (on Debian: apt install chromium) to test the pages")
    playwright.expect.set_options(timeout=PATIENCE_MS)
    with playwright.sync_playwright() as driver:
        started = driver.chromium.launch(executable_path=program, headless=True, args=FLAGS)
        yield started
        started.close()


@pytest.fixture
def new_page(browser):
    """``new_page()``: an empty page in a context of its own; whatever the browser complains of in any of them fails."""
    complaints, contexts = [], []

    def heard(message):
        if message.type == "error" and LOST not in message.text:
            complaints.append(message.text)

    def opened(**options):
        contexts.append(context := browser.new_context(locale="nl-NL", **options))
        page = context.new_page()
        page.set_default_timeout(PATIENCE_MS)
        page.on("console", heard)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        return page

    yield opened
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.fixture
def open_console(new_page, addresses):
    """``open_console("noor")``: a page where that member of staff sits."""

    def opened(user, **options):
        page = new_page(**options)
        page.goto(f"{addresses.web}/console")
        page.get_by_role("button", name=user).click()
        page.get_by_role("heading", name="Oproepen").wait_for()
        return page

    return opened


@pytest.hookimpl(tryfirst=True)  # before -m chooses
def pytest_collection_modifyitems(config, items):
    """Marks the tests of pages, and those of the control room. For ./dev screenshots only those that show one."""
    for item in items:
        if "browser" in item.fixturenames:
            item.add_marker(pytest.mark.browser)
        if "open_console" in item.fixturenames:
            item.add_marker(pytest.mark.console)
    if INTO in os.environ:
        others = [item for item in items if "accessible" not in item.fixturenames]
        items[:] = [item for item in items if "accessible" in item.fixturenames]
        config.hook.pytest_deselected(items=others)


@pytest.fixture
def accessible(request):
    """``accessible(page)``: fails where axe finds something. For ./dev screenshots it also takes a picture.

    Fails at the end where those are not the states that ``pictures.txt`` names.
    """
    test, failed_before = name_of(request.node), request.session.testsfailed
    names = []

    def check(page):
        axe = importlib.import_module("axe_playwright_python.sync_playwright").Axe()
        found = axe.run(page).response["violations"]
        assert [(it["id"], [node["target"] for node in it["nodes"]]) for it in found] == []
        title = said(page.title().partition(" - ")[0])[:TITLE]
        names.append(f"{test}-{len(names) + 1:02}-{title}")
        if INTO in os.environ:
            picture(page).save(Path(os.environ[INTO]) / f"{names[-1]}.png", optimize=True)

    yield check
    if request.session.testsfailed == failed_before:
        of_this = re.compile(rf"{test}-\d\d-")
        assert names == [name for name in screenshots.names() if of_this.match(name)]


def name_of(test):
    """What its pictures are named after; each of its cases has its own."""
    case = f"-{said(test.callspec.id)}" if hasattr(test, "callspec") else ""
    return f"{said(test.path.stem)}-{said(test.originalname)}"[: LONGEST - len(case)] + case


def said(text):
    """In small letters and hyphens."""
    return re.sub(r"\W+|_", "-", text.lower()).strip("-").removeprefix("test-")


def picture(page):
    """All of it, with what is as high as the window drawn to its end."""
    before = page.viewport_size
    page.evaluate("scrollTo(0, 0)")
    page.set_viewport_size({**before, "height": page.evaluate("document.documentElement.scrollHeight")})
    shown = Image.open(io.BytesIO(page.screenshot(full_page=True)))
    page.set_viewport_size(before)
    return shown.quantize(COLOURS)
