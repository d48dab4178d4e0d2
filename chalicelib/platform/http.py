"""HTTP, described once: an ``Endpoint`` says what a route takes, gives and needs; Chalice and OpenAPI are fed from it.

Everything that can be wrong with a request before a feature sees it is answered here, in the one error shape:
``{"error": {"code", "message", "fields", "request_id"}}``.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import Any, Generic, Protocol, TypeVar

from chalice.app import Authorizer, Chalice, Request, Response
from pydantic import BaseModel, ConfigDict, ValidationError

from chalicelib.platform import errors
from chalicelib.platform.idempotency import Idempotency
from chalicelib.platform.network import sender
from chalicelib.platform.observe import logger

MAX_BODY_BYTES = 256 * 1024
MAX_PATH_CHARACTERS = 128  # no id or token of ours is longer; DynamoDB's keys end at 1,024 bytes
MAX_FIELDS = 50  # wrong fields named in one answer: Lambda's may have 6 MB
JSON = "application/json"

STATUS: Mapping[type[errors.BurgernetError], int] = {
    errors.InvalidInput: 422,
    errors.Unauthenticated: 401,
    errors.Forbidden: 403,
    errors.NotFound: 404,
    errors.Conflict: 409,
    errors.Gone: 410,
    errors.TooManyRequests: 429,
    errors.Unavailable: 503,
}


class Body(BaseModel):
    """Base of everything that crosses HTTP: exact types, no unknown fields."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


B = TypeVar("B", bound=BaseModel | None)


@dataclass(frozen=True)
class Call(Generic[B]):
    """One request, already checked.

    ``body`` and ``query`` are the endpoint's models, or None. ``staff`` is what the authorizer said of the caller, and
    their network ``address``; empty on public routes. ``bearer`` is the token of a signed link. ``source_ip``: of
    whoever sent the request, as far as it can be believed. ``deed``: the same for the same body under the same
    ``Idempotency-Key`` of the same caller (``idempotency``); empty without one. What is made once is named by it,
    should an earlier try have died half-way.
    """

    body: B
    path: Mapping[str, str]
    query: Any
    staff: Mapping[str, str]
    bearer: str
    source_ip: str
    request_id: str
    deed: str = ""


@dataclass(frozen=True)
class Reply:
    """For an answer that is more than a 200 with a body. ``content`` other than JSON goes out as it is."""

    content: BaseModel | str | None = None
    status: int = 200
    media_type: str = JSON
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Endpoint:
    """One route.

    ``roles``: staff roles that may call it (none: public). ``scope``: how far they reach here, in the words of
    ``staff.policy``; the service behind the route holds them to it. ``link``: needs a signed link's token as bearer.
    ``told``: what the audit trail keeps of a call, which is told of before it is answered.
    ``handle`` gets a ``Call`` and returns a model or a ``Reply``. ``takes``: content types of the request; what is not
    JSON has no model, and is only received. ``largest``: bytes of a body. ``kept_s``: seconds for which anybody may
    keep the answer, which is the same for everybody; after that they ask whether it has changed.
    """

    method: str
    path: str
    handle: Callable[[Call[Any]], BaseModel | Reply]
    summary: str
    body: type[BaseModel] | None = None
    query: type[BaseModel] | None = None
    reply: type[BaseModel] | None = None
    status: int = 200
    media_type: str = JSON
    roles: frozenset[str] = frozenset()
    scope: str = ""
    told: Callable[[Call[Any]], Mapping[str, str]] | None = None
    link: bool = False
    raises: tuple[type[errors.BurgernetError], ...] = ()
    takes: tuple[str, ...] = (JSON,)
    largest: int = MAX_BODY_BYTES
    kept_s: int = 0

    @property
    def name(self) -> str:
        """``post_alerts_alert_approve``: unique, used as operation id and view name."""
        words = self.path.replace("{", "").replace("}", "").replace(".", "_").replace("-", "_").split("/")
        return "_".join([self.method.lower(), *filter(None, words)])


class Witness(Protocol):
    """Who tells the audit trail."""

    def asked(self, endpoint: Endpoint, call: Call[Any], facts: Mapping[str, str]) -> None:
        """Before the answer; what this raises is the answer."""
        ...

    def refused(self, endpoint: Endpoint, staff: Mapping[str, str], path: Mapping[str, str], code: str) -> None:
        """A member of staff was told that they may not. Raises nothing."""
        ...


def mount(
    app: Chalice,
    endpoints: Iterable[Endpoint],
    *,
    authorizer: Authorizer,
    idempotency: Callable[[], Idempotency],
    witness: Callable[[], Witness] | None = None,
    proxies: Callable[[], int] = lambda: 0,
) -> None:
    """Register every endpoint with Chalice.

    ``witness`` None: nobody is told, which is for tests of single features. ``proxies``: how many of ours stand in
    front of API Gateway.
    """
    for endpoint in endpoints:
        guard = {"authorizer": authorizer} if endpoint.roles else {}
        app.route(
            endpoint.path, methods=[endpoint.method], name=endpoint.name, content_types=list(endpoint.takes), **guard
        )(_view(app, endpoint, idempotency, witness, proxies))
    app.middleware("http")(one_error_shape)


def _view(
    app: Chalice,
    endpoint: Endpoint,
    idempotency: Callable[[], Idempotency],
    witness: Callable[[], Witness] | None,
    proxies: Callable[[], int],
) -> Callable[..., Response]:
    def view(**path: str) -> Response:
        request = app.current_request
        assert request is not None
        request_id = str(request.context.get("requestId", ""))
        try:
            call = _call(endpoint, request, path, request_id, proxies())
            if witness and endpoint.told:
                witness().asked(endpoint, call, endpoint.told(call))
            key = request.headers.get("idempotency-key")
            if key is not None and endpoint.method == "POST":
                caller = call.staff.get("user") or call.bearer or call.source_ip
                scope = f"{caller} {endpoint.name} {sorted(path.items())}"
                raw = _raw(request)
                named = replace(call, deed=sha256(repr((scope, key, raw)).encode()).hexdigest())
                status, headers, content = idempotency().once(scope, key, raw, lambda: _rendered(endpoint, named))
            else:
                status, headers, content = _rendered(endpoint, call)
                if _known(request, headers):
                    status, content = 304, ""
        except errors.BurgernetError as error:
            if witness and endpoint.roles and isinstance(error, errors.Forbidden):
                witness().refused(endpoint, _staff(request, proxies()), path, error.code)
            return error_response(_status(error), error.code, error.message, error.fields, request_id)
        except Exception:  # Chalice would log the path, in which a token may stand
            logger.exception("http.failed", route=endpoint.name, request_id=request_id)
            return _internal_error(request_id)
        return Response(body=content, status_code=status, headers={**headers})

    view.__name__ = endpoint.name
    return view


def _call(endpoint: Endpoint, request: Request, path: Mapping[str, str], request_id: str, proxies: int) -> Call[Any]:
    context = _staff(request, proxies)
    if endpoint.roles and endpoint.roles.isdisjoint(str(context.get("roles", "")).split(",")):
        raise errors.Forbidden("role_missing", f"This needs one of the roles: {', '.join(sorted(endpoint.roles))}.")
    scheme, _, bearer = request.headers.get("authorization", "").partition(" ")
    if endpoint.link and (scheme.lower() != "bearer" or not bearer):
        raise errors.Unauthenticated("link_missing", "Send the token of your personal link: Authorization: Bearer ...")
    raw = _raw(request)
    if len(raw) > endpoint.largest:
        raise TooLarge("body_too_large", f"A body may be {endpoint.largest} bytes; this one has {len(raw)}.")
    if any(len(value) > MAX_PATH_CHARACTERS for value in path.values()):
        raise errors.NotFound("not_found", "There is no such thing.")
    body, query = endpoint.body, endpoint.query
    given = dict(request.query_params or {})
    return Call(
        body=_validated(lambda: body.model_validate_json(raw or b"{}")) if body else None,
        path=path,
        query=_validated(lambda: query.model_validate_strings(given)) if query else None,
        staff=context,
        bearer=bearer,
        source_ip=_source_ip(request, proxies),
        request_id=request_id,
    )


def _staff(request: Request, proxies: int) -> dict[str, str]:
    context = request.context.get("authorizer") or {}
    return {**context, "address": _source_ip(request, proxies)} if context else {}


def _source_ip(request: Request, proxies: int) -> str:
    return sender(request.headers, str(request.context.get("identity", {}).get("sourceIp", "")), proxies)


class TooLarge(errors.BurgernetError):
    pass


class MalformedBody(errors.BurgernetError):
    pass


def _not_json() -> MalformedBody:
    return MalformedBody("malformed_json", "The body is not JSON.")


def _status(error: errors.BurgernetError) -> int:
    if isinstance(error, TooLarge):
        return 413
    if isinstance(error, MalformedBody):
        return 400
    return next(status for kind, status in STATUS.items() if isinstance(error, kind))


def _validated(parse: Callable[[], Any]) -> Any:
    try:
        return parse()
    except ValidationError as error:
        items = error.errors(include_input=False, include_url=False)
        if items[0]["type"] == "json_invalid":
            raise _not_json() from None
        fields = tuple(
            errors.FieldError(errors.dotted(item["loc"]), item["type"], item["msg"]) for item in items[:MAX_FIELDS]
        )
        raise errors.InvalidInput("invalid_fields", "Some fields are missing or wrong.", fields) from None


def _raw(request: Request) -> bytes:
    try:
        raw = request.raw_body
    except ValueError:  # no UTF-8, or no base 64
        raise _not_json() from None
    return raw.encode() if isinstance(raw, str) else raw or b""


def _rendered(endpoint: Endpoint, call: Call[Any]) -> tuple[int, dict[str, str], str]:
    answer = endpoint.handle(call)
    reply = answer if isinstance(answer, Reply) else Reply(answer, endpoint.status)
    content = reply.content
    text = content.model_dump_json(exclude_none=True) if isinstance(content, BaseModel) else content or ""
    headers = {"Content-Type": reply.media_type, "Cache-Control": "no-store", **reply.headers}
    if endpoint.kept_s:
        headers |= {"Cache-Control": f"public, max-age={endpoint.kept_s}", "ETag": _tag(text)}
    return reply.status, headers, text


def _tag(text: str) -> str:
    return f'"{sha256(text.encode()).hexdigest()[:32]}"'


def _known(request: Request, headers: Mapping[str, str]) -> bool:
    """Whether who asks has this answer already (RFC 9110, 13.1.2; compared weakly, as an edge that compresses does)."""
    tags = request.headers.get("if-none-match", "").split(",")
    return headers.get("ETag") in [tag.strip().removeprefix("W/") for tag in tags]


def error_response(
    status: int, code: str, message: str, fields: Iterable[errors.FieldError] = (), request_id: str = ""
) -> Response:
    """An answer in the one error shape."""
    error: dict[str, Any] = {
        "code": code,
        "message": message,
        "fields": [{"field": item.field, "code": item.code, "message": item.message} for item in fields],
        "request_id": request_id,
    }
    return Response(body={"error": error}, status_code=status, headers={"Cache-Control": "no-store"})


def _internal_error(request_id: str) -> Response:
    return error_response(500, "internal_error", "Something went wrong on our side.", (), request_id)


def one_error_shape(request: Request, get_response: Callable[[Request], Response]) -> Response:
    """Chalice's own answers (405, 415, an unexpected failure) put into our shape; what failed is logged, not told."""
    response = get_response(request)
    body = response.body
    if response.status_code < 400 or (isinstance(body, dict) and "error" in body):
        return response
    request_id = str(request.context.get("requestId", "")) if request else ""
    if response.status_code >= 500:
        logger.error("http.failed", request_id=request_id)
        return _internal_error(request_id)
    code = {405: "method_not_allowed", 415: "unsupported_media_type"}.get(response.status_code, "bad_request")
    message = body.get("Message", "") if isinstance(body, dict) else ""
    return error_response(response.status_code, code, str(message), (), request_id)
