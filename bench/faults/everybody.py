"""Who hears of a public alert without an account: browsers that listen to areas, and two networks."""

from bench.faults.people import CENTER
from chalicelib.alerts.text import Language
from chalicelib.areas.model import Area, Feature, Level, Point, PolygonShape
from chalicelib.areas.store_memory import MemoryAreaStore
from chalicelib.channels.model import Device
from chalicelib.channels.social import MemorySocialPoster, Network
from chalicelib.platform.clock import Clock
from chalicelib.topics.model import Listener, listener_id
from chalicelib.topics.store_memory import MemoryTopicStore

MUNICIPALITY, NEIGHBOURHOOD, ELSEWHERE = "GM9001", "BU90010100", "GM9002"
LISTENERS, STRANGERS = 12, 2  # in the area, every third by municipality; and some of another municipality


def move_in(areas: MemoryAreaStore, topics: MemoryTopicStore) -> None:
    """Fill the twins: two municipalities that take part, a neighbourhood, and browsers that listen to them."""
    areas.load([_area(MUNICIPALITY, 0.0), _area(NEIGHBOURHOOD, 0.0), _area(ELSEWHERE, 1.0)])
    for code in (MUNICIPALITY, ELSEWHERE):
        areas.set_municipality(code, True, ())
    for number in range(LISTENERS + STRANGERS):
        area = ELSEWHERE if number >= LISTENERS else NEIGHBOURHOOD if number % 3 else MUNICIPALITY
        device = Device(f"https://push.example/browser-{number}", "key", "auth")
        topics.put(Listener(listener_id(device), device, Language.EN if number % 4 == 1 else Language.NL), [area])


def _area(code: str, east: float) -> Feature:
    west, south = CENTER.lon - 0.06 + east, CENTER.lat - 0.06
    corners = [(west, south), (west + 0.12, south), (west + 0.12, south + 0.12), (west, south + 0.12), (west, south)]
    small = code.startswith("BU")
    level = Level.NEIGHBOURHOOD if small else Level.MUNICIPALITY
    municipality = MUNICIPALITY if small else code
    ring = tuple(Point(lon, lat) for lon, lat in corners)
    return Feature(Area(code, f"Plaats {code}", level, 2025, municipality), PolygonShape(((ring,),)))


def posters(clock: Clock) -> dict[Network, MemorySocialPoster]:
    return {network: MemorySocialPoster(clock) for network in Network}
