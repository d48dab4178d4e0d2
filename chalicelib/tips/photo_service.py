"""Photos with a tip: who may send one, what is taken, and who may look at it.

First the tip, then each photo by itself: a form to send it with, the browser sends it to the bucket, and says so. Then
it is looked at, written anew, and only then shown. Whatever breaks off in between has cost nobody the tip.
"""

from dataclasses import dataclass
from datetime import timedelta

from chalicelib.alerts.reply import reply_reference
from chalicelib.photos.picture import NoPicture, Picture, TooManyPixels
from chalicelib.photos.rewrite import rewritten
from chalicelib.platform.crowd import Crowd, Flood
from chalicelib.platform.errors import Conflict, Gone, InvalidInput, NotFound, TooManyRequests
from chalicelib.platform.observe import count
from chalicelib.staff.model import StaffMember
from chalicelib.tips.model import Tip
from chalicelib.tips.photo_store import SENT, Form, PhotoKey, Photos
from chalicelib.tips.service import TipService

FIELD = "photo"
FLOOD = Flood(
    "photo", "PhotosRefused", "too_many_photos_at_once", "Many photos came from here just now. Call the police instead."
)
FOLLOW = timedelta(minutes=15)  # so long after the tip a photo of it may come: a bad connection is slow
MOST_TRIES = 10  # of each photo, to ask for its form, and to say that it was sent: then it is read, and that costs


@dataclass(frozen=True)
class TipPhotos:
    """``shown``: addresses by number. ``due``: how many were to follow."""

    shown: dict[int, str]
    due: int


@dataclass(frozen=True)
class PhotoService:
    tips: TipService
    photos: Photos
    crowd: Crowd

    def form(self, token: str, tip_id: str, number: int, media_type: str, address: str) -> Form:
        """To send one photo of a tip with, which came by this link. ``address``: of whoever sends it.

        Raises:
            NotFound: ``link_not_valid``, ``tip_not_found``, ``photo_not_found`` where the tip told of fewer.
            Gone: ``alert_cancelled``, ``link_expired``, ``photo_too_late``.
            Conflict: ``photo_there``.
            TooManyRequests: ``too_many_photos_at_once``, ``photo_tried_too_often``.
        """
        tip = self._of_link(token, tip_id, number)
        if number in tip.photos:
            raise Conflict("photo_there", "This photo has come already.")
        self.crowd.admit(address, tip.alert)
        key = PhotoKey(tip.alert, tip.id, number)
        self._try("photo_form", key)
        return self.photos.form(key, media_type)

    def take(self, token: str, tip_id: str, number: int) -> None:
        """Look at what was sent, and show it from now on. A second time changes nothing.

        Raises:
            NotFound: as ``form``.
            Gone: as ``form``.
            Conflict: ``photo_not_sent``.
            InvalidInput: ``photo_unreadable``, ``photo_too_large``; it is forgotten then.
            TooManyRequests: ``photo_tried_too_often``.
        """
        tip = self._of_link(token, tip_id, number)
        key = PhotoKey(tip.alert, tip.id, number)
        self._try("photo_sent", key)
        if number not in tip.photos:
            self.photos.show(key, self._looked_at(key))
            self.tips.store.add_photo(tip, number)
        self.photos.forget_sent(key)

    def look(self, alert_id: str, tip_id: str, member: StaffMember) -> TipPhotos:
        """Raises ``NotFound``, or ``Forbidden`` other_control_room."""
        alert = self.tips.own_alert(alert_id, member)
        tip = self.tips.store.get(alert.id, tip_id)
        shown = {number: self.photos.address(PhotoKey(alert.id, tip.id, number)) for number in tip.photos}
        return TipPhotos(shown, tip.photos_due)

    def _try(self, what: str, key: PhotoKey) -> None:
        name = f"{what}#{self.crowd.keyed(what, key.within(SENT))[:32]}"
        if self.crowd.counters.add(name, int(FOLLOW.total_seconds()), self.tips.clock.now()) > MOST_TRIES:
            count(FLOOD.metric)
            raise TooManyRequests("photo_tried_too_often", "This photo was tried too often. Send another answer.")

    def _looked_at(self, key: PhotoKey) -> Picture:
        content = self.photos.sent(key)
        if content is None:
            raise Conflict("photo_not_sent", "Nothing has come: send it first.")
        try:
            return rewritten(content)
        except NoPicture as refusal:
            self.photos.forget_sent(key)
            count("PhotosUnreadable")
            raise _refused(refusal) from None

    def _of_link(self, token: str, tip_id: str, number: int) -> Tip:
        alert, ref = self.tips.of_link(token)
        tip = self.tips.store.get(alert.id, tip_id)
        if tip.reply != reply_reference(ref):
            raise NotFound("tip_not_found", "There is no such tip.")
        if number > tip.photos_due:
            raise NotFound("photo_not_found", "The tip did not tell of so many photos.")
        if self.tips.clock.now() > tip.at + FOLLOW:
            raise Gone("photo_too_late", "It is too late for this photo. Send another answer.")
        return tip


def _refused(refusal: NoPicture) -> InvalidInput:
    if isinstance(refusal, TooManyPixels):
        return InvalidInput.of(FIELD, "photo_too_large", "This photo is too large.")
    return InvalidInput.of(FIELD, "photo_unreadable", "This is no photo in JPEG, PNG or WebP.")
