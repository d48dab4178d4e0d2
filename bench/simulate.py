"""``./dev simulate``: play one alert through the pipeline as discrete events, to see when the last message leaves.

The steps, their order, batch sizes, turns, retries and backoff are the product's own, and the units are those that its
plan gives for an invented country of Dutch size; the times of AWS's services are assumptions, all printed. Simulated
are: functions that start as fast as a queue's pollers, Lambda and the account allow; one partition key of the ledger
that takes so many writes a second; the CPU of our own code; senders that wait for their turn or put their batch back; a
provider that takes so many messages a second and refuses the rest. Chance is seeded.

``--calibrate`` runs the product itself on this machine, in real time, and prints how far the simulation of the same is
from it.
"""

import argparse
import sys
from collections.abc import Sequence
from dataclasses import fields
from math import sqrt
from pathlib import Path

from bench.figures import Outcome
from bench.matching.country import PARTICIPANTS
from bench.simulation import cost, local_run, plot
from bench.simulation.assumptions import Assumptions
from bench.simulation.pipeline import Channel, Played, simulate
from bench.simulation.plan import Unit, planned

ENOUGH = 1.05  # times recipients / rate, of the slowest channel
CALIBRATED = (1_500, 20_000)


def main() -> int:
    parser = argparse.ArgumentParser(prog="./dev simulate", description=__doc__)
    parser.add_argument("--recipients", type=int, default=1_500)
    parser.add_argument("--sms-rate", type=float, default=20, help="messages a second that the provider takes")
    parser.add_argument("--email-rate", type=float, default=14, help="mails a second that SES takes")
    parser.add_argument("--functions", type=int, default=50, help="MaximumConcurrency of each channel's queue")
    parser.add_argument("--call-ms", type=float, default=40, help="one SMS handed to the provider")
    parser.add_argument("--cold", action="store_true", help="the first alert of the day: no function has run before")
    parser.add_argument("--plot", type=Path, metavar="FILE", help="messages over time, as SVG")
    parser.add_argument("--json", type=Path, metavar="FILE", help="figures and targets")
    parser.add_argument("--calibrate", action="store_true", help="measure 1,500 and 20,000 recipients first (a minute)")
    asked = parser.parse_args()
    if min(asked.recipients, asked.sms_rate, asked.email_rate, asked.functions) < 1:
        parser.error("recipients, rates and functions are at least 1")
    if asked.recipients > PARTICIPANTS:
        parser.error(f"the invented country has {PARTICIPANTS:,} participants")
    given = Assumptions(
        most_functions=asked.functions, publish_s=asked.call_ms / 1_000, warm=0 if asked.cold else Assumptions.warm
    )
    figures: dict[str, float] = {"recipients": asked.recipients}
    if asked.calibrate:
        figures |= calibrate(given)
    print(f"One alert to {asked.recipients:,} people. Assumed:")
    print("  " + ", ".join(f"{item.name} {getattr(given, item.name):g}" for item in fields(given)))
    units = planned(asked.recipients)
    played = simulate(units, asked.sms_rate, asked.email_rate, given)
    figures |= told(played, units, asked.recipients, {"sms": asked.sms_rate, "email": asked.email_rate})
    if asked.plot:
        rates = {name: channel.rate for name, channel in played.channels.items()}
        title = f"One alert to {asked.recipients:,} people: messages over time, beside what the granted rates allow"
        times = {name: channel.provider.times for name, channel in played.channels.items()}
        asked.plot.write_text(plot.as_svg(title, times, rates), encoding="utf-8")
    outcome = Outcome("simulate", figures, {"time_to_last_ratio": ENOUGH})
    for line in outcome.lines():
        print(line)
    if asked.json:
        outcome.write(asked.json)
    return 0 if outcome.ok else 1


def told(played: Played, units: Sequence[Unit], recipients: int, rates: dict[str, float]) -> dict[str, float]:
    """Prints the run, and returns its figures."""
    print(
        f"{played.units:,} units, the largest of {max(unit.people for unit in units):,} people; "
        f"{played.matchers.made + sum(it.pool.made for it in played.channels.values())} functions started"
    )
    print(
        f"{'':<8}{'messages':>10}{'first':>9}{'last':>11}{'at best':>11}{'ratio':>7}{'rate used':>11}{'busiest':>9}"
        f"{'refused':>9}{'put back':>10}{'writes':>8}"
    )
    for name, channel in played.channels.items():
        print(_line(name, channel))
    print("rate used: from first to last message; busiest: 10 s; writes: of the shared clock, per recipient")
    for line in plot.as_text({name: channel.provider.times for name, channel in played.channels.items()}):
        print(line)
    return {
        "units": played.units,
        "time_to_first_s": played.first,
        "time_to_last_s": played.last,
        "time_to_last_ratio": played.last / (recipients / min(rates.values())),
        **{
            f"{name}_last_per_message_at_rate": channel.provider.times[-1] * channel.rate / len(channel.provider.times)
            for name, channel in played.channels.items()
        },
        "ledger_write_units_per_recipient": played.ledger_units / recipients,
        **cost.cost(played, sum(unit.places for unit in units)),
    }


def calibrate(given: Assumptions) -> dict[str, float]:
    """How far the simulation is from the product itself; prints both, and returns the differences in percent."""
    differences: dict[str, float] = {}
    rate = 1_000.0
    print(f"Measured in this process, {local_run.SENDERS} senders a channel, {rate:,.0f} messages a second each:")
    for recipients in CALIBRATED:
        measured = local_run.measure(recipients, rate, given)
        same = local_run.alike(given, recipients)
        simulated = simulate(measured.units, rate, rate, same)
        for name, channel in simulated.channels.items():
            last = channel.provider.times[-1]
            off = 100 * (last / measured.last[name] - 1)
            differences[f"{name}_{recipients}_simulated_minus_measured_percent"] = off
            print(
                f"  {recipients:>7,} people, {name:<6} {measured.messages[name]:>7,} messages: measured "
                f"{measured.last[name]:>7.2f} s, simulated {last:>7.2f} s, difference {off:+.1f} %"
            )
    differences["mean_square_difference_percent"] = sqrt(sum(it**2 for it in differences.values()) / len(differences))
    return differences


def _line(name: str, channel: Channel) -> str:
    provider, times = channel.provider, channel.provider.times
    best = len(times) / provider.rate
    return (
        f"{name:<8}{len(times):>10,}{times[0]:>8.1f}s{times[-1]:>10.1f}s{best:>10.1f}s{times[-1] / best:>7.2f}"
        f"{provider.used:>11.1%}{provider.most:>9.1%}{provider.refused:>9,}{channel.put_back:>10,}"
        f"{channel.pace.writes / len(times):>8.3f}"
    )


if __name__ == "__main__":
    sys.exit(main())
