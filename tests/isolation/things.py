"""What the samples point to: one of everything, called *Only …*, in north alone; by the product's own actions where there is one."""

from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

from allauth.usersessions.models import UserSession
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile

from billing.actions import catalogue, charges, credit_notes, evidence, invoices, manual_payments
from billing.models import CardLink, CardMandate, Customer, Dispute, DisputeFile, PaymentAccount, SavedCard
from billing.prepayments.models import Prepayment
from billing.queries.prices import EndedAppointment
from billing.reconciliation.models import Difference, Reconciliation
from branding import actions as brand
from branding.actions.looks import note_version
from branding.models import Branch, Brand, BrandFont, BrandVersion
from core.booking import actions as booking
from core.booking.models import BookablePractitioner, BookableService, BookingSettings, IntakeQuestion
from core.booking.queries import Wanted, free_times
from core.booking.rules import slots
from core.booking_requests.actions import ask_for_appointment, propose_times
from core.enquiries.actions import Written, receive_enquiry
from core.files.contents import store
from core.files.keys import key_in_force
from core.files.models import Rendition, StoredFile, Upload
from core.help.actions import add_article, change_category
from core.help.starters import ArticleText
from core.kernel import audit, clock, outbox
from core.kernel.ids import new_id
from core.kernel.money import Money
from core.legal import actions as legal
from core.legal.queries import asks_of
from core.notifications import notices
from core.notifications.models import Delivery, MessageVersion, PushSubscription
from core.pages.actions import add_page, add_section, create_site, keep_picture, share_draft
from core.pages.models import HomePage
from core.people import actions, grants
from core.people.models import Agent, Assignment, Client, LinkedLogin, OwnRole, StaffMember, User
from core.people.outbox_names import SEND_PASSWORD_RESET
from core.records import actions as records
from core.records.models import GoalText, ScoreText
from core.records.questionnaires import actions as forms
from core.records.questionnaires.actions.responses import Evidence
from core.records.questionnaires.rules.questionnaires import Definition, Item, Kind
from core.resources.actions import add_cards, add_file, add_set, replace_file
from core.resources.models import Resource
from core.scheduling.actions import add_external_calendar, set_feed
from core.scheduling.actions.edit import ServiceChosen
from core.scheduling.appointment_links import link_to
from core.scheduling.feed_file import address_of
from core.scheduling.models import BookableResource, Closure, CompletionType, HandOver, TimeOff, WorkingHours
from core.setup.actions import make_link
from core.team.actions import write_card
from core.waiting_list.actions import add_entry, offer_by_hand
from sessions_live.actions import ask_admission, open_room
from sessions_live.boards.actions.boards import create_board
from sessions_live.boards.models import BoardPicture, SavedBoard
from sessions_live.invitations.actions import invite_guest
from sessions_live.messages import STARTED
from sessions_live.models import Recording
from sessions_live.showings.actions.showing import show_resource
from tenants import domains
from tenants.context import current_organization, public_context
from tenants.models import Domain
from tests.factories.files import given, pdf
from tests.factories.images import LOGOS, upload
from tests.factories.links import come, link_of, room_of
from tests.factories.packages import offer, sell
from tests.factories.passkeys import add_passkey
from tests.factories.scheduling import book, book_weekly
from tests.factories.wages import earn, pay_out

ZONE = "Europe/Berlin"


def things(cast: SimpleNamespace) -> SimpleNamespace:
    """Everything at once; the second call returns the same. North must be in force at the first."""
    if not hasattr(cast, "only"):
        cast.only = SimpleNamespace()
        for make in (_people, _appointment, _money, _booking, _sign_in, _website, _legal, _records):
            make(cast, cast.only)
    return cast.only


def _login(name: str) -> User:
    return User.objects.create_user(
        email=f"{name.lower()}.only@north.test", password="x", name=f"Only {name}", time_zone=ZONE
    )


def _people(cast: SimpleNamespace, only: SimpleNamespace) -> None:
    only.login = _login("Gil")
    only.client = Client.objects.create(first_name="Only", last_name="North", time_zone=ZONE)
    actions.change_client(client=only.client, additional_information="Only noted.", by=cast.nora, now=clock.now())
    actions.change_client(client=only.client, additional_information="Only now.", by=cast.nora, now=clock.now())
    only.former = only.client.former_information.get()
    only.link = LinkedLogin.objects.create(user=only.login, client=only.client, relationship="guardian")
    only.staff = StaffMember.objects.create(user=_login("Tom"), role="practitioner")
    only.hand_over = HandOver.objects.create(
        former=only.staff, successor=cast.tess_staff, reason="Only here", made_at=clock.now()
    )
    only.role = OwnRole.objects.create(title="Only north's role", base="practitioner", carries=["own_schedule"])
    only.holder = StaffMember.objects.create(user=_login("Sue"), role="practitioner")
    grants.grant(only.holder.user, grants.ADMINISTER_SCHEDULE, only.staff, by=cast.nora)
    Assignment.objects.create(client=only.client, practitioner=only.staff)
    only.agent = Agent.objects.create(user=_login("Abe"), agency="Only Agency")
    grants.grant(only.agent.user, grants.AUDIT_CLIENT, only.client, by=cast.nora)
    only.delivery = Delivery.objects.create(
        kind="test", address="only@north.test", subject="Only for Gil", message_id="<only@north.test>", state="failed",
        promise_id=outbox.enqueue(SEND_PASSWORD_RESET, user_id=str(only.login.pk)).pk, created_at=clock.now(), changed_at=clock.now(),
    )  # fmt: skip
    only.version = MessageVersion.objects.create(
        channel="email", code="invitation", language="en", number=7, subject="Only north's", body="Only north writes so.", button="Only",
        created_at=clock.now(),
    )  # fmt: skip
    only.look = (
        brand.change_brand(Brand.objects.get(), by=cast.nora, tagline="Only here.") and BrandVersion.objects.first()
    )
    brand.change_draft(by=cast.nora, now=clock.now(), tagline="Only drafted.")
    only.font = BrandFont.objects.create(
        key="own-sans-000000000000", family="Only north's", letters="41-5a", regular=ContentFile(b"wOF2", "only.woff2"), source="0" * 64,
        added_at=clock.now(),
    )  # fmt: skip
    only.draft = brand.share_draft(by=cast.nora, now=clock.now())
    text = ArticleText("Only north's article", "Only here.", "", "Only north writes so.")
    added = {"category": "start", "language": "en", "languages": ["en"], "text": text, "publish": True}
    only.article = add_article(by=cast.nora, now=clock.now(), **added)
    look = {"name": "Only north's", "about": "", "icon": "book-open"}
    only.category = change_category("", language="en", languages=["en"], by=cast.nora, **look)
    only.notice = notices.post(STARTED, user_id=only.login.pk, path="/dashboard/", person="Only for Gil", service="x")


def _appointment(cast: SimpleNamespace, only: SimpleNamespace) -> None:
    now = clock.now()
    only.appointment = book(
        cast, at=now + timedelta(minutes=5), practitioner=only.staff, clients=[only.client], by=only.staff.user
    )
    only.running_over = book(
        cast,
        at=now - timedelta(minutes=50),
        minutes=40,
        practitioner=only.staff,
        clients=[only.client],
        by=only.staff.user,
    )
    only.link_token = link_to(only.appointment, client=only.client, now=now).rstrip("/").rpartition("/")[2]
    feed = set_feed(is_busy_only=False, is_own_only=False, by=only.login, now=now)
    only.feed_token = address_of(feed).rpartition("/")[2].removesuffix(".ics")
    only.admission = ask_admission(open_room(only.appointment, now=now), by=only.login, now=now)
    only.guest = come(link_of(only.staff), "Only Guest")
    only.invited_guest = invite_guest(
        only.appointment,
        name="Only Invited",
        email="invited.only@north.test",
        language="en",
        by=cast.nora,
        now=clock.now(),
    )
    only.recording = _recording(only, now)
    only.upload = _upload(cast.nora)
    for name in ("boards/only.webp", "boards/only.pdf"):
        if not default_storage.exists(name):
            default_storage.save(name, ContentFile(b"0"))
    only.board = create_board(
        client=only.client, title="Only north's", client_access="draw", by=only.staff.user, now=now
    )
    only.board_picture = BoardPicture.objects.create(
        board=only.board, file="boards/only.webp", width=1, height=1, added_by=only.login, added_at=now
    )
    only.saved_board = SavedBoard.objects.create(
        client=only.client, board=only.board, title="Only north's", saved_by=only.login, saved_by_name="Gil", saved_at=now,
        pages=1, pdf="boards/only.pdf", png="boards/only.png", svg="boards/only.svg",
    )  # fmt: skip
    only.material = _material(cast.nora)
    ask_admission(only.admission.room, by=cast.nora, now=now)
    only.showing = show_resource(only.admission.room, only.material.pk, by=cast.nora, now=now)
    only.card_set = _card_set(cast.nora)
    only.paper = add_file(given=upload(pdf(2), "Only north's.pdf"), by=cast.nora, now=now)
    StoredFile.objects.filter(pk=only.paper.file_id).update(pages=2)
    personal = room_of(link_of(only.staff))
    ask_admission(personal, by=cast.nora, now=now)
    only.card_showing = show_resource(personal, only.card_set.pk, by=cast.nora, now=now)
    only.request = ask_for_appointment(
        client=only.client, service=ServiceChosen("Only north's wish"), minutes=50, mode="online", time_zone=ZONE,
        starts=[now + timedelta(days=9)], practitioner=only.staff, by=only.login, now=now,
    )  # fmt: skip
    propose_times(only.request, practitioner=only.staff, starts=[now + timedelta(days=10)], by=only.staff.user, now=now)
    waits = {"client": only.client, "service": ServiceChosen("Only north's turn"), "minutes": 50, "mode": "online"}
    only.waiting = add_entry(**waits, until_on=(now + timedelta(days=30)).date(), by=cast.nora, now=now)
    only.waiting_offer = offer_by_hand(
        only.waiting, practitioner=only.staff, starts_at=now + timedelta(days=11), by=cast.nora, now=now
    )
    only.series = book_weekly(
        cast, by=only.staff.user, practitioner=only.staff, clients=(only.client,), service_name="Only north's series"
    )
    only.off = TimeOff.objects.create(
        practitioner=only.staff, first_on="2031-01-02", last_on="2031-01-03", note="Only Tom's"
    )
    only.external = add_external_calendar(
        only.staff, name="Only Tom's", kind="file", address="https://only.example/x", by=only.staff.user, now=now
    )
    only.closure = Closure.objects.create(name="Only north's day", first_on="2031-01-06", last_on="2031-01-06")
    only.resource = BookableResource.objects.create(name="Only north's studio")
    only.branch = Branch.objects.create(label="Only north's branch", created_at=now, changed_at=now)
    only.branch_look = note_version(only.branch, author=cast.nora, now=now)
    brand.change_draft(branch=only.branch, by=cast.nora, now=now, tagline="Only drafted.")
    current_organization().__dict__.pop("_branches", None)  # because no action has announced it
    only.completion_type = CompletionType.objects.create(name="Only north's", outcome="held")


def _upload(user: User) -> Upload:
    """Half a file, of Nora's own."""
    now = clock.now()
    half = Upload(user=user, purpose="only", size=8, received=4, key=key_in_force(), begun_at=now, touched_at=now)
    half.set_name("Only north's.txt")
    half.save()
    return half


def _card_set(user: User) -> Resource:
    """A set with a card that has a picture, of Nora's own."""
    now = clock.now()
    made = add_set(title="Only north's cards", by=user, now=now)
    picture = upload(LOGOS["png"](), "Only north's card.png")
    [card] = add_cards(resource=made, pictures=[picture], with_names=True, by=user, now=now)
    kept = store(ContentFile(b"0"), key=key_in_force())
    Rendition.objects.create(
        file=card.front_picture, kind="large", width=1, height=1, size=1, stored_as=kept.name, key=kept.key
    )
    return made


def _material(user: User) -> Resource:
    """A picture with an earlier file and smaller pictures, of Nora's own."""
    now = clock.now()
    material = add_file(given=upload(LOGOS["png"](), "Only north's.png"), by=user, now=now)
    replace_file(resource=material, given=upload(LOGOS["png"](), "Only north's new.png"), by=user, now=now)
    material.refresh_from_db()
    for kind in ("small", "large"):
        kept = store(ContentFile(b"0"), key=key_in_force())
        Rendition.objects.create(
            file=material.file, kind=kind, width=1, height=1, size=1, stored_as=kept.name, key=kept.key
        )
    return material


def _recording(only: SimpleNamespace, now: Any) -> Any:
    name = "recordings/only-north.mp4"
    if not default_storage.exists(name):
        default_storage.save(name, ContentFile(b"0"))
    return Recording.objects.create(
        room=only.admission.room, state=Recording.State.KEPT, asked_by=only.staff.user, asked_at=now, began_at=now, ended_at=now,
        keep_days=90, file=name, sha256="0" * 64, size=1, seconds=1,
    )  # fmt: skip


def _dispute(only: SimpleNamespace, by: User) -> tuple[Dispute, DisputeFile]:
    """To be answered for long."""
    now = clock.now()
    dispute = Dispute.objects.create(
        external_id=f"dp_{only.payment.pk}", payment=only.payment, state="needs_response", reason="fraudulent", amount=100,
        currency="EUR", opened_at=now, heard_at=now, due_at=now + timedelta(days=14), explanation="Only they came.",
    )  # fmt: skip
    given = SimpleUploadedFile("only-letter.pdf", b"%PDF-1.4 only")
    return dispute, evidence.add_file(dispute=dispute, kind="receipt", given=given, by=by, now=now)


def _money(cast: SimpleNamespace, only: SimpleNamespace) -> None:
    now, by = clock.now(), cast.nora
    only.service = catalogue.save_service(
        terms=catalogue.ServiceTerms(name="Only service", price=Money(12345, "EUR")), by=by, now=now
    )
    only.rate = catalogue.set_rate(client=only.client, service=only.service, price=Money(11111, "EUR"), by=by, now=now)
    ended = EndedAppointment(
        appointment_id=only.appointment.pk, client=only.client, service_id=only.service.pk, starts_at=now, minutes=45,
        practitioner_name="Only Tom",
    )  # fmt: skip
    only.charge = charges.charge_appointment(ended=ended, by=audit.SYSTEM, now=now)
    item = invoices.Item("Only work", Money(12345, "EUR"))
    draft = invoices.draft_invoice(client=only.client, items=[item], by=by, now=now)
    only.invoice = invoices.issue_invoice(invoice=draft, by=by, now=now)
    only.payment = manual_payments.record_payment(
        invoice=only.invoice, amount=Money(100, "EUR"), means="cash", received_on=now.date(), by=by, now=now
    )
    only.credit_note = credit_notes.credit_invoice(
        invoice=only.invoice,
        credit=credit_notes.Credit(Money(45, "EUR")),
        reason="goodwill",
        memo="Only late",
        by=by,
        now=now,
    )
    only.dispute, only.dispute_file = _dispute(only, by)
    compared = Reconciliation.objects.create(
        account_id="acct_only", asked_at=now, asked_by="Only Nora", state="done", done_at=now
    )
    only.difference = Difference.objects.create(
        reconciliation=compared, subject="payment", kind="missing_here", key="pi_only", payment=only.payment,
        theirs_amount=100, theirs_currency="EUR",
    )  # fmt: skip
    only.card = _card(only.login)
    only.card_link = CardLink.objects.create(
        user=only.login,
        client=only.client,
        email="gil.only@north.test",
        sent_at=now,
        sent_by="Only Nora",
        expires_at=now + timedelta(days=7),
    )
    only.card_mandate = CardMandate.objects.create(
        user=only.login,
        client=only.client,
        card=only.card,
        version="1",
        text="Only agreed.",
        language="en",
        given_at=now,
    )
    only.package = offer("Only package", by=by, now=now, is_online=True)
    only.purchase = sell(only.package, only.client, by=by, now=now)
    only.prepayment = Prepayment.objects.create(
        appointment_id=only.appointment.pk,
        client=only.client,
        service=only.service,
        description="Only service",
        happens_at=only.appointment.starts_at,
        payer=only.login,
        price_amount=12345,
        amount=2345,
        total_amount=2345,
        currency="EUR",
        asked_at=now,
        asked_by="Only Nora",
        due_at=now + timedelta(days=1),
    )
    another = replace(ended, appointment_id=new_id())
    only.met_charge = charges.charge_appointment(ended=another, by=audit.SYSTEM, now=now)
    only.wage_rate = earn(only.staff, euros=45, by=by)
    only.payout_run = pay_out(by=by)


def _booking(cast: SimpleNamespace, only: SimpleNamespace) -> None:
    """Open to everybody here, and nowhere else; a time is held until long after."""
    now, by = clock.now(), cast.nora
    booking.change_booking_settings(by=by, now=now, is_open=True, audience="everybody")
    row = BookableService(service_id=only.service.pk, slug="only-service", modes=["online"], location="Only there")
    only.bookable = booking.save_bookable_service(row, by=by)
    person = BookablePractitioner(practitioner=only.staff, slug="only-tom")
    only.bookable_person = booking.save_bookable_practitioner(person, by=by)
    only.question = booking.save_question(IntakeQuestion(question="Only asked here?"), by=by)
    WorkingHours.objects.bulk_create(
        WorkingHours(practitioner=only.staff, weekday=day, starts=0, ends=1440) for day in range(7)
    )
    wanted = Wanted(only.bookable, only.service.minutes, "online", BookingSettings.current())
    free = free_times(wanted, [only.staff], now=now)[only.staff.pk]
    _hold, only.held_token = booking.hold_time(
        wanted=wanted, practitioners=[only.staff], starts_at=slots.at(free[0]), time_zone=ZONE, visitor="only", is_anybody=False, now=now
    )  # fmt: skip


def _website(cast: SimpleNamespace, only: SimpleNamespace) -> None:
    home = HomePage.objects.first() or create_site(name="North")
    only.page = add_page(parent=home, title="Only north's", slug="only", language="en", by=cast.nora)
    only.section = add_section(
        page=only.page, language="en", kind="quote", value={"text": "Only said here."}, by=cast.nora
    )
    only.page.refresh_from_db()
    only.page_link = share_draft(page=only.page, by=cast.nora, now=clock.now())
    only.enquiry = receive_enquiry(
        written=Written("Only Zoë", "zoe.only@north.test", "Only written."), language="en", time_zone=ZONE, privacy_version="",
        now=clock.now(), path_of=lambda pk: f"/enquiries/{pk}/",
    )  # fmt: skip
    only.picture = keep_picture(upload=upload(LOGOS["png"]()), by=cast.nora)


def _legal(cast: SimpleNamespace, only: SimpleNamespace) -> None:
    """A consent that Gil has answered; asked of nobody any more, so that no page of the sweep asks for it first."""
    now, by = clock.now(), cast.nora
    only.text = legal.add_consent(title="Only north's consent", language="en", by=by, now=now)
    legal.write_draft(
        text=only.text, language="en", title="Only north's consent", body="Only north says so.", by=by, now=now
    )
    legal.publish_text(text=only.text, must_accept=True, by=by, now=now)
    [ask] = asks_of(only.login)
    [only.acceptance] = legal.answer_texts(given=[legal.Given(ask.key, True)], by=only.login, now=now, address=None)
    only.text.refresh_from_db()
    legal.change_asking(
        text=only.text, is_asked_of_clients=False, is_asked_of_staff=False, is_linked=False, by=by, now=now
    )
    legal.write_draft(text=only.text, language="en", title="Only north's draft", body="Only drafted.", by=by, now=now)

    only.public_card = write_card(
        staff=only.staff, by=only.staff.user, now=now, path="/", name="Only Tom", titles={"en": "Only title"}, languages=["en"], services=[],
        photo="", texts={"en": "Only written."}, is_wanted=True,
    )  # fmt: skip


def _records(cast: SimpleNamespace, only: SimpleNamespace) -> None:
    """A note by two people that is shared and not signed, and a template."""
    now, by = clock.now(), cast.nora
    only.note = records.begin_note(only.client, appointment=only.appointment, by=by, now=now)
    for seen, (who, body) in enumerate(((only.staff.user, "Only said first."), (by, "Only said now."))):
        only.note = records.write_note(only.note, title="Only north's note", body=body, seen=seen, by=who, now=now)
    only.note_version = only.note.versions.get()
    records.share_note(only.note, seen=2, by=by, now=now)
    only.goal = records.set_goal(only.client, text=GoalText("Only north's goal"), steps=["Only step"], by=by, now=now)
    only.progress = records.note_progress(only.goal, on=now.date(), remark="Only noted.", by=by, now=now)
    only.score = records.save_score(
        only.client, only.material, text=ScoreText(label="Only tried", remark="Only scored."), on=now.date(), by=by, now=now
    )  # fmt: skip
    only.client_file = records.add_client_file(only.client, given=given(pdf(1), "only.pdf"), by=by, now=now)
    whole = only.client_file.file
    whole.renditions.create(kind="small", width=1, height=1, size=whole.size, stored_as=whole.stored_as, key=whole.key)
    _forms(only, by)
    only.note_template = records.save_template(None, name="Only north's template", body="Only asked.", by=by, now=now)


def _forms(only: SimpleNamespace, by: User) -> None:
    """A form that was filled in, with a file and a signature, and is open again."""
    now = clock.now()
    items = (
        Item("q1", Kind.TEXT, "Only asked"),
        Item("q2", Kind.FILE, "Only brought"),
        Item("q3", Kind.SIGNATURE, "Only signed"),
    )
    only.form = forms.create_form(Definition("Only north's form", items=items), by=by, now=now)
    [only.form_request] = forms.send_forms(only.client, [only.form], message="Only said.", by=by, now=now)
    forms.add_response_file(only.form_request, "q2", given=given(pdf(1), "only.pdf"), by=only.login, now=now)
    written = forms.write_answers(
        only.form_request, {"q1": "Only answered", "q3": "Only Gil"}, seen=0, by=only.login, now=now
    )
    only.form_answers = forms.submit_answers(
        only.form_request, seen=written.revision, evidence=Evidence("192.0.2.1"), by=only.login, now=now
    )
    forms.reopen_request(only.form_request, by=by, now=now)


def _card(owner: User) -> Any:
    now = clock.now()
    account = PaymentAccount.objects.create(
        external_id="acct_only", state="active", country="DE", currency="EUR", connected_at=now, changed_at=now
    )
    known = Customer.objects.create(user=owner, account=account, external_id="cus_only", created_at=now)
    return SavedCard.objects.create(
        customer=known,
        external_id="pm_only",
        brand="visa",
        last4="4242",
        expires_month=1,
        expires_year=2040,
        saved_at=now,
    )


def _sign_in(cast: SimpleNamespace, only: SimpleNamespace) -> None:
    invited = User(email="new.only@north.test", name="Only New", time_zone=ZONE)
    invited.set_unusable_password()
    invited.save()
    LinkedLogin.objects.create(user=invited, client=only.client, relationship="other")
    only.invitation = actions.invite_login(login=invited, by=cast.nora, now=clock.now())
    only.passkey = add_passkey(only.login, "north.test", name="Only key").authenticator
    only.push_device = PushSubscription.objects.create(
        user_id=only.login.pk, endpoint="https://push.example.com/only", device="Only browser", created_at=clock.now()
    )
    only.device = UserSession.objects.create(user=only.login, ip="192.0.2.7", session_key="only", user_agent="Only")
    with public_context():
        only.domain = Domain.objects.filter(tenant=cast.north).first()
    added = domains.add_domain(cast.north.pk, host="only.example", by=cast.nora, now=clock.now())
    only.own_host = added
    only.records_link = make_link(by=cast.nora, now=clock.now())
