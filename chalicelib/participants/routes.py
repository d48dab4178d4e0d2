"""Signing up and the pages behind the manage link."""

from collections.abc import Callable
from dataclasses import dataclass

from chalicelib.participants.bodies import (
    ChangeBody,
    ConsentBody,
    Me,
    MyExport,
    SignUpBody,
    SignUpReply,
    VerificationBody,
    VerificationReply,
)
from chalicelib.participants.device_bodies import DeviceBody, DeviceReply, PushKey
from chalicelib.participants.service import ParticipantService, SignUpService
from chalicelib.platform.errors import Conflict, Gone, InvalidInput, NotFound, TooManyRequests, Unavailable
from chalicelib.platform.http import Call, Endpoint, Reply


@dataclass(frozen=True)
class ParticipantRoutes:
    sign_ups: Callable[[], SignUpService]
    participants: Callable[[], ParticipantService]
    push_key: Callable[[], str]

    def endpoints(self) -> list[Endpoint]:
        return [
            Endpoint(
                "POST",
                "/sign-ups",
                self.sign_up,
                "Sign up; a code goes to each contact",
                body=SignUpBody,
                reply=SignUpReply,
                status=202,
                raises=(InvalidInput, TooManyRequests, Unavailable),
            ),
            Endpoint(
                "POST",
                "/sign-ups/{id}/verification",
                self.verify,
                "Prove a contact by its code",
                body=VerificationBody,
                reply=VerificationReply,
                raises=(InvalidInput, NotFound, Gone, TooManyRequests, Conflict),
            ),
            Endpoint("GET", "/me", self.get, "What is known of me", reply=Me, link=True),
            Endpoint(
                "PATCH",
                "/me",
                self.change,
                "Change places, channels or language; pause or resume",
                body=ChangeBody,
                reply=Me,
                link=True,
                raises=(InvalidInput, Conflict, Unavailable),
            ),
            Endpoint(
                "POST",
                "/me/confirmation",
                self.confirm,
                "I still live and work there: the answer to the yearly question",
                reply=Me,
                link=True,
                raises=(Conflict,),
            ),
            Endpoint(
                "POST",
                "/me/consent",
                self.consent,
                "Agree to the text as it is now",
                body=ConsentBody,
                reply=Me,
                link=True,
                raises=(InvalidInput, Conflict),
            ),
            Endpoint("DELETE", "/me", self.leave, "Leave; every row goes", status=204, link=True, raises=(Conflict,)),
            Endpoint("GET", "/push/key", self.key, "The key that a browser subscribes to", reply=PushKey),
            Endpoint(
                "PUT",
                "/me/push",
                self.subscribe,
                "Get push messages on this device too; of more than 5 the oldest goes",
                body=DeviceBody,
                reply=DeviceReply,
                link=True,
                raises=(InvalidInput, Conflict),
            ),
            Endpoint(
                "DELETE",
                "/me/push/{device}",
                self.unsubscribe_device,
                "Get no more push messages on a device",
                status=204,
                link=True,
                raises=(Conflict,),
            ),
            Endpoint(
                "POST",
                "/unsubscribe/{token}",
                self.unsubscribe,
                "Get no more e-mail; what a mail program does (RFC 8058)",
                status=204,
                raises=(NotFound, Conflict),
                takes=("application/x-www-form-urlencoded", "multipart/form-data"),
            ),
            Endpoint(
                "GET",
                "/unsubscribe/{token}",
                self.to_manage,
                "For people who open the link: leads to their own page, and changes nothing",
                status=303,
                raises=(NotFound,),
            ),
            Endpoint(
                "GET",
                "/me/export",
                self.export,
                "All that is stored of me",
                reply=MyExport,
                link=True,
                told=lambda call: {},
            ),
        ]

    def sign_up(self, call: Call[SignUpBody]) -> SignUpReply:
        return SignUpReply.of(self.sign_ups().sign_up(call.body.request(), call.source_ip, call.deed))

    def verify(self, call: Call[VerificationBody]) -> VerificationReply:
        verified = self.sign_ups().verify(call.path["id"], call.body.contact, call.body.code)
        return VerificationReply(
            verified=list(verified.proved), pending=list(verified.pending), manage_token=verified.manage_token
        )

    def get(self, call: Call[None]) -> Me:
        return Me.of(self.participants().get(call.bearer))

    def change(self, call: Call[ChangeBody]) -> Me:
        return Me.of(self.participants().change(call.bearer, call.body.request()))

    def confirm(self, call: Call[None]) -> Me:
        return Me.of(self.participants().confirm(call.bearer))

    def consent(self, call: Call[ConsentBody]) -> Me:
        return Me.of(self.participants().consent(call.bearer, call.body.version))

    def leave(self, call: Call[None]) -> Reply:
        self.participants().leave(call.bearer)
        return Reply(status=204)

    def key(self, call: Call[None]) -> PushKey:
        return PushKey(key=self.push_key())

    def subscribe(self, call: Call[DeviceBody]) -> DeviceReply:
        return DeviceReply(id=self.participants().subscribe(call.bearer, call.body.device()).id)

    def unsubscribe_device(self, call: Call[None]) -> Reply:
        self.participants().unsubscribe_device(call.bearer, call.path["device"])
        return Reply(status=204)

    def unsubscribe(self, call: Call[None]) -> Reply:
        self.participants().unsubscribe(call.path["token"])
        return Reply(status=204)

    def to_manage(self, call: Call[None]) -> Reply:
        token = self.participants().manage_token(call.path["token"])
        return Reply(status=303, headers={"Location": f"/manage#{token}"})

    def export(self, call: Call[None]) -> Reply:
        content = MyExport.of(self.participants().export(call.bearer))
        return Reply(content, headers={"Content-Disposition": 'attachment; filename="burgernet.json"'})
