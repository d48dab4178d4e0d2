"""Every Lambda entry point, a line or two each. What they do is in ``chalicelib``; who does it is in ``wiring``.

Event handlers are declared here, never on a Blueprint: a Blueprint's handlers are deployed under their own module,
and Lambda would then import neither this file nor the middleware below (aws/chalice#1566).
"""

from typing import Any

from chalice.app import AuthRequest, AuthResponse, Chalice, ConvertToMiddleware, DynamoDBEvent, SQSEvent

from chalicelib import wiring
from chalicelib.alerts.proofs import ProofMessage
from chalicelib.alerts.staff_mail import StaffMailMessage
from chalicelib.audit.messages import AuditMessage
from chalicelib.delivery.messages import (
    CountMessage,
    MatchMessage,
    PlanMessage,
    PostMessage,
    ReceiptMessage,
    SendMessage,
    TallyMessage,
    TopicMessage,
    WaveMessage,
)
from chalicelib.participants.notices import Notice
from chalicelib.participants.suppression import Suppress
from chalicelib.platform import batch, http
from chalicelib.platform.failures import without_texts
from chalicelib.platform.observe import logger, metrics

app = Chalice(app_name="burgernet", configure_logs=False)
app.register_middleware(ConvertToMiddleware(logger.inject_lambda_context(clear_state=True)))
app.register_middleware(ConvertToMiddleware(metrics.log_metrics(capture_cold_start_metric=True)))
app.register_middleware(without_texts(logger))

STREAM = "arn:aws:dynamodb:eu-west-1:000000000000:table/replaced-in-infra/stream/now"


@app.authorizer()
def authorizer(request: AuthRequest) -> AuthResponse:
    context = wiring.system().authorize(request.token)
    if context is None:
        return AuthResponse(routes=[], principal_id="nobody")
    return AuthResponse(routes=["*"], principal_id=context["user"], context=context)


http.mount(
    app,
    wiring.endpoints(),
    authorizer=authorizer,
    idempotency=lambda: wiring.system().idempotency,
    witness=lambda: wiring.system().witness,
    proxies=lambda: wiring.system().settings.proxies,
)


@app.on_dynamodb_record(stream_arn=STREAM, batch_size=100)
def relay(event: DynamoDBEvent) -> Any:
    return wiring.system().relay.pass_on(event.to_dict())


@app.on_sqs_message(queue="burgernet-notices", batch_size=10)
def notices(event: SQSEvent) -> Any:
    return batch.each(event.to_dict(), Notice, wiring.system().notices.send)


@app.on_sqs_message(queue="burgernet-suppress", batch_size=10)
def suppress(event: SQSEvent) -> Any:
    return batch.each(event.to_dict(), Suppress, wiring.system().suppressor.suppress)


@app.on_sqs_message(queue="burgernet-staff-mail", batch_size=1)
def staff_mail(event: SQSEvent) -> Any:
    return batch.each(event.to_dict(), StaffMailMessage, wiring.system().staff_mail.tell)


@app.on_sqs_message(queue="burgernet-proofs", batch_size=1)
def proofs(event: SQSEvent) -> Any:
    return batch.each(event.to_dict(), ProofMessage, wiring.system().proof_sender.send)


@app.on_sqs_message(queue="burgernet-audit", batch_size=10)
def audit(event: SQSEvent) -> Any:
    return batch.all_together(event.to_dict(), AuditMessage, wiring.system().trail.record)


@app.on_sqs_message(queue="burgernet-plan", batch_size=1)
def plan(event: SQSEvent) -> Any:
    return batch.each(event.to_dict(), PlanMessage, wiring.system().planner.plan)


@app.on_sqs_message(queue="burgernet-waves", batch_size=1)
def waves(event: SQSEvent) -> Any:
    return batch.each(event.to_dict(), WaveMessage, wiring.system().wave_clock.look)


@app.on_sqs_message(queue="burgernet-match", batch_size=1)
def match(event: SQSEvent) -> Any:
    return batch.each(event.to_dict(), MatchMessage, wiring.system().matcher.match)


@app.on_sqs_message(queue="burgernet-sms", batch_size=1)
def send_sms(event: SQSEvent) -> Any:
    return batch.each(event.to_dict(), SendMessage, wiring.system().sms_dispatch.send)


@app.on_sqs_message(queue="burgernet-voice", batch_size=1)
def send_voice(event: SQSEvent) -> Any:
    return batch.each(event.to_dict(), SendMessage, wiring.system().voice_dispatch.send)


@app.on_sqs_message(queue="burgernet-push", batch_size=1)
def send_push(event: SQSEvent) -> Any:
    return batch.each(event.to_dict(), SendMessage, wiring.system().push_dispatch.send)


@app.on_sqs_message(queue="burgernet-email", batch_size=1)
def send_email(event: SQSEvent) -> Any:
    return batch.each(event.to_dict(), SendMessage, wiring.system().email_dispatch.send)


@app.on_sqs_message(queue="burgernet-social", batch_size=1)
def post_social(event: SQSEvent) -> Any:
    return batch.each(event.to_dict(), PostMessage, wiring.system().posting.post)


@app.on_sqs_message(queue="burgernet-topics", batch_size=1)
def send_topics(event: SQSEvent) -> Any:
    return batch.each(event.to_dict(), TopicMessage, wiring.system().topics.take)


@app.lambda_function()
def sms_log(event: dict[str, Any], context: Any) -> None:
    wiring.system().sms_log.take(event)


@app.on_sqs_message(queue="burgernet-receipts", batch_size=2_000)
def receipts(event: SQSEvent) -> Any:
    return batch.all_together(
        event.to_dict(), ReceiptMessage, wiring.system().receipts.fold, wiring.system().receipts.put_back
    )


@app.on_sqs_message(queue="burgernet-tally", batch_size=30)
def tally(event: SQSEvent) -> Any:
    return batch.all_together(event.to_dict(), TallyMessage, wiring.system().tally.recompute)


@app.on_sqs_message(queue="burgernet-count", batch_size=10)
def count(event: SQSEvent) -> Any:
    return batch.all_together(event.to_dict(), CountMessage, wiring.system().count.recompute)


@app.on_dynamodb_record(stream_arn=STREAM, batch_size=30)
def census(event: DynamoDBEvent) -> Any:
    changes = event.to_dict()
    wiring.system().headcount.count(changes)
    return wiring.system().census.count(changes)


@app.lambda_function()
def recount(event: dict[str, Any], context: Any) -> dict[str, int]:
    return wiring.system().recount.run(event)


@app.lambda_function()
def recensus(event: dict[str, Any], context: Any) -> dict[str, Any]:
    return wiring.system().recensus.run(event)


@app.lambda_function()
def new_boundaries(event: dict[str, Any], context: Any) -> dict[str, Any]:
    return wiring.system().new_boundaries.run(event)


@app.lambda_function()
def snapshot(event: dict[str, Any], context: Any) -> dict[str, int]:
    return wiring.system().snapshots.run(event)


@app.lambda_function()
def rebuild_reports(event: dict[str, Any], context: Any) -> dict[str, Any]:
    return wiring.system().rebuild_reports.run(event)


@app.lambda_function()
def summarise(event: dict[str, Any], context: Any) -> dict[str, Any]:
    return wiring.system().summaries.run(event)


@app.lambda_function()
def remind(event: dict[str, Any], context: Any) -> dict[str, int]:
    return wiring.system().reminders.run(event)


@app.lambda_function()
def sweep(event: dict[str, Any], context: Any) -> dict[str, int]:
    return wiring.system().sweep.run(event)


@app.lambda_function()
def canary(event: dict[str, Any], context: Any) -> dict[str, int]:
    return wiring.system().canaries.run(event)


@app.lambda_function()
def redrive(event: dict[str, Any], context: Any) -> dict[str, Any]:
    return wiring.system().redrive.run(event)
