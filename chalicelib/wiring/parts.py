"""What can be real or in memory: the stores, queues, channels and clocks that a system is made of."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from chalicelib.alerts.photo_store import AlertPhotos, MemoryAlertPhotos, S3AlertPhotos
from chalicelib.alerts.recordings import MemoryRecordings, Recordings, S3Recordings
from chalicelib.alerts.store import AlertStore, DynamoAlertStore, MemoryAlertStore
from chalicelib.areas.geocoder import Geocoder, MemoryGeocoder, PdokGeocoder
from chalicelib.areas.store import AreaStore, DynamoAreaStore
from chalicelib.areas.store_memory import MemoryAreaStore
from chalicelib.audit.store import AuditStore, DynamoAuditStore, MemoryAuditStore
from chalicelib.canary.store import CanaryStore, DynamoCanaryStore, MemoryCanaryStore
from chalicelib.channels.connect import ConnectPlayer, SpeakOrPlay
from chalicelib.channels.email import MemoryEmailSender, SesEmailSender
from chalicelib.channels.end_user_messaging import Account, EumSmsSender, EumVoiceSender, MemoryVoiceSender
from chalicelib.channels.mastodon import MastodonAccount, MastodonPoster
from chalicelib.channels.model import EmailSender, PushSender, SmsSender, VoiceSender
from chalicelib.channels.push import MemoryPushSender, WebPushSender
from chalicelib.channels.sms import MemorySmsSender, SnsSmsSender
from chalicelib.channels.social import MemorySocialPoster, Network, SocialPoster
from chalicelib.channels.vapid import Vapid
from chalicelib.channels.x import XAccount, XPoster
from chalicelib.delivery.claims import Claims, DynamoClaims, MemoryClaims
from chalicelib.delivery.message_ids import DynamoMessageIds, MemoryMessageIds, MessageIds
from chalicelib.delivery.pace import DynamoPace, MemoryPace, Pace
from chalicelib.delivery.post_store import DynamoPostStore, MemoryPostStore, PostStore
from chalicelib.delivery.store import DynamoLedger, Ledger
from chalicelib.delivery.store_memory import MemoryLedger
from chalicelib.participants.cells import CellStore, DynamoCellStore, MemoryCellStore
from chalicelib.participants.contact_keys import ContactKeys, DynamoContactKeys, MemoryContactKeys
from chalicelib.participants.devices import DeviceStore, DynamoDeviceStore
from chalicelib.participants.places import DynamoPlaceStore, MemoryPlaceStore, PlaceStore
from chalicelib.participants.roll import DynamoRoll, Roll
from chalicelib.participants.store import (
    DynamoParticipantStore,
    DynamoSignUpStore,
    ParticipantStore,
    ParticipantTables,
    SignUpStore,
)
from chalicelib.participants.store_memory import MemoryParticipantStore, MemoryRoll, MemorySignUpStore
from chalicelib.platform import aws
from chalicelib.platform.clock import Clock, SystemClock
from chalicelib.platform.counters import Counters, DynamoCounters, MemoryCounters
from chalicelib.platform.envelope import AwsKms
from chalicelib.platform.idempotency import DynamoIdempotency, Idempotency, MemoryIdempotency
from chalicelib.platform.queues import MemoryQueues, Queues, SqsQueues
from chalicelib.platform.redrive import (
    AwsTargets,
    DeadLetters,
    MemoryDeadLetters,
    MemoryTargets,
    SqsDeadLetters,
    Targets,
)
from chalicelib.platform.settings import Settings
from chalicelib.platform.tokens import KeyedHash
from chalicelib.reports.census_store import CensusStore, DynamoCensusStore
from chalicelib.reports.census_store_memory import MemoryCensusStore
from chalicelib.reports.figures_store import DynamoFiguresStore, FiguresStore, MemoryFiguresStore
from chalicelib.reports.money_store import DynamoMoneyStore, MemoryMoneyStore, MoneyStore
from chalicelib.reports.store import DynamoReportStore, MemoryReportStore, ReportStore
from chalicelib.staff.accounts import Accounts, CognitoAccounts, MemoryAccounts
from chalicelib.staff.keys import Fetch, fetch_over_http
from chalicelib.staff.store import DynamoOrganisationStore, MemoryOrganisationStore, OrganisationStore
from chalicelib.tips.photo_store import MemoryPhotos, Photos, S3Photos
from chalicelib.tips.store import DynamoTipStore, MemoryTipStore, TipStore
from chalicelib.topics.store import DynamoTopicStore, TopicStore
from chalicelib.topics.store_memory import MemoryTopicStore


@dataclass(frozen=True, kw_only=True)
class Parts:
    """What can be real or in memory: stores, queues, channels, clock."""

    clock: Clock
    queues: Queues
    idempotency: Idempotency
    counters: Counters
    areas: AreaStore
    geocoder: Geocoder
    sign_ups: SignUpStore
    participants: ParticipantStore
    roll: Roll
    contact_keys: ContactKeys
    places: PlaceStore
    devices: DeviceStore
    cells: CellStore
    alerts: AlertStore
    ledger: Ledger
    claims: Claims
    message_ids: MessageIds
    pace: Pace
    tips: TipStore
    posts: PostStore
    topics: TopicStore
    reports: ReportStore
    money: MoneyStore
    figures: FiguresStore
    census: CensusStore
    organisations: OrganisationStore
    canaries: CanaryStore
    audit: AuditStore
    sms: SmsSender
    exercise_sms: SmsSender
    voice: VoiceSender
    email: EmailSender
    exercise_email: EmailSender
    push: PushSender
    vapid: Vapid
    posters: Mapping[Network, SocialPoster]
    recordings: Recordings | None
    photos: Photos
    alert_photos: AlertPhotos
    fetch_keys: Fetch
    accounts: Accounts
    dead_letters: DeadLetters
    redrive_targets: Targets


def real_parts(settings: Settings) -> Parts:
    """DynamoDB, SQS, SNS, End User Messaging and SES, each client made on first use."""

    def dynamodb() -> Any:
        return aws.client("dynamodb")

    def hurried() -> Any:
        """For what an alert does not wait for: three tries end well within the time of a request (decision 46)."""
        return aws.client("dynamodb", patience_s=2)

    def texts(origination: str, sender_id: str) -> SmsSender:
        by_eum = settings.sms_provider == "end_user_messaging"
        return EumSmsSender(phones, origination) if by_eum else SnsSmsSender(sender_id)

    tables, clock = settings.tables, SystemClock()
    phones = Account(lambda: aws.client("pinpoint-sms-voice-v2", retries=False), settings.phone_configuration_set)
    vapid = Vapid(settings.push_secret, settings.web_url, clock)
    kms = AwsKms(lambda: aws.client("kms"), settings.contact_key)
    contact_keys = DynamoContactKeys(tables["contact_keys"], kms, clock)
    alerts, ledger = DynamoAlertStore(tables["alerts"]), DynamoLedger(tables["deliveries"], clock)
    return Parts(
        clock=clock,
        queues=SqsQueues(lambda: aws.client("sqs"), settings.queue_urls),
        idempotency=DynamoIdempotency(tables["idempotency"]),
        counters=DynamoCounters(tables["counters"]),
        areas=DynamoAreaStore(tables["areas"], dynamodb),
        geocoder=PdokGeocoder(str(settings.geocoder_url)),
        sign_ups=DynamoSignUpStore(tables["sign_ups"]),
        participants=DynamoParticipantStore(
            ParticipantTables(
                tables["participants"],
                tables["contacts"],
                tables["places"],
                tables["sign_ups"],
                tables["subscriptions"],
            ),
            KeyedHash(settings.contact_secret.encode()),
            dynamodb,
            contact_keys,
        ),
        roll=DynamoRoll(dynamodb, tables["participants"]),
        contact_keys=contact_keys,
        places=DynamoPlaceStore(tables["places"], dynamodb),
        devices=DynamoDeviceStore(tables["subscriptions"]),
        cells=DynamoCellStore(dynamodb, tables["cells"], tables["idempotency"]),
        alerts=alerts,
        ledger=ledger,
        claims=DynamoClaims(ledger, alerts),
        message_ids=DynamoMessageIds(tables["message_ids"]),
        pace=DynamoPace(tables["pace"]),
        tips=DynamoTipStore(tables["tips"]),
        posts=DynamoPostStore(tables["posts"]),
        topics=DynamoTopicStore(tables["topics"], clock),
        reports=DynamoReportStore(dynamodb, tables["reports"]),
        money=DynamoMoneyStore(hurried, tables["reports"]),
        figures=DynamoFiguresStore(dynamodb, tables["reports"]),
        census=DynamoCensusStore(dynamodb, tables["reports"], tables["idempotency"]),
        organisations=DynamoOrganisationStore(tables["organisations"], dynamodb),
        canaries=DynamoCanaryStore(tables["canaries"]),
        audit=DynamoAuditStore(dynamodb, tables["audit"], tables["audit_heads"], tables["idempotency"]),
        sms=texts(settings.sms_origination, settings.sms_sender_id),
        exercise_sms=texts(settings.exercise_sms_origination, settings.exercise_sms_sender_id),
        voice=_voice(settings, phones),
        recordings=S3Recordings(settings.recordings_bucket, lambda: aws.client("s3"))
        if settings.connect_instance
        else None,
        photos=S3Photos(settings.photos_bucket, lambda: aws.client("s3")),
        alert_photos=S3AlertPhotos(settings.photos_bucket, lambda: aws.client("s3")),
        email=SesEmailSender(settings.email_from, settings.ses_configuration_set),
        exercise_email=SesEmailSender(settings.exercise_email_from, settings.ses_configuration_set),
        push=WebPushSender(vapid),
        vapid=vapid,
        posters=_posters(settings, clock),
        fetch_keys=fetch_over_http,
        accounts=CognitoAccounts(settings.staff_pool, lambda: aws.client("cognito-idp")),
        dead_letters=SqsDeadLetters(lambda: aws.client("sqs"), settings.stage),
        redrive_targets=AwsTargets(
            lambda: aws.client("sqs"),
            lambda: aws.client("lambda", retries=False),
            lambda: aws.client("dynamodbstreams"),
            settings.queue_urls,
            settings.stage,
        ),
    )


def _voice(settings: Settings, phones: Account) -> VoiceSender:
    voices: dict[str, Any] = {"nl": settings.voice_id_nl, "en": settings.voice_id_en}
    speaker = EumVoiceSender(phones, settings.voice_origination, voices)
    if not settings.connect_instance:
        return speaker
    player = ConnectPlayer(
        lambda: aws.client("connect", retries=False),
        settings.connect_instance,
        settings.connect_flow,
        settings.connect_origination,
        {language: voice.capitalize() for language, voice in voices.items()},
    )
    return SpeakOrPlay(speaker, player)


def _posters(settings: Settings, clock: Clock) -> dict[Network, SocialPoster]:
    """Of the networks whose credentials this function was given."""
    posters: dict[Network, SocialPoster] = {}
    if settings.x_credentials:
        posters[Network.X] = XPoster(XAccount(settings.x_api_url, **settings.x_credentials.model_dump()), clock)
    if settings.mastodon_credentials:
        posters[Network.MASTODON] = MastodonPoster(MastodonAccount(**settings.mastodon_credentials.model_dump()), clock)
    return posters


def memory_parts(clock: Clock, fetch_keys: Fetch) -> Parts:
    """The twins that ship with the product. ``fetch_keys``: where staff tokens' keys come from."""
    places, sign_ups = MemoryPlaceStore(), MemorySignUpStore()
    alerts, ledger = MemoryAlertStore(), MemoryLedger()
    participants = MemoryParticipantStore(places, sign_ups)
    return Parts(
        clock=clock,
        queues=MemoryQueues(),
        idempotency=MemoryIdempotency(),
        counters=MemoryCounters(),
        areas=MemoryAreaStore(),
        geocoder=MemoryGeocoder([]),
        sign_ups=sign_ups,
        participants=participants,
        roll=MemoryRoll(participants),
        contact_keys=MemoryContactKeys(),
        places=places,
        devices=participants.devices,
        cells=MemoryCellStore(),
        alerts=alerts,
        ledger=ledger,
        claims=MemoryClaims(ledger, alerts),
        message_ids=MemoryMessageIds(),
        pace=MemoryPace(),
        tips=MemoryTipStore(),
        posts=MemoryPostStore(),
        topics=MemoryTopicStore(clock),
        reports=MemoryReportStore(),
        money=MemoryMoneyStore(),
        figures=MemoryFiguresStore(),
        census=MemoryCensusStore(),
        organisations=MemoryOrganisationStore(),
        canaries=MemoryCanaryStore(),
        audit=MemoryAuditStore(),
        sms=MemorySmsSender(),
        exercise_sms=MemorySmsSender(),
        voice=MemoryVoiceSender(),
        email=MemoryEmailSender(),
        exercise_email=MemoryEmailSender(),
        push=MemoryPushSender(),
        vapid=Vapid("p" * 32, "https://burgernet.example", clock),
        posters={network: MemorySocialPoster(clock) for network in Network},
        recordings=MemoryRecordings(),
        photos=MemoryPhotos(),
        alert_photos=MemoryAlertPhotos(),
        fetch_keys=fetch_keys,
        accounts=MemoryAccounts(),
        dead_letters=MemoryDeadLetters(),
        redrive_targets=MemoryTargets(),
    )
