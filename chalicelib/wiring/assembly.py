"""The product, put together from its parts."""

from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property

from chalicelib.alerts.approvals import ApprovalLimits, Approvals
from chalicelib.alerts.budget_watch import BudgetWatch
from chalicelib.alerts.forecast import Forecaster
from chalicelib.alerts.jurisdiction import Jurisdiction
from chalicelib.alerts.proofs import Proofs, ProofSender, Ways
from chalicelib.alerts.public_feed import PublicFeed
from chalicelib.alerts.remind import Reminders
from chalicelib.alerts.reminders import Patience
from chalicelib.alerts.reply import sample_url
from chalicelib.alerts.service import AlertService
from chalicelib.alerts.staff_mail import StaffMail
from chalicelib.areas.service import AreaService
from chalicelib.audit.service import Trail
from chalicelib.audit.witness import Witness
from chalicelib.canary.model import Addresses
from chalicelib.canary.service import Canaries
from chalicelib.channels import prices
from chalicelib.channels.direct import DirectMail, DirectSms, DirectVoice
from chalicelib.channels.model import Channel
from chalicelib.channels.prices import PriceTable
from chalicelib.channels.social import Network
from chalicelib.delivery.dispatch import Dispatch, Lot
from chalicelib.delivery.links import Links
from chalicelib.delivery.lots import EmailLot, SmsLot, VoiceLot, at_once
from chalicelib.delivery.match import THREADS, Matcher
from chalicelib.delivery.opened import Opened
from chalicelib.delivery.pacing import Pacer
from chalicelib.delivery.plan import Planner
from chalicelib.delivery.posting import Posting
from chalicelib.delivery.posts_told import PostsTold
from chalicelib.delivery.progress import Progress
from chalicelib.delivery.push_lot import PushLot
from chalicelib.delivery.reach import Reacher
from chalicelib.delivery.receipts import Receipts, SmsLog
from chalicelib.delivery.relay import Relay
from chalicelib.delivery.tally import Tallies
from chalicelib.delivery.waves import WaveClock
from chalicelib.delivery.week import Week
from chalicelib.participants.codes import Codes
from chalicelib.participants.guard import Guard, Limit, Limits
from chalicelib.participants.headcount import Headcount
from chalicelib.participants.notices import Notices
from chalicelib.participants.place_finder import PlaceFinder
from chalicelib.participants.recount import Recount
from chalicelib.participants.relocation import Relocation
from chalicelib.participants.service import ParticipantService, SignUpService
from chalicelib.participants.suppression import Suppressor
from chalicelib.participants.yearly import Yearly
from chalicelib.platform.crowd import Crowd, Flood
from chalicelib.platform.idempotency import Idempotency
from chalicelib.platform.queues import QueueName
from chalicelib.platform.redrive import (
    Redrive,
)
from chalicelib.platform.settings import Settings
from chalicelib.platform.tokens import KeyedHash, LinkSigner
from chalicelib.privacy.own_data import OwnData
from chalicelib.privacy.sweep import Sweep
from chalicelib.reports.area_years import AreaYears
from chalicelib.reports.budgets import Budgets
from chalicelib.reports.census import Census
from chalicelib.reports.census_rebuild import Recensus
from chalicelib.reports.census_snapshot import Snapshots
from chalicelib.reports.costs import Costs
from chalicelib.reports.count import Count, Sources
from chalicelib.reports.new_boundaries import NewBoundaries
from chalicelib.reports.open_data import OpenData
from chalicelib.reports.outcomes import Outcomes
from chalicelib.reports.postbox import Postbox
from chalicelib.reports.rebuild import Rebuild
from chalicelib.reports.service import ReportService
from chalicelib.reports.spending import Spending
from chalicelib.reports.summaries import Summaries
from chalicelib.reports.summary import SummaryMaker
from chalicelib.staff.authorizer import decide
from chalicelib.staff.service import OrganisationService
from chalicelib.staff.supervisors import SupervisorBook
from chalicelib.staff.tokens import TokenVerifier
from chalicelib.tips.photo_service import FLOOD as PHOTO_FLOOD
from chalicelib.tips.photo_service import PhotoService
from chalicelib.tips.service import FLOOD as TIP_FLOOD
from chalicelib.tips.service import TipService
from chalicelib.topics.entry import Topics
from chalicelib.topics.plan import TopicPlanner
from chalicelib.topics.sending import TopicSender
from chalicelib.topics.service import FLOOD as TOPIC_FLOOD
from chalicelib.topics.service import TopicService
from chalicelib.topics.told import ProgressWithTopics
from chalicelib.wiring.parts import Parts


@dataclass(frozen=True)
class System:
    """The product, put together. Everything is made on first use: a function pays only for what it does."""

    settings: Settings
    parts: Parts

    @cached_property
    def links(self) -> LinkSigner:
        return LinkSigner.of(self.settings.link_secret)

    @property
    def idempotency(self) -> Idempotency:
        return self.parts.idempotency

    @cached_property
    def _verifier(self) -> TokenVerifier:
        settings = self.settings
        return TokenVerifier(
            str(settings.jwks_url),
            settings.token_issuer,
            settings.token_audience,
            self.parts.fetch_keys,
            self.parts.clock,
        )

    def authorize(self, authorization: str) -> dict[str, str] | None:
        """What the authorizer says of a caller, or None."""
        return decide(self._verifier, authorization, self.witness.sign_in_refused)

    @cached_property
    def witness(self) -> Witness:
        return Witness(self.parts.queues, self.parts.counters, self.parts.clock)

    @cached_property
    def trail(self) -> Trail:
        return Trail(self.parts.audit, self.parts.clock)

    @cached_property
    def areas(self) -> AreaService:
        return AreaService(self.parts.areas, self.settings.bounds)

    @cached_property
    def organisations(self) -> OrganisationService:
        return OrganisationService(self.parts.organisations, self.areas)

    @cached_property
    def jurisdiction(self) -> Jurisdiction:
        return Jurisdiction(self.organisations, self.areas)

    @cached_property
    def _finder(self) -> PlaceFinder:
        return PlaceFinder(self.areas, self.parts.geocoder)

    @cached_property
    def _codes(self) -> Codes:
        return Codes(self.settings.contact_secret.encode())

    @cached_property
    def sign_ups(self) -> SignUpService:
        parts = self.parts
        return SignUpService(
            parts.sign_ups,
            parts.participants,
            self._finder,
            self._codes,
            self.links,
            parts.queues,
            parts.clock,
            Guard(parts.counters, KeyedHash(self.settings.contact_secret.encode()), parts.clock, self._limits),
        )

    @property
    def _limits(self) -> Limits:
        settings = self.settings
        return Limits(
            everybody=Limit(settings.sign_up_limit, 60),
            network=Limit(settings.sign_up_network_limit, 600),
            contact=Limit(settings.sign_up_contact_limit, 3_600),
            hundred=Limit(settings.sign_up_hundred_limit, 600),
            thousand=Limit(settings.sign_up_thousand_limit, 3_600),
        )

    @cached_property
    def participants(self) -> ParticipantService:
        parts = self.parts
        return ParticipantService(
            parts.participants,
            parts.sign_ups,
            self._finder,
            self.links,
            parts.clock,
            parts.devices,
            self.settings.push_endpoints,
            OwnData(parts.alerts, parts.ledger, parts.tips, parts.photos, parts.clock),
        )

    @cached_property
    def sweep(self) -> Sweep:
        parts = self.parts
        yearly = Yearly(parts.participants, parts.queues, parts.clock)
        return Sweep(self.alerts, parts.tips, parts.photos, parts.alert_photos, yearly, parts.clock)

    @cached_property
    def notices(self) -> Notices:
        parts = self.parts
        return Notices(
            parts.sign_ups,
            parts.participants,
            self._codes,
            self.links,
            DirectSms(parts.sms),
            DirectVoice(parts.voice),
            DirectMail(parts.email),
            parts.clock,
            self.settings.web_url,
            AreaYears(self.areas, self.reports, parts.clock),
        )

    @cached_property
    def proofs(self) -> Proofs:
        parts = self.parts
        return Proofs(self.alerts, parts.accounts, parts.queues, parts.counters, parts.clock)

    @cached_property
    def proof_sender(self) -> ProofSender:
        parts, url = self.parts, self.settings.web_url
        voice = DirectVoice(parts.voice)
        return ProofSender(
            parts.alerts,
            parts.accounts,
            Ways(DirectSms(parts.sms), voice, DirectMail(parts.email)),
            Ways(DirectSms(parts.exercise_sms), voice, DirectMail(parts.exercise_email)),
            sample_url(url),
            url,
        )

    @cached_property
    def suppressor(self) -> Suppressor:
        return Suppressor(self.parts.participants, self.parts.queues, self.parts.clock)

    @cached_property
    def alerts(self) -> AlertService:
        settings = self.settings
        return AlertService(
            self.parts.alerts,
            self.areas,
            self.parts.clock,
            settings.countdown_s,
            settings.alert_hours,
            sample_url(settings.web_url),
            self.jurisdiction,
            window=timedelta(minutes=settings.approval_minutes),
        )

    @cached_property
    def approvals(self) -> Approvals:
        settings = self.settings
        limits = ApprovalLimits(settings.reach_limit, settings.alerts_limit)
        return Approvals(self.alerts, self._reacher, limits, self.supervisor_book, self.budget_watch)

    @cached_property
    def supervisor_book(self) -> SupervisorBook:
        return SupervisorBook(self.parts.organisations, self.settings.supervisors)

    @cached_property
    def staff_mail(self) -> StaffMail:
        parts, web_url = self.parts, self.settings.web_url
        return StaffMail(parts.alerts, parts.email, self.supervisor_book, self._patience, web_url, self._outcomes)

    @cached_property
    def _outcomes(self) -> Outcomes:
        sources, organisations = self.report_sources, self.parts.organisations
        return Outcomes(sources, self.costs, self.areas, organisations, self._postbox, self.settings.web_url)

    @cached_property
    def reminders(self) -> Reminders:
        return Reminders(self.alerts, self._patience)

    @property
    def _patience(self) -> Patience:
        settings = self.settings
        return Patience(
            timedelta(minutes=settings.remind_minutes),
            timedelta(minutes=settings.remind_supervisors_minutes),
            timedelta(hours=settings.close_hours),
        )

    @cached_property
    def _reacher(self) -> Reacher:
        parts = self.parts
        return Reacher(parts.places, parts.cells, parts.clock, self._week)

    @cached_property
    def prices(self) -> PriceTable:
        return prices.shipped()

    @cached_property
    def forecaster(self) -> Forecaster:
        parts, settings = self.parts, self.settings
        return Forecaster(
            self._reacher,
            self.areas.names,
            {channel: getattr(settings, f"{channel}_rate") for channel in Channel},
            self.prices,
            self.budgets,
            parts.clock,
        )

    @cached_property
    def budget_watch(self) -> BudgetWatch:
        return BudgetWatch(self.forecaster, sample_url(self.settings.web_url))

    @cached_property
    def budgets(self) -> Budgets:
        return Budgets(self.parts.money, self.areas.names, self.areas.lying_in, self.parts.clock)

    @cached_property
    def costs(self) -> Costs:
        return Costs(self.tally, self.parts.money, self.prices)

    @cached_property
    def relay(self) -> Relay:
        return Relay(self.parts.queues, self.parts.clock, self._networks)

    @cached_property
    def _networks(self) -> tuple[Network, ...]:
        return tuple(map(Network, self.settings.social_networks))

    @cached_property
    def posting(self) -> Posting:
        parts = self.parts
        return Posting(parts.posters, parts.alerts, self.areas, parts.posts, parts.queues, parts.clock)

    @cached_property
    def topics(self) -> Topics:
        parts, rate = self.parts, self.settings.push_rate
        sender = TopicSender(
            parts.topics,
            parts.alerts,
            parts.push,
            Pacer(parts.pace, parts.clock, Channel.PUSH, rate),
            parts.queues,
            parts.clock,
            f"{self.settings.web_url}/meldingen",
            at_once(rate),
        )
        return Topics(TopicPlanner(parts.alerts, self.areas, parts.queues, parts.clock), sender)

    @cached_property
    def topic_subscriptions(self) -> TopicService:
        parts, settings = self.parts, self.settings
        return TopicService(
            parts.topics,
            self.areas,
            settings.push_endpoints,
            self._crowd(TOPIC_FLOOD, settings.topic_network_limit),
        )

    def _crowd(self, flood: Flood, most: int) -> Crowd:
        keyed = KeyedHash(self.settings.contact_secret.encode())
        return Crowd(self.parts.counters, keyed, self.parts.clock, flood, most)

    @cached_property
    def posts_told(self) -> PostsTold:
        parts = self.parts
        return PostsTold(self._networks, parts.posts, self.areas, parts.clock)

    @cached_property
    def planner(self) -> Planner:
        return Planner(self.alerts, self.parts.ledger, self.parts.queues, self.parts.clock, self._week)

    @cached_property
    def _week(self) -> Week:
        return Week(self.parts.alerts, self.settings.weekly_cap)

    @cached_property
    def wave_clock(self) -> WaveClock:
        parts = self.parts
        return WaveClock(self.alerts, parts.tips, parts.queues, parts.clock)

    @cached_property
    def public_feed(self) -> PublicFeed:
        return PublicFeed(self.parts.alerts, self.parts.clock)

    @cached_property
    def matcher(self) -> Matcher:
        parts = self.parts
        return Matcher(parts.alerts, parts.places, parts.participants, parts.ledger, parts.queues, parts.clock, THREADS)

    @cached_property
    def _personal_links(self) -> Links:
        return Links(self.settings.web_url, self.links, self.parts.clock)

    @cached_property
    def sms_dispatch(self) -> Dispatch:
        settings, parts = self.settings, self.parts
        by_id, most = settings.sms_provider == "sns", at_once(settings.sms_rate)
        lot = SmsLot(parts.sms, self._personal_links, most, receipts_by_id=by_id, exercises=parts.exercise_sms)
        return self._dispatch(lot, settings.sms_rate, QueueName.SMS, QueueName.SMS_FOLLOWUP)

    @cached_property
    def voice_dispatch(self) -> Dispatch:
        rate = self.settings.voice_rate
        lot = VoiceLot(self.parts.voice, at_once(rate), plays=self.parts.recordings is not None)
        return self._dispatch(lot, rate, QueueName.VOICE, QueueName.VOICE_FOLLOWUP)

    @cached_property
    def email_dispatch(self) -> Dispatch:
        lot = EmailLot(self.parts.email, self._personal_links, exercises=self.parts.exercise_email)
        return self._dispatch(lot, self.settings.email_rate, QueueName.EMAIL, QueueName.EMAIL_FOLLOWUP)

    @cached_property
    def push_dispatch(self) -> Dispatch:
        parts, rate = self.parts, self.settings.push_rate
        lot = PushLot(parts.push, parts.devices, self._personal_links, parts.queues, at_once(rate))
        return self._dispatch(lot, rate, QueueName.PUSH, QueueName.PUSH_FOLLOWUP)

    def _dispatch(self, lot: Lot, rate: float, queue: QueueName, followup: QueueName) -> Dispatch:
        parts = self.parts
        return Dispatch(
            Opened(lot, parts.contact_keys),
            Pacer(parts.pace, parts.clock, lot.channel, rate),
            parts.alerts,
            parts.ledger,
            parts.claims,
            parts.message_ids,
            parts.queues,
            parts.clock,
            self.settings.lease_s,
            queue=queue,
            followup=followup,
        )

    @cached_property
    def sms_log(self) -> SmsLog:
        return SmsLog(self.receipts, self.parts.queues)

    @cached_property
    def receipts(self) -> Receipts:
        return Receipts(self.parts.ledger, self.parts.message_ids, self.parts.queues)

    @cached_property
    def tally(self) -> Tallies:
        return Tallies(self.parts.ledger, self.parts.queues)

    @cached_property
    def progress(self) -> ProgressWithTopics:
        return ProgressWithTopics(Progress(self.parts.ledger, self.prices), self.parts.topics)

    @cached_property
    def tips(self) -> TipService:
        parts = self.parts
        crowd = self._crowd(TIP_FLOOD, self.settings.tip_network_limit)
        bounds = self.settings.bounds
        return TipService(parts.tips, parts.alerts, self.links, parts.clock, bounds, self.jurisdiction, crowd)

    @cached_property
    def photos(self) -> PhotoService:
        return PhotoService(self.tips, self.parts.photos, self._crowd(PHOTO_FLOOD, self.settings.tip_network_limit))

    @cached_property
    def reports(self) -> ReportService:
        parts = self.parts
        spending = Spending(parts.money, self.budgets)
        return ReportService(self.areas, parts.figures, parts.census, parts.clock, self.organisations, spending)

    @cached_property
    def open_data(self) -> OpenData:
        return OpenData(self.areas, self.parts.figures, self.parts.clock)

    @cached_property
    def count(self) -> Count:
        parts = self.parts
        return Count(
            self.report_sources,
            parts.figures,
            parts.queues,
            parts.clock,
            self.canaries,
            self.costs,
            self.settings.count_every_s,
        )

    @cached_property
    def rebuild_reports(self) -> Rebuild:
        return Rebuild(self.report_sources, self.parts.figures, self.areas, self.parts.clock, self.costs)

    @cached_property
    def report_sources(self) -> Sources:
        return Sources(self.parts.alerts, self.parts.ledger, self.parts.tips)

    @cached_property
    def canaries(self) -> Canaries:
        parts, settings = self.parts, self.settings
        return Canaries(
            parts.alerts,
            self.areas,
            parts.places,
            parts.ledger,
            parts.canaries,
            parts.clock,
            Addresses(settings.canary_email, settings.canary_phone),
            settings.canary_minutes,
        )

    @cached_property
    def census(self) -> Census:
        return Census(self.parts.roll, self.parts.census, self.parts.clock)

    @cached_property
    def recensus(self) -> Recensus:
        return Recensus(self.parts.roll, self.parts.census, self.parts.clock)

    @cached_property
    def new_boundaries(self) -> NewBoundaries:
        parts = self.parts
        relocation = Relocation(parts.roll, parts.participants, self.areas, parts.clock)
        return NewBoundaries(self.areas, parts.organisations, parts.money, relocation, parts.clock)

    @cached_property
    def snapshots(self) -> Snapshots:
        return Snapshots(self.areas, self.parts.census, self.parts.clock)

    @cached_property
    def headcount(self) -> Headcount:
        return Headcount(self.parts.cells, self.parts.clock)

    @cached_property
    def recount(self) -> Recount:
        parts = self.parts
        return Recount(parts.places, parts.cells, parts.clock, self.settings.bounds)

    @cached_property
    def redrive(self) -> Redrive:
        return Redrive(self.parts.dead_letters, self.parts.redrive_targets)

    @cached_property
    def summaries(self) -> Summaries:
        settings = self.settings
        return Summaries(
            self.areas, self._summary_maker, self._postbox, self.parts.clock, settings.yearly_emails, settings.web_url
        )

    @cached_property
    def _summary_maker(self) -> SummaryMaker:
        return SummaryMaker(self.reports)

    @cached_property
    def _postbox(self) -> Postbox:
        return Postbox(self.parts.reports, self.parts.email, self.parts.clock)
