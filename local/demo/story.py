"""The story: neighbours sign up, a call goes out over a municipal border, a tip comes in, the outcome, the report."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from chalicelib.participants import consents
from local.demo.client import Api, Carrier, Refused, code_in, until
from local.demo.expected import Expected, Resident, expected, inside
from local.demo.posts import PublicPosts
from local.demo.timeline import Timeline
from local.scenarios import Scenario

# Some of what a provider does on a bad evening; the same messages every time.
FAULTS = (
    {"channel": "sms", "fault": "undelivered", "rate": 0.02},
    {"channel": "email", "fault": "bounced", "rate": 0.02},
    {"channel": "voice", "fault": "busy", "rate": 0.05},
    {"channel": "sms", "fault": "duplicate_receipt", "rate": 0.05},
)
FAILED = ("undelivered", "bounced")
WITHOUT_RECEIPTS = ("push",)  # what was taken stays "sent"
CONSENT = {"version": consents.CURRENT}


@dataclass(frozen=True)
class Cast:
    """The API in the hands of each. ``citizen`` has no token. ``analysts``: by the code of their municipality."""

    citizen: Api
    dispatcher: Api
    approver: Api
    analysts: Mapping[str, Api]


@dataclass(frozen=True)
class Story:
    cast: Cast
    carrier: Carrier
    town: tuple[Resident, ...]
    scenario: Scenario
    timeline: Timeline

    def play(self) -> None:
        neighbours = self._sign_up()
        given_up = self._given_up(neighbours)
        self.carrier.faults(*FAULTS)
        try:
            submitted = self._draft()
            before = self._reports(submitted["municipalities"])
            told, band = self._preview(submitted["id"])
            alert = self._approve(submitted, band)
            people = (*self.town, *neighbours)
            call = self._watch(alert, "call", lambda: self._arrived(alert, people, given_up))
            self._check_call(alert, call, people, given_up)
            posts = PublicPosts(self.cast.dispatcher, self.carrier, self.timeline, alert)
            posts.check_call()
            self.timeline.check("the preview had told how many people it would be", told == call["people"], told)
            self._close(alert, self._tips(alert))
            posts.check_outcome()
            self._report(submitted["municipalities"], before, call)
        finally:
            self.carrier.faults()

    # Citizens

    def _sign_up(self) -> list[Resident]:
        say = self.timeline.say
        homes, outside = self._points()
        visitors = [
            (
                "Mw. de Boer",
                "06 23456789",
                "deboer@burgernet.example",
                "nl",
                [("home", homes[0]), ("work", homes[1])],
            ),
            ("Mr Clarke", None, "clarke@burgernet.example", "en", [("home", outside), ("work", homes[0])]),
            ("Dhr. Visser", "06 34567890", None, "nl", [("home", outside)]),
            ("Mw. Smit", "020 6123456", None, "nl", [("home", homes[1])]),
        ]
        residents = []
        for name, phone, email, language, places in visitors:
            residents.append(self._sign_up_one(name, phone, email, language, places))
        try:
            self._post_sign_up("06 45678901", None, "nl", [("home", self._not_joined())])
        except Refused as refused:
            self.timeline.check(
                "who lives in a municipality that has not joined is told so", refused.code == "municipality_not_joined"
            )
        else:
            self.timeline.check("who lives in a municipality that has not joined is told so", False, "signed up")
        say(
            "sign-up", f"{len(residents)} neighbours signed up and proved their contacts; the town has {len(self.town)}"
        )
        return residents

    def _sign_up_one(
        self, name: str, phone: str | None, email: str | None, language: str, places: list[tuple[str, Any]]
    ) -> Resident:
        before = self.carrier.last()
        accepted = self._post_sign_up(phone, email, language, places)
        contacts = {_by_phone(phone): "+31" + phone.replace(" ", "")[1:]} if phone else {}
        contacts |= {"email": email} if email else {}
        for channel, to in contacts.items():
            kind = "email" if channel == "email" else "phone"
            if kind in accepted["verify"]:
                code = code_in(self._message_for(to, before))
                self.cast.citizen.post(f"/sign-ups/{accepted['id']}/verification", {"contact": kind, "code": code})
        self.timeline.say("sign-up", f"{name} ({', '.join(contacts)}, {language})")
        return Resident(tuple(point for _, point in places), contacts)

    def _message_for(self, to: str, after: int) -> dict[str, Any]:
        def look() -> dict[str, Any] | None:
            return next(iter(self.carrier.messages(to=to, after=str(after))), None)

        return until(look, "a verification code")

    def _post_sign_up(
        self, phone: str | None, email: str | None, language: str, places: list[tuple[str, tuple[float, float]]]
    ) -> Any:
        body: dict[str, Any] = {
            "places": [{"kind": kind, "point": {"lon": lon, "lat": lat}} for kind, (lon, lat) in places],
            "channels": ([_by_phone(phone)] if phone else []) + (["email"] if email else []),
            "language": language,
            "birth_year": 1980,
            "consent": CONSENT,
            "source": "web",
        }
        return self.cast.citizen.post(
            "/sign-ups", body | ({"phone": phone} if phone else {}) | ({"email": email} if email else {})
        )

    def _points(self) -> tuple[list[tuple[float, float]], tuple[float, float]]:
        """Two places inside the area and one outside, all in joined municipalities."""
        geometry = self.scenario.alert["area"]["geometry"]
        homes = [r.points[0] for r in self.town if 0 in inside(r, geometry)]
        outside = next(r.points[0] for r in self.town if not inside(r, geometry))
        return homes[:2], outside

    def _not_joined(self) -> tuple[float, float]:
        for municipality in self.cast.dispatcher.get("/areas")["areas"]:
            if not municipality["joined"]:
                return municipality["label"]["lon"], municipality["label"]["lat"]
        raise LookupError("every municipality has joined")

    # The control room

    def _draft(self) -> dict[str, Any]:
        alert: dict[str, Any] = self.cast.dispatcher.post("/alerts", self.scenario.alert)
        preview = alert["preview"]["nl"]
        self.timeline.say("dispatcher", f"drafts: {alert['headline']['nl']}")
        self.timeline.say("", f"call: {preview['voice']}")
        self.timeline.say(
            "", f"SMS ({preview['parts']['parts']} parts, {preview['parts']['encoding']}): {preview['sms']}"
        )
        submitted: dict[str, Any] = self.cast.dispatcher.post(f"/alerts/{alert['id']}/submit", {})
        self.timeline.say("dispatcher", "submits it")
        return submitted

    def _preview(self, alert: str) -> tuple[int, str]:
        """How many people the approver is told of, and what that is in a word."""
        told = self.cast.approver.post(f"/alerts/{alert}/preview", {})
        cost = told["cost"]
        self.timeline.say(
            "approver",
            f"reads: {told['band']['label']['nl']}, {told['people']} people; the last one after {told['seconds']} s, "
            f"for {cost['currency']} {cost['cents'] / 100:.2f}",
        )
        return told["people"], told["band"]["label"]["nl"]

    def _approve(self, alert: Mapping[str, Any], band: str) -> str:
        path, body = f"/alerts/{alert['id']}/approve", {"version": alert["version"], "reach": band}
        try:
            self.cast.dispatcher.post(path, body)
        except Refused as refused:
            self.timeline.check(
                "nobody approves an alert of their own", refused.code in ("self_approval", "role_missing")
            )
        else:
            self.timeline.check("nobody approves an alert of their own", False, "approved")
        scheduled = self.cast.approver.post(path, body)
        self.timeline.say("approver", f"approves it; the countdown ends at {scheduled['due']}")
        return str(alert["id"])

    def _watch(self, alert: str, message: str, arrived: Callable[[], int | None] = lambda: 0) -> dict[str, Any]:
        """Follow the figures until nothing is on its way any more.

        ``arrived``: how many messages did, which the figures must have by then; None: one in the place of another that
        failed is still to come.
        """
        shown = ""

        def look() -> dict[str, Any] | None:
            nonlocal shown
            there = arrived()
            progress = self.cast.dispatcher.get(f"/alerts/{alert}").get("progress", {}).get(message)
            if progress is None:
                return None
            line = _line(progress)
            if line != shown:
                self.timeline.say(message, line)
                shown = line
            settled = progress["people"] and not any(
                numbers["queued"] or (numbers["sent"] and channel not in WITHOUT_RECEIPTS)
                for channel, numbers in progress["channels"].items()
            )
            return progress if settled and there is not None and _counted(progress) >= there else None

        return until(look, f"the end of the {message}")

    def _given_up(self, neighbours: list[Resident]) -> set[tuple[str, str]]:
        """Mail that bounced in an earlier telling is not tried again, but for who has just proved it anew."""
        proved = {to for neighbour in neighbours for to in neighbour.contacts.values()}
        bounced = self.carrier.messages(channel="email", status="bounced")
        return {("email", message["to"]) for message in bounced if message["to"] not in proved}

    def _truly(
        self, alert: str, people: tuple[Resident, ...], given_up: set[tuple[str, str]]
    ) -> tuple[Expected, list[tuple[str, str]]]:
        """What must have been sent, given what failed; and channel and contact of each message that was."""
        geometry, channels = self.scenario.alert["area"]["geometry"], ("sms", "voice", "email", "push")
        approved = datetime.fromisoformat(self.cast.dispatcher.get(f"/alerts/{alert}")["approved_at"])
        messages = self.carrier.messages(alert=alert)
        received = [(message["channel"], message["to"]) for message in messages]
        failed = {(message["channel"], message["to"]) for message in messages if message["status"] in FAILED}
        truly = expected(people, geometry, channels, self.scenario.alert["category"], approved, failed, given_up)
        return truly, received

    def _arrived(self, alert: str, people: tuple[Resident, ...], given_up: set[tuple[str, str]]) -> int | None:
        truly, received = self._truly(alert, people, given_up)
        return len(received) if truly.asked <= set(received) else None

    def _check_call(
        self,
        alert: str,
        call: Mapping[str, Any],
        people: tuple[Resident, ...],
        given_up: set[tuple[str, str]],
    ) -> None:
        check = self.timeline.check
        truly, received = self._truly(alert, people, given_up)
        check(
            f"exactly the {len(truly.asked)} expected messages arrived at the carrier",
            set(received) == truly.asked,
            {"missing": len(truly.asked - set(received)), "unexpected": len(set(received) - truly.asked)},
        )
        told = {reason: people for reason, people in call["suppressed"].items() if people}
        spared = {reason: people for reason, people in truly.suppressed.items() if people}
        check(f"who does not want it now is not disturbed: {spared}", told == spared, told)
        check("nobody got it twice", len(received) == len(set(received)), len(received))
        counted = _counted(call)
        check("the console counts as many messages as the carrier", counted == len(received), counted)
        delivered = sum(numbers["delivered"] for numbers in call["channels"].values())
        truth = sum(
            message["channel"] not in WITHOUT_RECEIPTS
            for message in self.carrier.messages(alert=alert, status="delivered")
        )
        check(f"{truth} of them were delivered, and the console says so", delivered == truth, delivered)

    def _tips(self, alert: str) -> int:
        delivered = self.carrier.messages(alert=alert, status="delivered")
        messages = [message for message in delivered if message["channel"] != "voice"]  # a call holds no link
        for number, tip in enumerate(self.scenario.tips):
            status = self.carrier.reply(messages[number], tip)
            self.timeline.check("a neighbour's tip is taken", status == 201, status)
            self.timeline.say("neighbour", str(tip.get("text", tip["kind"])))
        tips = self.cast.dispatcher.get(f"/alerts/{alert}/tips")["tips"]
        self.timeline.check("the dispatcher reads every tip", len(tips) == len(self.scenario.tips), len(tips))
        contacts = {message["to"] for message in messages}
        self.timeline.check("no tip shows who sent it", not any(to in str(tips) for to in contacts))
        return len(tips)

    def _close(self, alert: str, tips: int) -> None:
        before = self.carrier.last()
        asked_before = {
            (message["channel"], message["to"]) for message in self.carrier.messages(alert=alert, status="delivered")
        }
        self.carrier.faults()
        closed = self.cast.dispatcher.post(f"/alerts/{alert}/close", self.scenario.closing)
        self.timeline.say(
            "dispatcher", f"closes it: {closed['result']}, contribution {closed['contribution']}, {tips} tips"
        )
        self._watch(alert, "outcome")
        told = [(m["channel"], m["to"]) for m in self.carrier.messages(alert=alert, after=str(before))]
        self.timeline.check(
            f"the outcome goes to exactly those who were asked, once: {len(asked_before)} messages",
            sorted(told) == sorted(asked_before),
            {"missing": len(asked_before - set(told)), "unexpected": len(set(told) - asked_before)},
        )

    # The municipality

    def _reports(self, areas: list[str]) -> list[dict[str, Any]]:
        return [self.cast.analysts[code].get(f"/reports/areas/{code}") for code in areas]

    def _report(self, areas: list[str], before: list[dict[str, Any]], call: Mapping[str, Any]) -> None:
        def settled() -> list[dict[str, Any]] | None:
            now = self._reports(areas)
            return now if _results(now) == _results(before) + len(areas) else None

        reports = until(settled, "the outcome in the reports")
        for report in reports:
            people, participants = report["people"], report["participants"]["participants"]
            self.timeline.say(
                "analyst",
                f"{report['area']['name']}: {participants} participants, {report['alerts']['total']} alerts, "
                f"{people['asked']} people asked, {people['reached']} reached, results {report['results']}",
            )
        for figure in ("asked", "reached"):
            grown = sum(r["people"][figure] for r in reports) - sum(r["people"][figure] for r in before)
            self.timeline.check(f"the reports of both municipalities add up: {figure}", grown == call[figure], grown)


def _counted(progress: Mapping[str, Any]) -> int:
    return sum(sum(numbers.values()) for numbers in progress["channels"].values())


def _by_phone(number: str) -> str:
    """A landline is called; a mobile gets text messages."""
    return "sms" if number.startswith("06") else "voice"


def _results(reports: list[dict[str, Any]]) -> int:
    return sum(sum(report["results"].values()) for report in reports)


def _line(progress: Mapping[str, Any]) -> str:
    channels = "; ".join(
        f"{channel}: " + ", ".join(f"{name} {value}" for name, value in numbers.items() if value)
        for channel, numbers in progress["channels"].items()
    )
    spared = sum(progress["suppressed"].values())
    people = f"{progress['people']} people" + (f" and {spared} not disturbed" if spared else "")
    return f"{people}, asked {progress['asked']}, reached {progress['reached']} ({channels})"
