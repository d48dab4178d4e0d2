"""What a preview of an alert that is still being written takes: the form as far as it is filled in."""

from chalicelib.alerts.bodies import DescriptionBody, HeadlineBody, InstructionBody, NewAlert
from chalicelib.alerts.cap import Status
from chalicelib.alerts.content import CATEGORIES, CHANNELS, Category, Content, Kind, Occasion
from chalicelib.alerts.target import Target
from chalicelib.channels.model import Channel


class Sketch(NewAlert):
    """A new alert of which only the area must be there. Once its three texts are, it must hold together as one."""

    kind: Kind = Kind.ALERT
    category: Category | None = None  # type: ignore[assignment]
    status: Status = Status.ACTUAL
    headline: HeadlineBody | None = None  # type: ignore[assignment]
    description: DescriptionBody | None = None  # type: ignore[assignment]
    instruction: InstructionBody | None = None  # type: ignore[assignment]

    @property
    def written(self) -> bool:
        """Whether there is enough of it to word its messages."""
        return None not in (self.headline, self.description, self.instruction)

    @property
    def goes_by(self) -> tuple[Channel, ...]:
        chosen = self.channels or CHANNELS[self.kind]
        return tuple(channel for channel in Channel if channel in chosen)

    @property
    def occasion(self) -> Occasion:
        """Of no municipality, so what the week brought is not looked at: that is for alerts that are kept."""
        return Occasion(self.kind, self.category, self.status, self.override is not None)

    def content(self, target: Target) -> Content:
        """Of one that is ``written``."""
        anything = min(CATEGORIES[self.kind], key=list(Category).index)
        whole = self if self.category else self.model_copy(update={"category": anything})
        return NewAlert.content(whole, target)
