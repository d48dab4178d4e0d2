"""What SES v2's ``SendEmail`` and ``SendBulkEmail`` take, in its API reference's words; what is not read is let be."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from pydantic.alias_generators import to_pascal

TagText = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,256}$")]
TemplateData = Annotated[str, StringConstraints(max_length=262_144)]


class Shape(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore", alias_generator=to_pascal)


class Tag(Shape):
    name: TagText
    value: TagText


class Header(Shape):
    name: Annotated[str, StringConstraints(pattern=r"^[!-9;-@A-~]+$", max_length=126)]
    value: Annotated[str, StringConstraints(pattern=r"^[ -~]*$", min_length=1, max_length=995)]


Headers = Annotated[tuple[Header, ...], Field(max_length=15)]


class Destination(Shape):
    to_addresses: tuple[str, ...] = ()
    cc_addresses: tuple[str, ...] = ()
    bcc_addresses: tuple[str, ...] = ()

    @property
    def everyone(self) -> tuple[str, ...]:
        return self.to_addresses + self.cc_addresses + self.bcc_addresses


class Text(Shape):
    data: str


class Body(Shape):
    text: Text | None = None
    html: Text | None = None


class Simple(Shape):
    subject: Text
    body: Body
    headers: Headers = ()


class Raw(Shape):
    data: str


class TemplateContent(Shape):
    subject: str = ""
    text: str = ""
    html: str = ""


class Template(Shape):
    template_name: str | None = None
    template_content: TemplateContent | None = None
    template_data: TemplateData = "{}"
    headers: Headers = ()


class EmailContent(Shape):
    simple: Simple | None = None
    raw: Raw | None = None
    template: Template | None = None


class Envelope(Shape):
    """What the two calls have in common."""

    from_email_address: str = ""
    reply_to_addresses: tuple[str, ...] = ()
    configuration_set_name: str = ""


class SendEmail(Envelope):
    destination: Destination = Destination()
    content: EmailContent
    email_tags: tuple[Tag, ...] = ()


class BulkContent(Shape):
    template: Template


class ReplacementTemplate(Shape):
    replacement_template_data: TemplateData = "{}"


class ReplacementContent(Shape):
    replacement_template: ReplacementTemplate = ReplacementTemplate()


class BulkEntry(Shape):
    destination: Destination
    replacement_tags: tuple[Tag, ...] = ()
    replacement_email_content: ReplacementContent = ReplacementContent()
    replacement_headers: Headers = ()


class SendBulkEmail(Envelope):
    default_content: BulkContent
    default_email_tags: tuple[Tag, ...] = ()
    bulk_email_entries: tuple[BulkEntry, ...]
