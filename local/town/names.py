"""Names that sound Dutch and belong to no place: fairy tales, nonsense, and nowhere."""

from dataclasses import dataclass


@dataclass(frozen=True)
class District:
    name: str
    neighbourhoods: tuple[str, ...]


@dataclass(frozen=True)
class Municipality:
    """``seat``: where it grew from, metres east and north of the island's middle. The central district is first."""

    code: str
    name: str
    joined: bool
    seat: tuple[float, float]
    districts: tuple[District, ...]


FABELSTAD = Municipality(
    "GM9001",
    "Fabelstad",
    True,
    (-1250.0, 150.0),
    (
        District("Fabelstad Centrum", ("Marktbuurt", "Torenbuurt", "Oude Haven", "Vertellershof")),
        District("Kabouterkwartier", ("Paddenstoelenbuurt", "Puntmutsenbuurt", "Mosbank", "Lantaarnhof")),
        District("Draaksdijk", ("Vuurtorenbuurt", "Schubbenbuurt", "Drakenrak")),
        District("Eenhoornveld", ("Manenveld", "Hoefbuurt", "Zilverdreef")),
        District("Zeemeerminhaven", ("Schelpenkade", "Parelbuurt", "Wierwijk")),
    ),
)
NERGENSHUIZEN = Municipality(
    "GM9002",
    "Nergenshuizen",
    True,
    (1450.0, -450.0),
    (
        District("Nergens Dorp", ("Kerkloosbuurt", "Brinkloos", "Achterom", "Binnenweg-Buiten")),
        District("Schaduwrijk", ("Schemerbuurt", "Lommerhof", "Avondland")),
        District("Weetnietveld", ("Raadselbuurt", "Vraagtekenbuurt", "Misschienakkers")),
        District("Verweg", ("Eindeloos", "Omwegbuurt", "Horizonzicht")),
    ),
)
LUCHTKASTEEL = Municipality(
    "GM9003",
    "Luchtkasteel",
    False,
    (500.0, 1650.0),
    (
        District("Kasteelkern", ("Ophaalbrugbuurt", "Kantelenbuurt", "Slotgrachtzicht", "Torentjeshof")),
        District("Wolkenveen", ("Stapelwolk", "Schapenwolk", "Sluierwolk")),
        District("Droomakkers", ("Hangmatbuurt", "Zandmanbuurt", "Wiegeland")),
    ),
)
MUNICIPALITIES = (FABELSTAD, NERGENSHUIZEN, LUCHTKASTEEL)

MARKET = "Grote Fabelmarkt"  # the first street of the first neighbourhood
STREET_SUBJECTS = (
    "Kikkerkoning",
    "Wolkenwever",
    "Zevenmijl",
    "Toverfluit",
    "Maanvis",
    "Glasmuiltje",
    "Sterrenraper",
    "Kruimelspoor",
    "Goudhaan",
    "Nevelhert",
    "Praatvogel",
    "Fluisterlinde",
    "Dwaallicht",
    "Bezemsteel",
    "Wenswel",
    "Reuzenstap",
    "Klaasvaker",
    "Spiegelbeeld",
    "Regenboog",
    "Sneeuwuil",
    "Roverhoofdman",
    "Erwtenprins",
    "Lampengeest",
    "Notendop",
    "Zwanenjurk",
    "Kraaienkoning",
    "Bromtol",
    "Hazelaarster",
    "Tinsoldaat",
    "Tapijtvlieger",
    "Winterwortel",
    "Korenmuis",
)
STREET_KINDS = ("straat", "laan", "weg", "hof", "pad", "kade", "singel", "dreef", "plantsoen", "steeg")
