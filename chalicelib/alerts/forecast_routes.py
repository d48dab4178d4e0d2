"""Previews over HTTP: what sending an alert now would mean. Nobody is asked and nothing is kept."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from chalicelib.alerts.advice import Advice, advise
from chalicelib.alerts.forecast import Forecast, Forecaster
from chalicelib.alerts.forecast_replies import ForecastReply
from chalicelib.alerts.model import Alert
from chalicelib.alerts.preview import parts_of
from chalicelib.alerts.routes import alert_id
from chalicelib.alerts.service import AlertService
from chalicelib.alerts.sketch import Sketch
from chalicelib.areas.model import shape_from_json
from chalicelib.platform.errors import NotFound
from chalicelib.platform.http import Call, Endpoint
from chalicelib.platform.observe import logger
from chalicelib.staff.access import staff_of
from chalicelib.staff.policy import CONTROL_ROOM, Scope


@dataclass(frozen=True)
class ForecastRoutes:
    service: Callable[[], AlertService]
    forecaster: Callable[[], Forecaster]

    def endpoints(self) -> list[Endpoint]:
        return [
            Endpoint(
                "POST",
                "/alerts/preview",
                self.of_sketch,
                "What sending an alert that is not saved would mean now",
                Sketch,
                reply=ForecastReply,
                roles=CONTROL_ROOM,
                scope=Scope.OWN_ALERTS,
            ),
            Endpoint(
                "POST",
                "/alerts/{alert}/preview",
                self.of_alert,
                "What sending this alert would mean now",
                reply=ForecastReply,
                roles=CONTROL_ROOM,
                scope=Scope.SEEN_ALERTS,
                raises=(NotFound,),
            ),
        ]

    def of_sketch(self, call: Call[Sketch]) -> ForecastReply:
        service, sketch = self.service(), call.body
        target, member = service.target(sketch.area), staff_of(call.staff)
        if not sketch.written:
            incident = sketch.incident_point.value() if sketch.incident_point else None
            service.check_area(member, target, incident)
            shape = shape_from_json(target.shape)
            return self._told(self.forecaster().forecast(shape, sketch.goes_by, sketch.occasion, None), None, call)
        return self._of(service.sketch(sketch.content(target), member), call)

    def of_alert(self, call: Call[None]) -> ForecastReply:
        return self._of(self.service().read(alert_id(call), staff_of(call.staff)), call)

    def _of(self, alert: Alert, call: Call[Sketch] | Call[None]) -> ForecastReply:
        shown = self.service().preview(alert)
        parts = parts_of(shown)
        shape, occasion = shape_from_json(alert.shape), alert.content.occasion
        forecast = self.forecaster().forecast(shape, alert.channels, occasion, parts)
        return self._told(forecast, advise(alert.content), call)

    def _told(
        self, forecast: Forecast, advice: Iterable[Advice] | None, call: Call[Sketch] | Call[None]
    ) -> ForecastReply:
        # Two areas that differ by one house tell by their difference: whoever looks for that leaves a trace.
        logger.info("alert.previewed", by=staff_of(call.staff).user, exact=forecast.exact, band=forecast.band.code)
        return ForecastReply.of(forecast, advice)
