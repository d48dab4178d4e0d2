"""HTTP of areas: what lies where, which municipalities take part, and addresses."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import Field

from chalicelib.areas.geocoder import Geocoder
from chalicelib.areas.model import Area, Feature, Level, Point
from chalicelib.areas.service import AreaService
from chalicelib.platform import errors
from chalicelib.platform.emails import Email
from chalicelib.platform.http import Body, Call, Endpoint
from chalicelib.staff.mailing import BY_DEFAULT, Language, Mailing, Summaries
from chalicelib.staff.policy import ADMINS, MAP, Scope

OUTLINES_KEPT_S = 3600  # boundaries change once a year

Code = Annotated[str, Field(max_length=10, pattern=r"^(GM[0-9]{4}|WK[0-9]{6}|BU[0-9]{8})$")]


class PointBody(Body):
    lon: float
    lat: float


class AreaBody(Body):
    code: str = Field(description="As CBS has it: GM0344, WK034401, BU03440111.")
    name: str
    level: str = Field(description="municipality, district or neighbourhood.")
    year: int = Field(description="The year of the boundaries; codes change from year to year.")
    municipality: str
    district: str | None = None
    inhabitants: int | None = None
    households: int | None = None
    safety_region: str | None = None
    label: PointBody | None = Field(default=None, description="A point inside.")
    bounds: tuple[float, float, float, float] | None = Field(default=None, description="West, south, east, north.")
    joined: bool = Field(description="Whether its municipality takes part.")
    grown_in: int | None = Field(
        default=None,
        description="In a list: the last year in which something of another area came to it. What is counted under its "
        "code before that year is of less than it is now.",
    )


class AreaList(Body):
    areas: list[AreaBody]


class AreaDetail(AreaBody):
    geometry: dict[str, Any] = Field(description="GeoJSON MultiPolygon.")


class AreaQuery(Body):
    parent: Code | None = Field(default=None, description="The area right above; without it: the municipalities.")


class Outline(Body):
    name: str
    level: str
    district: str | None = None
    label: PointBody | None = Field(default=None, description="A point inside.")


class OutlineFeature(Body):
    type: Literal["Feature"] = "Feature"
    id: str = Field(description="The code of the area.")
    properties: Outline
    geometry: dict[str, Any] = Field(description="GeoJSON MultiPolygon.")

    @classmethod
    def of(cls, feature: Feature) -> "OutlineFeature":
        area = feature.area
        told = Outline(
            name=area.name,
            level=area.level.value,
            district=area.district if area.level is Level.NEIGHBOURHOOD else None,
            label=_point(area.label) if area.label else None,
        )
        return cls(id=area.code, properties=told, geometry=feature.shape.to_json())


class OutlineCollection(Body):
    type: Literal["FeatureCollection"] = "FeatureCollection"
    features: list[OutlineFeature]


class MunicipalityBody(Body):
    code: str
    name: str
    joined: bool = Field(description="Whether people who live or work there can sign up.")


class MunicipalityList(Body):
    municipalities: list[MunicipalityBody]


class MunicipalityQuery(Body):
    joined: bool | None = Field(default=None, description="true: only those that take part.")


class MunicipalityUpdate(Body):
    joined: bool
    summary_emails: list[Email] = Field(default=[], max_length=20, description="Who gets the summaries of outcomes.")
    summaries: Summaries = Field(default=BY_DEFAULT.listed, max_length=3, description="Which of them.")
    summary_language: Language = "nl"


class MunicipalityDetail(MunicipalityBody):
    summary_emails: list[str]
    summaries: Summaries
    summary_language: Language

    @classmethod
    def of(cls, area: Area) -> "MunicipalityDetail":
        return cls(
            code=area.code,
            name=area.name,
            joined=area.joined,
            summary_emails=list(area.summary_emails),
            summaries=area.mailing.listed,
            summary_language=area.mailing.language,
        )


class HeirsUpdate(Body):
    heirs: list[Code] = Field(
        max_length=50,
        description="Municipalities in which a part of it lies now. Each takes part if it did, and its addresses for "
        "summaries are added to theirs. Empty: nobody gets those.",
    )


class MunicipalityDetails(Body):
    municipalities: list[MunicipalityDetail]


class AddressQuery(Body):
    q: str = Field(min_length=3, max_length=200, description="An address, or a part of it.")


class AddressBody(Body):
    label: str
    point: PointBody
    municipality: str | None = Field(default=None, description="The code of its municipality, where it is known.")


class AddressList(Body):
    addresses: list[AddressBody]


@dataclass(frozen=True)
class AreaRoutes:
    service: Callable[[], AreaService]
    geocoder: Callable[[], Geocoder]

    def endpoints(self) -> list[Endpoint]:
        return [
            Endpoint(
                "GET",
                "/municipalities",
                self.municipalities,
                "Municipalities, and which take part",
                query=MunicipalityQuery,
                reply=MunicipalityList,
            ),
            Endpoint(
                "GET",
                "/addresses",
                self.addresses,
                "Find an address",
                query=AddressQuery,
                reply=AddressList,
                raises=(errors.Unavailable,),
            ),
            Endpoint(
                "GET",
                "/areas",
                self.areas,
                "Areas right below another",
                query=AreaQuery,
                reply=AreaList,
                roles=MAP,
                scope=Scope.NETWORK,
                raises=(errors.NotFound,),
            ),
            Endpoint(
                "GET",
                "/areas/{code}",
                self.area,
                "One area with its boundary",
                reply=AreaDetail,
                roles=MAP,
                scope=Scope.NETWORK,
                raises=(errors.NotFound,),
            ),
            Endpoint(
                "GET",
                "/outlines/{code}/{level}",
                self.outlines,
                "GeoJSON to draw all areas of a level inside another from, coarsely; `NL`: municipalities",
                reply=OutlineCollection,
                kept_s=OUTLINES_KEPT_S,
                raises=(errors.NotFound,),
            ),
            Endpoint(
                "PUT",
                "/municipalities/{code}",
                self.put_municipality,
                "Let a municipality take part or not",
                body=MunicipalityUpdate,
                reply=MunicipalityDetail,
                told=lambda call: {"joined": str(call.body.joined).lower()},
                roles=ADMINS,
                scope=Scope.NETWORK,
                raises=(errors.NotFound,),
            ),
            Endpoint(
                "PUT",
                "/municipalities/{code}/heirs",
                self.put_heirs,
                "Say who gets what a municipality had that was split over several",
                body=HeirsUpdate,
                reply=MunicipalityDetails,
                told=lambda call: {"heirs": " ".join(call.body.heirs)},
                roles=ADMINS,
                scope=Scope.NETWORK,
                raises=(errors.NotFound, errors.Conflict),
            ),
        ]

    def municipalities(self, call: Call[Any]) -> MunicipalityList:
        query: MunicipalityQuery = call.query
        found = self.service().municipalities(joined_only=query.joined is True)
        shown = [area for area in found if query.joined is None or area.joined == query.joined]
        return MunicipalityList(
            municipalities=[MunicipalityBody(code=area.code, name=area.name, joined=area.joined) for area in shown]
        )

    def addresses(self, call: Call[Any]) -> AddressList:
        found = self.geocoder().find(call.query.q)
        return AddressList(
            addresses=[
                AddressBody(label=it.label, point=_point(it.point), municipality=it.municipality) for it in found
            ]
        )

    def areas(self, call: Call[Any]) -> AreaList:
        service, parent = self.service(), call.query.parent
        found = service.children(parent) if parent else service.municipalities()
        grown = service.succession().grown
        return AreaList(areas=[AreaBody(**_fields(area), grown_in=grown.get(area.code)) for area in found])

    def area(self, call: Call[Any]) -> AreaDetail:
        service, code = self.service(), call.path["code"]
        area = service.get(code)
        return AreaDetail(**_fields(area), geometry=service.shape(code).to_json())

    def outlines(self, call: Call[None]) -> OutlineCollection:
        found = self.service().sketches(call.path["code"], call.path["level"])
        return OutlineCollection(features=[OutlineFeature.of(it) for it in found])

    def put_municipality(self, call: Call[MunicipalityUpdate]) -> MunicipalityDetail:
        body = call.body
        mailing = Mailing(frozenset(body.summaries), body.summary_language)
        area = self.service().put_municipality(call.path["code"], body.joined, tuple(body.summary_emails), mailing)
        return MunicipalityDetail.of(area)

    def put_heirs(self, call: Call[HeirsUpdate]) -> MunicipalityDetails:
        heirs = self.service().hand_over(call.path["code"], call.body.heirs)
        return MunicipalityDetails(municipalities=[MunicipalityDetail.of(heir) for heir in heirs])


def _fields(area: Area) -> dict[str, Any]:
    return {
        "code": area.code,
        "name": area.name,
        "level": area.level.value,
        "year": area.year,
        "municipality": area.municipality,
        "district": area.district,
        "inhabitants": area.inhabitants,
        "households": area.households,
        "safety_region": area.safety_region,
        "label": _point(area.label) if area.label else None,
        "bounds": area.bounds,
        "joined": area.joined,
    }


def _point(point: Point) -> PointBody:
    return PointBody(lon=point.lon, lat=point.lat)
