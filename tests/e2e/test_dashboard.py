"""The dashboard in a real browser: from an organisation's areas down to a neighbourhood, over a year that is known."""

import csv
import io
import re
from datetime import UTC, datetime

import pytest

from chalicelib.channels.model import Channel
from chalicelib.delivery.model import AreaTally, Messages
from chalicelib.reports.figures import AlertRow, Facts, Times
from chalicelib.reports.figures_store import DynamoFiguresStore
from chalicelib.reports.model import NATION
from chalicelib.reports.months import Months
from local.demo.client import until

YEAR = 2024  # no other test has alerts then
PEOPLE = {"BU90010000": 60, "BU90010001": 40, "BU90010100": 20, "BU90010200": 30}  # each time, half of them reached
ALERTS = 36  # three a month, every third with a result
REACHED = ALERTS * sum(PEOPLE.values()) // 2
NEXT_DOOR = 5  # more, in the neighbouring municipality alone
NARROW = {"width": 320, "height": 800}


def seed(client):
    """Alerts of the year in four neighbourhoods of Fabelstad, by the product's own code. ``client``: of DynamoDB."""
    store = DynamoFiguresStore(lambda: client, "burgernet-local-reports")
    for number in range(ALERTS):
        for area, people in (("GM9001", PEOPLE), (NATION, {"GM9001": sum(PEOPLE.values())})):
            row = alert(number, area, people)
            store.put_alert(row)
            Months(store).include(row)
    for number in range(NEXT_DOOR):
        for area, people in (("GM9002", {"BU90020000": 50}), (NATION, {"GM9002": 50})):
            row = alert(number, area, people, "next-door")
            store.put_alert(row)
            Months(store).include(row)


def alert(number, area, people, name="known"):
    won = number % 3 == 0
    opened = datetime(YEAR, number // 3 + 1, 10, 12, tzinfo=UTC)
    facts = Facts(
        f"{name}-{number}",
        opened,
        "Actual",
        "alert",
        "residential_burglary" if won else "robbery",
        "Immediate",
        tips=2,
        result="suspect_arrested" if won else "none",
        contribution="direct" if won else "none",
    )
    return AlertRow(area, facts, Times(4, 20, 300, 5400), {code: tally(count) for code, count in people.items()}, 1)


def tally(people):
    return AreaTally(people, people, people // 2, 0, {Channel.SMS: Messages(people, people // 2, 0)})


@pytest.fixture(scope="module")
def known_year(stack):
    seed(stack.emulator.client("dynamodb"))


@pytest.fixture
def open_dashboard(new_page, addresses, known_year):
    """``open_dashboard("ines", "#/GM9001")``: that view, with that member of staff."""

    def opened(user, view="", *, heading, **options):
        page = new_page(**options)
        page.goto(f"{addresses.web}/dashboard{view}")
        page.get_by_role("button", name=user).click()
        page.get_by_role("heading", name=heading, level=1).wait_for()
        return page

    return opened


def figure(page, name):
    return page.locator(f'[data-figure="{name}"]')


def test_an_analyst_goes_from_the_municipality_down_to_a_neighbourhood_and_up_again(open_dashboard, accessible):
    page = open_dashboard("ines", f"#/?period={YEAR}&shade=reached", heading="Fabelstad")
    assert figure(page, "alerts").locator(".figure").inner_text() == str(ALERTS)
    assert figure(page, "reached").locator(".figure").inner_text() == f"{REACHED:,}".replace(",", ".")
    assert "Tussen 20% en 50%" in figure(page, "share").inner_text()
    figure(page, "share").get_by_text("Wat is dit?").click()
    assert figure(page, "share").get_by_text("Welk deel van de afgesloten").is_visible()
    accessible(page)

    district = page.locator(".shaded").get_by_role("link", name="Fabelstad Centrum: 1.800")
    district.focus()
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Fabelstad Centrum", level=1).wait_for()
    assert page.evaluate("document.activeElement.tagName") == "H1"
    accessible(page)
    page.get_by_role("table", name="Cijfers per gebied").get_by_role("link", name="Marktbuurt").click()
    page.get_by_role("heading", name="Marktbuurt", level=1).wait_for()
    assert figure(page, "reached").locator(".figure").inner_text() == f"{ALERTS * 30:,}".replace(",", ".")
    accessible(page)
    page.get_by_role("navigation", name="Waar u bent").get_by_role("link", name="Fabelstad", exact=True).click()
    page.get_by_role("heading", name="Fabelstad", exact=True, level=1).wait_for()
    assert f"period={YEAR}" in page.url
    page.go_back()
    page.get_by_role("heading", name="Marktbuurt", level=1).wait_for()


def test_the_table_sorts_and_the_picture_follows_the_figure_that_is_chosen(open_dashboard):
    page = open_dashboard("ines", f"#/GM9001?period={YEAR}&shade=reached", heading="Fabelstad")
    table = page.get_by_role("table", name="Cijfers per gebied")
    first = table.locator("tbody tr:first-child th")
    table.get_by_role("button", name="Mensen bereikt").click()
    first.filter(has_text="Fabelstad Centrum").wait_for()
    table.get_by_role("button", name="Mensen bereikt").click()
    first.filter(has_text="Kabouterkwartier").wait_for()  # 360; Draaksdijk has 540
    assert page.get_by_role("columnheader", name="Mensen bereikt").first.get_attribute("aria-sort") == "ascending"
    page.get_by_label("Kleur de kaart naar").select_option(label="Tips")
    page.locator(".shaded").get_by_role("link", name="Draaksdijk: 72").wait_for()
    assert page.locator(".shaded .untold").count() >= 1
    assert "Niet verteld" in page.locator(".legend").inner_text()
    assert "shade=tips" in page.url
    page.reload()
    page.locator(".shaded").get_by_role("link", name="Draaksdijk: 72").wait_for()


def test_a_table_is_saved_as_the_api_has_it(open_dashboard):
    page = open_dashboard("ines", f"#/GM9001?period={YEAR}", heading="Fabelstad")
    with page.expect_download() as saved:
        page.get_by_role("button", name="Tabel voor Excel").click()
    assert saved.value.suggested_filename == f"burgernet-GM9001-{YEAR}-01-01-{YEAR}-12-31.csv"
    rows = list(csv.DictReader(io.StringIO(saved.value.path().read_text("utf-8-sig")), delimiter=";"))
    assert (rows[0]["code"], rows[0]["alerts"], rows[0]["reached"]) == ("GM9001", str(ALERTS), str(REACHED))


def test_a_month_is_told_day_by_day_as_a_picture_and_a_table_that_can_be_saved(open_dashboard, accessible):
    page = open_dashboard("ines", f"#/GM9001?period={YEAR}-05&shade=reached", heading="Fabelstad")
    section = page.locator("section", has=page.get_by_role("heading", name="Per dag", exact=True))
    assert section.locator("rect").count() == 31
    heights = [float(it.get_attribute("height")) for it in section.locator("rect").all()]
    assert [number for number, height in enumerate(heights, 1) if height] == [10]
    lines = section.get_by_role("table", name="Per dag").locator("tbody tr")
    assert lines.count() == 31
    alerts = ALERTS // 12
    reached = REACHED // 12
    assert [lines.nth(9).locator("td").nth(number).inner_text() for number in (0, 1)] == [str(alerts), str(reached)]
    assert lines.nth(10).locator("td").nth(0).inner_text() == "0"
    accessible(page)
    with page.expect_download() as saved:
        page.get_by_role("button", name="Tabel per dag voor Excel").click()
    assert saved.value.suggested_filename == f"burgernet-GM9001-{YEAR}-05-01-{YEAR}-05-31-by-day.csv"
    _, *rows = csv.DictReader(io.StringIO(saved.value.path().read_text("utf-8-sig")), delimiter=";")
    assert [row["first_day"] for row in rows if row["alerts"] != "0"] == [f"{YEAR}-05-10"]
    page.set_viewport_size(NARROW)
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]
    page.evaluate(f"location.hash = '#/WK900100?period={YEAR}-05'")
    page.get_by_role("heading", name="Fabelstad Centrum", level=1).wait_for()
    assert page.get_by_role("heading", name="Per dag", exact=True).count() == 0


def test_a_year_stands_in_one_sentence_on_at_most_two_pages_of_paper(open_dashboard, accessible):
    page = open_dashboard("ines", f"#/GM9001/year?period={YEAR}", heading=f"Fabelstad in {YEAR}")
    sentence = page.locator(".sentence").inner_text()
    assert f"{ALERTS} spoedacties" in sentence
    assert f"{REACHED:,} keer een deelnemer".replace(",", ".") in sentence
    assert "12 keer resultaat, 12 keer met hulp van deelnemers" in sentence
    page.locator(".shaded a").first.wait_for()
    accessible(page)
    pages = re.findall(rb"/Type\s*/Page\b", page.pdf(prefer_css_page_size=True, print_background=True))
    assert 1 <= len(pages) <= 2
    page.get_by_role("button", name="English").click()
    page.get_by_role("heading", name="In short").wait_for()
    assert f"{REACHED:,} times" in page.locator(".sentence").inner_text()


def test_an_organisation_sees_its_own_areas_and_no_others(open_dashboard, accessible):
    page = open_dashboard("bas", f"#/?period={YEAR}", heading="Basisteam Draaksdijk")
    page.locator(".shaded").get_by_role("link", name="Draaksdijk").wait_for()
    assert page.get_by_role("table", name="Cijfers per gebied").locator("tbody tr").count() == 2
    accessible(page)
    page.evaluate("location.hash = '#/GM9002'")
    page.get_by_role("heading", name="Deze cijfers kunnen wij u niet laten zien").wait_for()
    accessible(page)


def row(page, name):
    """What stands in the table of areas beside a name."""
    line = page.get_by_role("table", name="Cijfers per gebied").get_by_role("row").filter(has_text=name)
    return line.locator("td").all_inner_texts()


def test_of_the_country_everybody_sees_what_everybody_may_know_and_their_own_municipality(open_dashboard, accessible):
    page = open_dashboard("ines", heading="Fabelstad", viewport={"width": 1280, "height": 900})
    page.get_by_role("link", name="Heel Nederland").click()
    page.get_by_role("heading", name="Nederland", level=1).wait_for()
    page.evaluate(f"location.hash = '#/NL?period={YEAR}&shade=alerts'")
    page.get_by_text(f"1 januari {YEAR} tot en met 31 december {YEAR}").wait_for()
    assert figure(page, "alerts").locator(".figure").inner_text() == str(ALERTS + NEXT_DOOR)
    assert row(page, "Fabelstad")[2:4] == [str(ALERTS), f"{REACHED:,}".replace(",", ".")]
    assert row(page, "Nergenshuizen")[1:4] == ["–\nniet verteld", str(NEXT_DOOR), "–\nniet verteld"]
    page.locator(".shaded").get_by_role("link", name=f"Fabelstad: {ALERTS}").wait_for()
    assert page.locator(".shaded a").count() == 1
    assert page.locator(".shaded title", has_text=f"Nergenshuizen: {NEXT_DOOR}").count() == 1
    assert page.get_by_text("Van andere gemeenten ziet u alleen hoeveel oproepen er waren").is_visible()
    accessible(page)
    page.get_by_label("Kleur de kaart naar").select_option(label="Mensen bereikt")
    page.locator(".shaded .untold").first.wait_for(state="attached")
    assert "van een andere gemeente" in page.locator(".legend").inner_text()
    with page.expect_download() as saved:
        page.get_by_role("button", name="Tabel voor Excel").click()
    assert saved.value.suggested_filename == f"burgernet-NL-{YEAR}-01-01-{YEAR}-12-31.csv"
    with page.expect_download() as saved:
        page.get_by_role("link", name=f"Open data van {YEAR}").click()
    assert "GM9002" in saved.value.path().read_text()
    page.set_viewport_size(NARROW)
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]
    page.locator(".shaded").get_by_role("link", name="Fabelstad").press("Enter")
    page.get_by_role("heading", name="Fabelstad", level=1).wait_for()


def test_who_works_for_all_municipalities_sees_all_of_the_country(open_dashboard):
    page = open_dashboard("noor", f"#/NL?period={YEAR}&shade=reached", heading="Nederland")
    page.locator(".shaded").get_by_role("link", name=f"Nergenshuizen: {NEXT_DOOR * 25}").wait_for()
    assert page.locator(".shaded a").count() == 3
    assert not page.get_by_text("Van andere gemeenten").is_visible()
    page.set_viewport_size(NARROW)
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]


def test_without_open_data_the_country_is_what_the_reader_may_see_of_it(open_dashboard, accessible):
    page = open_dashboard("ines", heading="Fabelstad")
    page.route("**/api/open-data/**", lambda route: route.abort())
    page.evaluate(f"location.hash = '#/NL?period={YEAR}&shade=alerts'")
    page.get_by_role("heading", name="Nederland", level=1).wait_for()
    assert row(page, "Fabelstad")[2] == str(ALERTS)
    assert set(row(page, "Nergenshuizen")) == {"–\nniet verteld"}
    accessible(page)


@pytest.mark.parametrize(
    ("lines", "period", "told"),
    [
        ([f"{YEAR}-02,NL,Nederland,1,"], YEAR, "0"),
        ([f"{YEAR}-02,NL,Nederland,1,", f"{YEAR}-02,GM8999,Opgegaan,1,"], YEAR, "–\nniet verteld"),
        ([], "last-12-months", "–\nniet verteld"),
    ],
    ids=["all told", "merged since", "kept too long"],
)
def test_no_alerts_is_said_of_a_municipality_only_where_that_is_certain(open_dashboard, lines, period, told):
    page = open_dashboard("ines", heading="Fabelstad")
    page.route("**/api/open-data/**", lambda route: route.fulfill(body="\n".join(["month,code,name,alerts,", *lines])))
    page.evaluate(f"location.hash = '#/NL?period={period}&shade=alerts'")
    page.get_by_role("heading", name="Nederland", level=1).wait_for()
    assert row(page, "Nergenshuizen")[2] == told


def test_what_the_country_cost_and_how_it_compares_follow_what_it_brought(open_dashboard):
    page = open_dashboard("ines", heading="Fabelstad")
    held = []
    page.route(re.compile(r"/api/reports/areas/NL(/cost)?\?"), lambda route: held.append(route))
    page.evaluate(f"location.hash = '#/NL?period={YEAR}'")
    page.get_by_role("heading", name="Nederland", level=1).wait_for()
    assert figure(page, "alerts").locator(".figure").inner_text() == str(ALERTS + NEXT_DOOR)
    figure(page, "cost").get_by_text("Een ogenblik").wait_for()
    explained = figure(page, "alerts").get_by_text("Wat is dit?")
    explained.click()
    until(lambda: (page.evaluate("true") and len(held) == 2) or None, "both requests")
    for route in held:
        route.continue_()
    figure(page, "cost").get_by_text("€").first.wait_for()
    figure(page, "alerts").get_by_text("dan in de periode ervoor (0)").wait_for()
    assert figure(page, "alerts").get_by_text("Alle echte oproepen").is_visible()
    assert explained.evaluate("it => it === document.activeElement")


def test_what_the_country_cost_makes_no_other_figure_old_where_it_cannot_be_had(open_dashboard):
    page = open_dashboard("ines", heading="Fabelstad")
    asked = []

    def fails(route):
        asked.append(route.request.url)
        route.fulfill(status=504, json={"message": "Endpoint request timed out"})

    page.route("**/api/reports/areas/NL/cost?*", fails)
    page.clock.install()
    page.evaluate(f"location.hash = '#/NL?period={YEAR}'")
    page.get_by_role("heading", name="Nederland", level=1).wait_for()
    figure(page, "cost").get_by_text("nu niet bekend").wait_for()
    figure(page, "alerts").get_by_text("dan in de periode ervoor (0)").wait_for()
    assert "stale" not in page.evaluate("({ ...document.body.dataset })")
    page.clock.run_for(60_000)
    assert len(asked) == 1
    page.unroute("**/api/reports/areas/NL/cost?*")
    page.clock.run_for(300_000)
    figure(page, "cost").get_by_text("€").first.wait_for()


@pytest.mark.parametrize(
    ("view", "heading", "said"),
    [
        ("#/NL?period=2999", "Nederland", "een periode die wij niet kennen"),
        ("#/NL?period=abc", "Nederland", "een periode die wij niet kennen"),
        ("#/GM9001/year?period=1850", "Fabelstad in", "een periode die wij niet kennen"),
        ("#/GM9001?period=2010-01-01..2020-01-01", "Fabelstad", "een periode die wij niet kennen"),
        ("#/GM9001?period=2199", "Fabelstad", "Deze periode moet nog komen"),
        ("#/GM9001?period=2001-01-01..2005-12-31", "Fabelstad", "1 januari 2001 tot en met 31 december 2005"),
        ("#/xyz", "Fabelstad", "een gebied dat wij niet kennen"),
        ("#nonsense/?", "Fabelstad", "een gebied dat wij niet kennen"),
        ("#/GM9999", "Deze cijfers kunnen wij u niet laten zien", "Misschien is het adres niet helemaal overgenomen"),
    ],
)
def test_whatever_the_address_asks_for_the_page_says_what_is_the_case(open_dashboard, view, heading, said):
    open_dashboard("ines", view, heading=heading).get_by_text(said).wait_for()


def test_who_follows_a_broken_address_reads_why_and_can_choose(open_dashboard, accessible):
    page = open_dashboard("ines", "#/xyz?period=2999", heading="Fabelstad")
    page.get_by_text("een periode die wij niet kennen").wait_for()
    page.get_by_text("een gebied dat wij niet kennen").wait_for()
    accessible(page)
    page.get_by_role("button", name="Laat zien").click()
    page.get_by_text("die wij niet kennen").wait_for(state="detached")


def test_an_organisation_that_is_named_in_an_address_is_ones_own_area(open_dashboard):
    page = open_dashboard("bas", f"#/team-draaksdijk?period={YEAR}", heading="Basisteam Draaksdijk")
    assert page.get_by_text("die wij niet kennen").count() == 0
    assert page.get_by_text("dat wij niet kennen").count() == 0


def test_march_is_short_as_people_write_it(open_dashboard):
    page = open_dashboard("ines", f"#/GM9001?period={YEAR}", heading="Fabelstad")
    picture = page.locator("section", has=page.get_by_role("heading", name="Per maand", exact=True)).locator("svg")
    picture.locator("text", has_text="mrt").wait_for()
    page.evaluate(f"location.hash = '#/GM9001?period={YEAR}-03'")
    days = page.locator("section", has=page.get_by_role("heading", name="Per dag", exact=True)).locator("svg")
    days.locator("text", has_text="4\N{NO-BREAK SPACE}mrt").first.wait_for()


def test_only_tables_that_there_are_can_be_taken_along(open_dashboard):
    page = open_dashboard("ines", f"#/NL?period={YEAR}-05-10..{YEAR}-05-10", heading="Nederland")
    page.get_by_role("button", name="Tabel voor Excel").wait_for()
    assert page.get_by_role("button", name="Tabel per dag voor Excel").count() == 0
    assert page.get_by_role("link", name=f"Open data van {YEAR}").count() == 1
    next_year = datetime.now(UTC).year + 1
    page.evaluate(f"location.hash = '#/NL?period={next_year}'")
    page.get_by_text(f"1 januari {next_year} tot en met").wait_for()
    page.get_by_role("button", name="Tabel voor Excel").wait_for(timeout=10_000)
    assert page.get_by_role("link", name="Open data van").count() == 0


@pytest.mark.parametrize(("grown", "told"), [(YEAR, "7"), (YEAR + 1, "–\nniet verteld")])
def test_of_a_municipality_that_took_in_another_no_alerts_from_before_are_told(open_dashboard, grown, told):
    """Some of them were counted under the code that ended."""
    page = open_dashboard("ines", heading="Fabelstad")
    lines = ["month,code,name,alerts,", f"{YEAR}-02,NL,Nederland,9,", f"{YEAR}-02,GM9002,Nergenshuizen,7,"]
    page.route("**/api/open-data/**", lambda route: route.fulfill(body="\n".join(lines)))

    def with_growth(route):
        answer = route.fetch()
        areas = [it | {"grown_in": grown} for it in answer.json()["areas"]]
        route.fulfill(response=answer, json={"areas": areas})

    page.route("**/api/areas", with_growth)
    page.evaluate(f"location.hash = '#/NL?period={YEAR}&shade=alerts'")
    page.get_by_role("heading", name="Nederland", level=1).wait_for()
    assert row(page, "Nergenshuizen")[2] == told


def test_a_period_is_chosen_and_days_tell_nothing_of_districts(open_dashboard, accessible):
    page = open_dashboard("ines", heading="Fabelstad")
    page.get_by_label("Periode").select_option(label="Een jaar")
    page.get_by_label("Een jaar", exact=True).select_option(str(YEAR))
    page.get_by_role("button", name="Laat zien").click()
    page.get_by_text(f"1 januari {YEAR} tot en met 31 december {YEAR}").wait_for()
    page.get_by_label("Periode").select_option(label="Zelf kiezen")
    page.get_by_label("Eerste dag").fill(f"{YEAR}-02-05")
    page.get_by_label("Laatste dag").fill(f"{YEAR}-01-05")
    page.get_by_role("button", name="Laat zien").click()
    assert page.get_by_label("Laatste dag").evaluate("input => input.validationMessage") == (
        "De laatste dag ligt voor de eerste."
    )
    page.get_by_label("Eerste dag").fill(f"{YEAR - 6}-01-05")
    page.get_by_role("button", name="Laat zien").click()
    assert page.get_by_label("Laatste dag").evaluate("input => input.validationMessage") == (
        "Een periode is hoogstens vijf jaar."
    )
    page.get_by_label("Eerste dag").fill(f"{YEAR}-02-05")
    page.get_by_label("Laatste dag").fill(f"{YEAR}-02-20")
    page.get_by_role("button", name="Laat zien").click()
    page.get_by_text("alleen per jaar").first.wait_for()
    assert figure(page, "alerts").locator(".figure").inner_text() == "3"
    accessible(page)


def test_without_a_connection_the_page_says_how_old_it_is_and_without_a_session_it_shows_nothing(
    open_dashboard, accessible
):
    page = open_dashboard("ines", f"#/GM9001?period={YEAR}", heading="Fabelstad")
    page.clock.install()
    page.reload()
    page.get_by_role("heading", name="Fabelstad", level=1).wait_for()
    page.route("**/api/**", lambda route: route.abort())
    page.clock.run_for(301_000)
    page.get_by_text("Geen verbinding").wait_for()
    assert figure(page, "alerts").locator(".figure").inner_text() == str(ALERTS)
    accessible(page)
    page.reload()
    page.get_by_role("heading", name="Het lukt nu niet").wait_for()
    accessible(page)
    page.unroute("**/api/**")
    page.get_by_role("button", name="Probeer opnieuw").click()
    page.get_by_role("heading", name="Fabelstad", level=1).wait_for()
    page.route("**/api/reports/**", lambda route: route.fulfill(status=401, json={}))
    page.clock.run_for(301_000)
    page.get_by_role("heading", name="Meld u aan voor de cijfers").wait_for()
    assert page.get_by_role("heading", name="Fabelstad").count() == 0
    accessible(page)


def test_on_a_small_screen_nothing_scrolls_sideways(open_dashboard, accessible):
    page = open_dashboard("ines", f"#/GM9001?period={YEAR}", heading="Fabelstad", viewport=NARROW)
    page.locator(".shaded a").first.wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]
    accessible(page)
