"""An alert by the API, from its first word until everybody has it."""

from local.demo.client import until


def let_out(dispatcher, approver, body):
    """Written, submitted and approved; its number."""
    alert = dispatcher.post("/alerts", body)["id"]
    version = dispatcher.post(f"/alerts/{alert}/submit", {})["version"]
    band = approver.post(f"/alerts/{alert}/preview", {})["band"]["label"]["nl"]
    approver.post(f"/alerts/{alert}/approve", {"version": version, "reach": band})
    return alert


def settled(api, alert, message):
    """The figures of a message, when nothing of it is under way any more."""

    def look():
        told = api.get(f"/alerts/{alert}").get("progress", {}).get(message)
        under_way = told and any(
            numbers["queued"] or (numbers["sent"] and channel != "push")
            for channel, numbers in told["channels"].items()
        )
        return told if told and told["people"] and not under_way else None

    return until(look, f"the end of the {message}")


def sent(carrier, alert):
    """What came with people of an alert: channel, to whom, text."""
    return sorted((message["channel"], message["to"], message["text"]) for message in carrier.messages(alert=alert))
