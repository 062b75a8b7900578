"""Things of north's that no other organization has: what the sweep asks for elsewhere.

Every parameter of every address has a sample here: `@sample("notes:note.pk")` on a function that takes the cast and returns the value for
the address, after the view's name and the parameter's. A test fails for an address without one. What the samples are made of stands in
`things.py`; `FREE` names the parameters that point to nothing of an organization's, and why.
"""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.core import signing

from billing.prepayments.queries import token_of as prepay_token
from billing.queries.card_links import token_of as card_link_token_of
from billing.queries.pay_links import pay_token
from core.people.rules.invitations import token_for
from core.setup.queries import token_of
from core.waiting_list.links import token_for as offer_token
from portal.account.passkeys import PROOF, TICKET
from portal.enquiries.public import SALT
from sessions_live.invitations.permissions import token_for as invitation_token_of
from tests.isolation.things import things

Sample = Callable[[SimpleNamespace], Any]
SAMPLES: dict[str, Sample] = {}

MESSAGE_PAGES = ("message", "message_preview", "message_standard", "message_version")

# The parameter is no id: these values are the same everywhere.
FREE: dict[str, Any] = {
    "boards:saved_file.form": "pdf",
    "brand:logo.variant": "light",  # one of two words
    "brand:offline.language": "en",  # one of the languages on offer
    "brand:font.style": "regular",  # one of three words
    "brand:background.name": "waiting",  # one of two words
    "brand:app_icon.kind": "192",  # one of four words
    "brand:look_sample.sample": "start",  # one of a few words
    "settings:brand_sample.sample": "start",
    "settings:branch_sample.sample": "start",
    **{f"settings:{page}.channel": "email" for page in MESSAGE_PAGES},  # messages are declared by the product
    **{f"settings:{page}.code": "invitation" for page in MESSAGE_PAGES},
    **{f"setup:{page}.key": "brand" for page in ("step", "skip", "resume")},  # steps are the product's
    "scheduling:day_removal.day": "2030-01-02",  # a day
    "people:exception.permission": "keep_records",  # one of the product's permissions
    "people:exception_end.permission": "keep_records",
    "people:choices.name": "agents",  # a kind of people, one of a few words
    "account_confirm_email.key": "zz",  # addresses are confirmed by the invitation; the page shows nothing
    "operator:failed_task.pk": 1,  # background work of the platform's
    "articles:version.number": 1,  # of an article that has a sample
    "public_legal_version.number": 1,  # of a text that has a sample
    "public_legal_version_in.number": 1,
    "public_legal_in.language": "en",  # one of the organization's
    "public_legal_version_in.language": "en",
    "public_enquiry_in.language": "en",  # one of the organization's
    "public_enquiry_sent_in.language": "en",
    "public_page.path": "zz/",  # the public pages themselves, by path
    "public_picture.size": "small",  # one of two words
    "resources:picture.size": "small",  # one of two words
    "questionnaires:new_item.kind": "text",  # one of a few words
    "questionnaires:answers.page": 1,  # of a form that has a sample
    **{f"questionnaires:{page}.key": "q1" for page in ("item", "move", "item_removal")},  # the same
    "resources:card_file.side": "front",  # one of two words
    "resources:card_file.part": "picture",
    "live:showing_card.side": "front",
    "live:showing_card.part": "picture",
    "website:new_section.kind": "text",  # declared by the product
}


def sample(*parameters: str) -> Callable[[Sample], Sample]:
    """Register a maker of values for parameters of addresses."""

    def register(make: Sample) -> Sample:
        SAMPLES.update(dict.fromkeys(parameters, make))
        return make

    return register


def value_for(cast: SimpleNamespace, view: str, parameter: str) -> Any:
    """The value of a parameter: the id of a thing that only north has. KeyError without a sample."""
    name = f"{view}.{parameter}"
    return FREE[name] if name in FREE else SAMPLES[name](cast)


def _each(app: str, parameter: str, *views: str) -> tuple[str, ...]:
    return tuple(f"{app}:{view}.{parameter}" for view in views)


CLIENT_PAGES = (
    "client", "client_change", "client_contact", "client_status", "client_archive", "client_restore", "client_delete", "client_logins",
    "client_former_information", "client_former_information_again",
    "client_unlink", "client_practitioners", "client_unassign", "client_agents", "client_revoke_agent", "client_permissions", "client_panels",
)  # fmt: skip
INVOICE_PAGES = (
    "invoice", "invoice-document", "invoice-issue", "invoice-payer", "invoice-delivery", "invoice-cancellation", "invoice-removal",
    "invoice-payment", "invoice-refund", "invoice-credit", "invoice-reminder", "invoice-hold", "invoice-hold-removal",
    "invoice-card-charge",
)  # fmt: skip


@sample(
    *_each("people", "pk", *CLIENT_PAGES),
    "billing:balance.pk",
    *_each("billing", "pk", "payer-cards", "payer-card-link", "payer-customer"),
    "recordings:client.pk",
    *_each("boards", "pk", "client", "new"),
    "booking_settings:exception.pk",
    "scheduling:client_availability.pk",
    "notes:list.pk",
    "notes:new.pk",
    "goals:list.pk",
    "goals:new.pk",
    *_each("scores", "pk", "list", "export", "choose", "new", "resource", "resource_export"),
    "client_files:list.pk",
    "questionnaires:list.pk",
    "questionnaires:send.pk",
)
def client(cast: SimpleNamespace) -> Any:
    return things(cast).client.pk


@sample(
    *_each("help", "slug", "article", "panel_article", "feedback"),
    *_each("articles", "slug", "article", "standard", "keep", "version", "move", "visibility"),
)
def article(cast: SimpleNamespace) -> Any:
    return things(cast).article.slug


@sample(
    *_each("booking_requests", "pk", "request", "acceptance", "proposal", "refusal", "answer", "keeping", "withdrawal"),
)
def booking_request(cast: SimpleNamespace) -> Any:
    return things(cast).request.pk


@sample(*_each("waiting_list", "pk", "entry", "removal", "offer"))
def waiting_entry(cast: SimpleNamespace) -> Any:
    return things(cast).waiting.pk


@sample("waiting_list:acceptance.pk", "waiting_list:refusal.pk")
def waiting_offer(cast: SimpleNamespace) -> Any:
    return things(cast).waiting_offer.pk


@sample("waiting_list:link.token")
def waiting_link(cast: SimpleNamespace) -> Any:
    return offer_token(things(cast).waiting_offer, things(cast).login)


@sample(
    *_each(
        "resources",
        "pk",
        "resource",
        "change",
        "replace",
        "file",
        "download",
        "picture",
        "version",
        "restoration",
        "sharing",
    ),
    *_each("resources", "pk", "listing", "favorite", "deletion"),
    *_each("scores", "resource", "new", "resource", "resource_export", "new_for_client"),
)
def resource_of_sessions(cast: SimpleNamespace) -> Any:
    return things(cast).material.pk


@sample("resources:pages.pk")
def paper(cast: SimpleNamespace) -> Any:
    return things(cast).paper.pk


CARD_PAGES = ("card", "card_removal", "card_file")


@sample(*_each("resources", "pk", "cards", "more_cards", "new_card", "card_order", "table", *CARD_PAGES))
def card_set(cast: SimpleNamespace) -> Any:
    return things(cast).card_set.pk


@sample(*_each("resources", "card", *CARD_PAGES), "live:showing_card.card")
def card_of_set(cast: SimpleNamespace) -> Any:
    return things(cast).card_set.cards.get().pk


@sample("live:showing_card.pk")
def card_showing(cast: SimpleNamespace) -> Any:
    return things(cast).card_showing.pk


@sample(*_each("resources", "version", "version", "restoration"))
def former_file(cast: SimpleNamespace) -> Any:
    return things(cast).material.versions.get().pk


@sample("files:upload.pk")
def upload(cast: SimpleNamespace) -> Any:
    return things(cast).upload.pk


NOTE_PAGES = (
    "note", "part", "print", "write", "versions", "bring_back", "signature", "addition", "share", "withdrawal", "removal", "shared",
)  # fmt: skip


@sample(*_each("notes", "pk", *NOTE_PAGES))
def note(cast: SimpleNamespace) -> Any:
    return things(cast).note.pk


@sample("notes:bring_back.version")
def note_version(cast: SimpleNamespace) -> Any:
    return things(cast).note_version.pk


@sample(*_each("client_files", "pk", "file", "download", "preview", "share", "withdrawal", "removal"))
def client_file(cast: SimpleNamespace) -> Any:
    return things(cast).client_file.pk


@sample(*_each("goals", "pk", "goal", "change", "progress", "share", "withdrawal"))
def goal(cast: SimpleNamespace) -> Any:
    return things(cast).goal.pk


@sample(*_each("scores", "pk", "change", "share", "withdrawal", "removal"))
def score(cast: SimpleNamespace) -> Any:
    return things(cast).score.pk


@sample(
    *_each("questionnaires", "pk", "form", "words", "copy", "preview", "archive", "restoration", "order"),
    *_each("questionnaires", "pk", "new_item", "item", "move", "item_removal"),
)
def questionnaire(cast: SimpleNamespace) -> Any:
    return things(cast).form.pk


@sample(*_each("questionnaires", "pk", "request", "answers", "reminder", "withdrawal", "refusal", "reopening"))
def form_request(cast: SimpleNamespace) -> Any:
    return things(cast).form_request.pk


@sample("questionnaires:file.pk", "questionnaires:file_removal.pk")
def form_file(cast: SimpleNamespace) -> Any:
    return things(cast).form_answers.files.get().pk


@sample("questionnaires:document.pk")
def form_answers(cast: SimpleNamespace) -> Any:
    return things(cast).form_answers.pk


@sample("goals:step.pk")
def goal_step(cast: SimpleNamespace) -> Any:
    return things(cast).goal.steps.get().pk


@sample("goals:progress_removal.pk")
def goal_progress(cast: SimpleNamespace) -> Any:
    return things(cast).progress.pk


@sample(*_each("note_templates", "pk", "template", "removal"))
def note_template(cast: SimpleNamespace) -> Any:
    return things(cast).note_template.pk


@sample("help:category.code", *_each("articles", "code", "category", "category_move"))
def help_category(cast: SimpleNamespace) -> Any:
    return things(cast).category.code


@sample("people:client_former_information_again.former")
def former_information(cast: SimpleNamespace) -> Any:
    return things(cast).former.pk


@sample("people:client_unlink.link")
def link(cast: SimpleNamespace) -> Any:
    return things(cast).link.pk


@sample(
    *_each("people", "pk", "login", "login_change", "login_invitation", "login_access", "login_password", "rights"),
)
def login(cast: SimpleNamespace) -> Any:
    return things(cast).login.pk


@sample(
    *_each("people", "pk", "staff_member", "staff_clients", "staff_change", "staff_role", "staff_status", "schedule_admins", "revoke_schedule_admin"),
    *_each("people", "pk", "exception", "exception_end", "hand_over"),
    *_each("cards", "pk", "card", "preview", "release"), "people:client_unassign.staff",
)  # fmt: skip
def staff_member(cast: SimpleNamespace) -> Any:
    return things(cast).staff.pk


@sample("people:hand_over_undo.pk")
def hand_over(cast: SimpleNamespace) -> Any:
    return things(cast).hand_over.pk


@sample("people:role.pk", "people:role_remove.pk")
def own_role(cast: SimpleNamespace) -> Any:
    return things(cast).role.pk


@sample("people:revoke_schedule_admin.holder")
def holder(cast: SimpleNamespace) -> Any:
    return things(cast).holder.pk


@sample("people:agent.pk", "people:agent_dismiss.pk", "people:client_revoke_agent.agent")
def agent(cast: SimpleNamespace) -> Any:
    return things(cast).agent.pk


@sample("settings:delivery.pk", "settings:delivery_repetition.pk")
def delivery(cast: SimpleNamespace) -> Any:
    return things(cast).delivery.pk


HOST_PAGES = (
    "domain", "domain_records", "domain_check", "domain_primacy", "domain_branch", "domain_redirect", "domain_removal", "domain_keeping",
)  # fmt: skip


@sample(*_each("settings", "pk", *HOST_PAGES))
def host(cast: SimpleNamespace) -> Any:
    return things(cast).domain.pk


@sample("records.token", "records_file.token")
def records_link(cast: SimpleNamespace) -> Any:
    return token_of(things(cast).records_link)


WEBSITE_PAGES = (
    "page", "page_details", "page_preview", "page_publication", "page_date", "page_date_end", "page_withdrawal", "page_place", "page_removal",
    "page_version", "page_link", "page_link_end", "page_front", "new_section", "section", "section_place", "section_removal",
)  # fmt: skip


@sample(*_each("website", "pk", *WEBSITE_PAGES))
def website_page(cast: SimpleNamespace) -> Any:
    return things(cast).page.pk


@sample(*_each("website", "section", "section", "section_place", "section_removal"))
def website_section(cast: SimpleNamespace) -> Any:
    return things(cast).section


@sample("website:page_version.version")
def website_version(cast: SimpleNamespace) -> Any:
    return things(cast).page.latest_revision.pk


@sample(*_each("enquiries", "pk", "enquiry", "state", "deletion"))
def enquiry(cast: SimpleNamespace) -> Any:
    return things(cast).enquiry.pk


@sample("public_enquiry_sent.token", "public_enquiry_sent_in.token")
def enquiry_token(cast: SimpleNamespace) -> Any:
    return signing.dumps(str(things(cast).enquiry.pk), salt=SALT)


LEGAL_PAGES = (
    "text", "words", "asking", "publication", "draft_end", "withdrawal", "return", "removal", "answers", "answers_file",
    "unanswered",
)  # fmt: skip


@sample(
    *_each("legal", "slug", *LEGAL_PAGES), "public_legal.slug", "public_legal_version.slug", "public_legal_in.slug",
    "public_legal_version_in.slug",
)  # fmt: skip
def legal_text(cast: SimpleNamespace) -> Any:
    return things(cast).text.slug


@sample("agreement_withdrawal.pk")
def acceptance(cast: SimpleNamespace) -> Any:
    return things(cast).acceptance.pk


@sample("public_draft.key")
def shared_page(cast: SimpleNamespace) -> Any:
    return things(cast).page_link.key


@sample("public_picture.pk", "website:picture_removal.pk")
def site_picture(cast: SimpleNamespace) -> Any:
    return things(cast).picture.pk


@sample(
    *_each(
        "settings",
        "pk",
        "branch",
        "branch_closing",
        "branch_opening",
        "branch_deletion",
        "branch_publication",
        "branch_schedule",
        "branch_schedule_end",
        "branch_discarding",
        "branch_link",
        "branch_link_end",
        "branch_version",
    )
)
def branch(cast: SimpleNamespace) -> Any:
    return things(cast).branch.pk


@sample("settings:message_version.number")
def message_version(cast: SimpleNamespace) -> Any:
    return things(cast).version.number


@sample("settings:brand_version.number")
def look_version(cast: SimpleNamespace) -> Any:
    return things(cast).look.number


@sample("settings:branch_version.number")
def branch_version(cast: SimpleNamespace) -> Any:
    return things(cast).branch_look.number


@sample("brand:look.key", "brand:look_sample.key")
def draft_link(cast: SimpleNamespace) -> Any:
    return things(cast).draft.share_key


@sample("brand:font.key", "settings:brand_font_removal.key")
def font(cast: SimpleNamespace) -> Any:
    return things(cast).font.key


@sample("notifications:detail.pk")
def notice(cast: SimpleNamespace) -> Any:
    return things(cast).notice.pk


@sample(
    *_each("scheduling", "pk", "appointment", "summary", "session_details", "edit", "move", "cancellation", "completion", "calendar_file"),
    *_each("scheduling", "pk", "arrival", "arrival_removal"),
    "booking_requests:move.pk",
    "boards:session.pk", *_each("live", "pk", "room", "ended", "admissions", "admission", "waiting_room_messages"), "billing:cost.pk",


    "booking_requests:move.pk", "notes:beside.pk", "scores:beside.pk", "questionnaires:waiting.pk", "client_files:beside.pk",
    *_each("live", "pk", "room", "choice", "guest_invite", "ended", "admissions", "admission", "waiting_room_messages"), "billing:cost.pk",
)  # fmt: skip
def appointment(cast: SimpleNamespace) -> Any:
    return things(cast).appointment.pk


@sample(*_each("scheduling", "pk", "extension", "extension_removal", "quick_completion"))
def running_over(cast: SimpleNamespace) -> Any:
    return things(cast).running_over.pk


@sample("scheduling:arrival.place", "scheduling:arrival_removal.place")
def place(cast: SimpleNamespace) -> Any:
    return things(cast).appointment.participants.first().pk


@sample("join:link.slug", "join:ended.slug", "join:leave.slug")
def personal_link(cast: SimpleNamespace) -> Any:
    return things(cast).guest.link.slug


@sample(*_each("live", "pk", "guest_send_again", "guest_withdraw"))
def guest_invitation(cast: SimpleNamespace) -> Any:
    return things(cast).invited_guest.pk


@sample(*_each("invited", "token", "link", "ended"))
def invitation_token(cast: SimpleNamespace) -> Any:
    return invitation_token_of(things(cast).invited_guest)


@sample(*_each("personal_link", "pk", "block", "unblock", "prospect", "call"))
def link_guest(cast: SimpleNamespace) -> Any:
    return things(cast).guest.pk


@sample("live:showing_file.pk", "live:showing_picture.pk")
def showing(cast: SimpleNamespace) -> Any:
    return things(cast).showing.pk


@sample("live:admission.admission", "live:waiting_room_messages.admission")
def admission(cast: SimpleNamespace) -> Any:
    return things(cast).admission.pk


@sample(*_each("recordings", "pk", "recording", "video", "download", "consents", "composition", "deletion"))
def recording(cast: SimpleNamespace) -> Any:
    return things(cast).recording.pk


@sample("boards:saved_file.pk", "boards:saved_deletion.pk")
def saved_board(cast: SimpleNamespace) -> Any:
    return things(cast).saved_board.pk


@sample(*_each("boards", "pk", "board", "settings", "deletion", "saving", "pictures", "picture"))
def board(cast: SimpleNamespace) -> Any:
    return things(cast).board.pk


@sample("boards:picture.picture")
def board_picture(cast: SimpleNamespace) -> Any:
    return things(cast).board_picture.pk


@sample(*_each("scheduling_settings", "pk", "resource", "resource_removal", "resource_return"))
def resource(cast: SimpleNamespace) -> Any:
    return things(cast).resource.pk


@sample(*_each("scheduling", "pk", "hours", "days", "day_removal", "time_off", "external"))
def schedule(cast: SimpleNamespace) -> Any:
    return things(cast).staff.pk


@sample(*_each("scheduling", "pk", "series", "series_end", "series_file"))
def _series(cast: SimpleNamespace) -> Any:
    return things(cast).series.pk


@sample("scheduling:time_off_removal.pk")
def time_off(cast: SimpleNamespace) -> Any:
    return things(cast).off.pk


@sample(*_each("scheduling", "pk", "external_removal", "external_reading"))
def external_calendar(cast: SimpleNamespace) -> Any:
    return things(cast).external.pk


@sample("scheduling_settings:closure_removal.pk")
def closure(cast: SimpleNamespace) -> Any:
    return things(cast).closure.pk


HELD_PAGES = ("held", "code", "sign_in", "again", "booked", "calendar_file")


@sample(*_each("booking", "token", *HELD_PAGES))
def held_time(cast: SimpleNamespace) -> Any:
    return things(cast).held_token


@sample("booking:subject.slug")
def bookable_address(cast: SimpleNamespace) -> Any:
    return things(cast).bookable.slug


@sample(*_each("booking_settings", "pk", "service", "service_removal"))
def bookable_service(cast: SimpleNamespace) -> Any:
    return things(cast).bookable.pk


@sample(*_each("booking_settings", "pk", "practitioner", "practitioner_removal"))
def bookable_practitioner(cast: SimpleNamespace) -> Any:
    return things(cast).bookable_person.pk


@sample(*_each("booking_settings", "pk", "question", "question_removal"))
def intake_question(cast: SimpleNamespace) -> Any:
    return things(cast).question.pk


@sample("scheduling_settings:type.pk")
def completion_type(cast: SimpleNamespace) -> Any:
    return things(cast).completion_type.pk


@sample(*_each("billing", "pk", *INVOICE_PAGES))
def invoice(cast: SimpleNamespace) -> Any:
    return things(cast).invoice.pk


@sample("billing:charge.pk")
def charge(cast: SimpleNamespace) -> Any:
    return things(cast).charge.pk


@sample(*_each("billing", "pk", "credit-note", "credit-note-document"))
def credit_note(cast: SimpleNamespace) -> Any:
    return things(cast).credit_note.pk


@sample(
    *_each("billing", "pk", "dispute", "dispute-answer", "dispute-file-new", "dispute-submission", "dispute-acceptance")
)
def dispute(cast: SimpleNamespace) -> Any:
    return things(cast).dispute.pk


@sample("billing:difference.pk")
def difference(cast: SimpleNamespace) -> Any:
    return things(cast).difference.pk


@sample(*_each("billing", "pk", "dispute-file", "dispute-file-removal"))
def dispute_file(cast: SimpleNamespace) -> Any:
    return things(cast).dispute_file.pk


@sample(*_each("billing", "pk", "payment", "payment-card", "payment-end", "payment-receipt", "payment-reversal"))
def payment(cast: SimpleNamespace) -> Any:
    return things(cast).payment.pk


@sample("billing:card-link.token", "billing:card-link-saved.token")
def card_link_token(cast: SimpleNamespace) -> Any:
    return card_link_token_of(things(cast).card_link)


@sample(*_each("billing", "token", "pay-link", "pay-link-card", "pay-link-done"))
def pay_link_token(cast: SimpleNamespace) -> Any:
    return pay_token(things(cast).invoice, things(cast).login)


@sample(*_each("billing", "token", "prepay-link", "prepay-link-card", "prepay-link-done"))
def prepay_link_token(cast: SimpleNamespace) -> Any:
    return prepay_token(things(cast).prepayment)


@sample(*_each("billing", "pk", "prepayment", "prepayment-delivery", "prepayment-removal"))
def prepayment(cast: SimpleNamespace) -> Any:
    return things(cast).prepayment.pk


@sample("billing:prepayment-ask.pk")
def appointment_to_ask_for(cast: SimpleNamespace) -> Any:
    return things(cast).appointment.pk


@sample("billing:prepayment-ask.client", "billing:prepayment-exception.pk")
def client_to_ask(cast: SimpleNamespace) -> Any:
    return things(cast).client.pk


@sample("billing:prepayment-service.pk")
def service_to_ask_for(cast: SimpleNamespace) -> Any:
    return things(cast).service.pk


@sample("billing:card-link-revocation.pk")
def card_link(cast: SimpleNamespace) -> Any:
    return things(cast).card_link.pk


@sample("billing:card-mandate-withdrawal.pk")
def card_mandate(cast: SimpleNamespace) -> Any:
    return things(cast).card_mandate.pk


@sample("billing:customer-removal.pk")
def customer(cast: SimpleNamespace) -> Any:
    return things(cast).card.customer_id


@sample("billing:card-removal.pk")
def card(cast: SimpleNamespace) -> Any:
    return things(cast).card.pk


@sample("billing:service.pk", "scheduling_settings:service_reminders.pk")
def service(cast: SimpleNamespace) -> Any:
    return things(cast).service.pk


@sample("billing:rate-removal.pk")
def rate(cast: SimpleNamespace) -> Any:
    return things(cast).rate.pk


@sample(*_each("billing", "pk", "package", "package-freeze", "package-resume", "package-transfer", "package-refund"))
def purchase(cast: SimpleNamespace) -> Any:
    return things(cast).purchase.pk


@sample("billing:package-offer.pk")
def package(cast: SimpleNamespace) -> Any:
    return things(cast).package.pk


@sample("billing:package-buy.pk")
def client_with_packages(cast: SimpleNamespace) -> Any:
    return things(cast).client.pk


@sample("billing:charge-units.pk")
def met_charge(cast: SimpleNamespace) -> Any:
    return things(cast).met_charge.pk


@sample(
    *_each(
        "billing",
        "pk",
        "wages-of",
        "wage-statement",
        "wage-rate-new",
        "wage-entry-new",
        "wage-account",
        "wage-account-removal",
    )
)
def payee(cast: SimpleNamespace) -> Any:
    return things(cast).staff.pk


@sample("billing:wage-rate-removal.pk")
def wage_rate(cast: SimpleNamespace) -> Any:
    return things(cast).wage_rate.pk


@sample(
    *_each(
        "billing",
        "pk",
        "payout-run",
        "payout-run-payment",
        "payout-run-removal",
        "payout-run-file",
        "payout-run-bank-file",
    )
)
def payout_run(cast: SimpleNamespace) -> Any:
    return things(cast).payout_run.pk


@sample(*_each("billing", "pk", "payout", "payout-document"))
def payout(cast: SimpleNamespace) -> Any:
    return things(cast).payout_run.payouts.get().pk


@sample("invitation.token", "invitation_again.token")
def invitation(cast: SimpleNamespace) -> Any:
    return token_for(things(cast).invitation.pk, secret=settings.SECRET_KEY)


@sample("account_reset_password_from_key.uidb36")
def reset_of(cast: SimpleNamespace) -> Any:
    return user_pk_to_url_str(things(cast).login)


@sample("account_reset_password_from_key.key")
def reset_key(cast: SimpleNamespace) -> Any:
    return default_token_generator.make_token(things(cast).login)


@sample("passkey_use.ticket", "passkey_used.ticket")
def ticket(cast: SimpleNamespace) -> Any:
    facts = {"organization": str(cast.north.pk), "user": str(things(cast).login.pk), "nonce": "n", "to": "north.test"}
    return signing.dumps(facts, salt=TICKET)


@sample("passkey_carried.proof")
def proof(cast: SimpleNamespace) -> Any:
    facts = {"organization": str(cast.north.pk), "user": str(things(cast).login.pk), "nonce": "n"}
    return signing.dumps(facts, salt=PROOF)


@sample("account_session.pk")
def device(cast: SimpleNamespace) -> Any:
    return things(cast).device.pk


@sample("text_report.pk")
def text_report(cast: SimpleNamespace) -> Any:
    return things(cast).delivery.promise_id


@sample("push_device_removal.pk")
def push_device(cast: SimpleNamespace) -> Any:
    return things(cast).push_device.pk


@sample("mfa_remove_webauthn.pk", "mfa_edit_webauthn.pk")
def passkey(cast: SimpleNamespace) -> Any:
    return things(cast).passkey.pk


@sample(
    *_each(
        "operator", "organization_id", "organization", "provisioning_steps", "suspension", "resumption", "closing", "closure", "plan", "entitlement",
        "failed_promises",
        "domain_addition",
        "domain_verification", "domain_vouching", "domain_primacy", "domain_branch", "domain_removal", "domain_block", "domain_unblock",
    )
)  # fmt: skip
def organization(cast: SimpleNamespace) -> Any:
    return cast.north.pk


@sample(
    *_each(
        "operator",
        "domain_id",
        "domain_verification",
        "domain_vouching",
        "domain_primacy",
        "domain_branch",
        "domain_removal",
        "domain_block",
        "domain_unblock",
    )
)
def domain(cast: SimpleNamespace) -> Any:
    return things(cast).domain.pk


@sample(
    *_each("scheduling", "token", "link", "link_confirm", "link_late", "link_wish", "link_cancel"), "booking:move.token"
)
def appointment_link(cast: SimpleNamespace) -> Any:
    return things(cast).link_token


@sample("scheduling:feed_file.token")
def calendar_address(cast: SimpleNamespace) -> Any:
    return things(cast).feed_token
