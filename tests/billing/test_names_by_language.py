"""Services and completion types have a name in each of the organization's languages, and each reader theirs."""

from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import translation

from billing.actions import catalogue, charges, invoices
from billing.models import Charge, Service
from branding.actions import change_brand
from branding.queries import current_brand
from core.kernel import outbox
from core.kernel.own_texts import OwnText
from core.people.models import User
from core.scheduling.models import Appointment, CompletionType
from core.scheduling.receivers import name_completion_types
from tests.factories.scheduling import book, tomorrow
from tests.factories.till import appointment_of, ended, issue, terms

NAMES = {"de": "Sprachtherapie", "fr": "Orthophonie"}
SENT = {
    "name": "Speech therapy",
    "description": "",
    "price": "80",
    "unit": "appointment",
    "minutes": "45",
    "tax_rate": "0",
    "is_active": "on",
}


@pytest.fixture(autouse=True)
def offered(till):
    change_brand(current_brand(), by=till.nora, languages=["en", "de", "fr"])
    more = {"other_names": NAMES, "description": "At the table", "other_descriptions": {"fr": "À table"}}
    till.therapy = catalogue.save_service(
        terms=terms("Speech therapy", 8000, **more), service=till.therapy, by=till.nora, now=till.now
    )


def reading(user, language) -> User:
    User.objects.filter(pk=user.pk).update(language=language)
    return User.objects.get(pk=user.pk)


@pytest.mark.unit
@pytest.mark.parametrize(
    ("language", "read"),
    [("fr", "Orthophonie"), ("fr-CA", "Orthophonie"), ("en", "Speech therapy"), ("es", "Speech therapy")],
)
def test_reader_has_their_own_text_or_the_first(language, read):
    assert OwnText("Speech therapy", NAMES).in_language(language) == read


def page(visit, user, name, *args) -> str:
    return visit(user).get(reverse(name, args=args)).content.decode()


def test_staff_see_each_name_in_their_language(till, visit):
    appointment = book(till, service_id=till.therapy.pk, service_name="Speech therapy", other_service_names=NAMES)
    for language, read, other in [("fr", "Orthophonie", "Speech therapy"), ("en", "Speech therapy", "Orthophonie")]:
        nora = reading(till.nora, language)
        for shown in (
            page(visit, nora, "billing:services"),
            page(visit, nora, "scheduling:appointment", appointment.pk),
        ):
            assert read in shown and other not in shown
        assert read in page(visit, nora, "scheduling:new")
    assert "À table" in page(visit, reading(till.nora, "fr"), "billing:services")


def test_form_has_a_field_for_each_other_language_and_keeps_what_is_sent(till, visit):
    address = reverse("billing:service", args=[till.therapy.pk])
    form = visit(till.nora).get(address).context["form"]
    assert [field.name for field in form.in_other_languages()] == [
        "name_de",
        "description_de",
        "name_fr",
        "description_fr",
    ]
    assert form["name_fr"].value() == "Orthophonie"
    sent = SENT | {"name_de": "  ", "name_fr": "Orthophonie 𝔛 “a” <b>", "description_fr": ""}
    assert visit(till.nora).post(address, sent).status_code == 302
    service = Service.objects.get(pk=till.therapy.pk)
    assert (service.other_names, service.other_descriptions) == ({"fr": "Orthophonie 𝔛 “a” <b>"}, {})
    assert "<b>" not in page(visit, reading(till.nora, "fr"), "billing:services")
    assert visit(till.nora).post(address, sent | {"name_fr": "x" * 200}).status_code == 422


def test_language_that_is_no_longer_offered_keeps_its_name_until_the_first_one_changes(till, visit):
    change_brand(current_brand(), by=till.nora, languages=["en"])
    address = reverse("billing:service", args=[till.therapy.pk])
    shown = visit(till.nora).get(address)
    assert not shown.context["form"].in_other_languages()
    visit(till.nora).post(address, SENT)
    assert Service.objects.get(pk=till.therapy.pk).other_names == NAMES
    visit(till.nora).post(address, SENT | {"name": "Speech"})
    assert Service.objects.get(pk=till.therapy.pk).other_names == {}


def test_booking_by_form_takes_the_names_along_and_mail_and_calendar_files_say_them(till, visit, mailoutbox):
    gus = reading(till.gus, "fr")
    when = tomorrow()
    booking = {
        "practitioner": str(till.tess_staff.pk), "clients": [str(till.cora.pk)], "service": str(till.therapy.pk), "date": f"{when:%Y-%m-%d}",
        "time": "10:00", "minutes": "45", "time_zone": "Europe/Berlin", "mode": "online",
    }  # fmt: skip
    assert visit(till.nora).post(reverse("scheduling:new"), booking).status_code == 302
    made = Appointment.objects.get()
    while outbox.deliver_due():
        pass
    [mail] = [one for one in mailoutbox if one.to[0].endswith("<gus@north.test>")]
    assert "Orthophonie" in mail.body and "Speech therapy" not in mail.body
    assert "Orthophonie" in page(visit, gus, "scheduling:appointment", made.pk)
    content = mail.attachments[0][1]
    assert "Orthophonie" in (content if isinstance(content, str) else content.decode())
    assert Appointment.objects.get(pk=made.pk).service_name == "Speech therapy"


def test_charge_says_why_in_each_language_and_an_issued_invoice_stays_as_it_was(till):
    reading(till.gus, "fr")
    kind = OwnText("Late", {"fr": "Trop tard"})
    charge = charges.charge_appointment(
        ended=ended(till, till.cora, share=Decimal(50), completion=kind), by=till.nora, now=till.now
    )
    charge = Charge.objects.get(pk=charge.pk)
    with translation.override("fr"):
        assert "Orthophonie" in charge.reason_sentence and "Trop tard" in charge.reason_sentence
        assert charge.what == "Orthophonie"
    with translation.override("en"):
        assert "Speech therapy" in charge.reason_sentence and "Late" in charge.reason_sentence
    issued = invoices.invoice_charges(charges=[charge], by=till.nora, now=till.now)
    assert issued.lines.get().description == "Orthophonie"
    catalogue.save_service(terms=terms("Voice", 8000), service=till.therapy, by=till.nora, now=till.now)
    reading(till.gus, "en")
    assert issued.lines.get().description == "Orthophonie"


def test_completion_type_has_a_name_in_each_language(till, visit):
    kind = CompletionType.objects.get(name="Completed")
    assert kind.other_names["fr"] == "Terminé"
    address = reverse("scheduling_settings:type", args=[kind.pk])
    sent = {
        "name": "Held",
        "outcome": "held",
        "client_share": "100",
        "wage_share": "100",
        "is_active": "on",
        "name_de": "",
        "name_fr": "Tenu",
    }
    assert visit(till.nora).post(address, sent).status_code == 302
    kind.refresh_from_db()
    assert (kind.name, kind.other_names) == ("Held", {"fr": "Tenu"})
    with translation.override("fr"):
        assert str(kind) == "Tenu"
    with translation.override("de"):
        assert str(kind) == "Held"
    assert "Tenu" in page(visit, reading(till.nora, "fr"), "scheduling_settings:policy")


def test_new_organization_has_the_first_names_in_every_language(till):
    name_completion_types(languages=["de"])
    kind = CompletionType.objects.get(name="Abgeschlossen")
    assert kind.other_names == {"en": "Completed", "es": "Completada", "fr": "Terminé"}


def test_list_of_services_needs_no_more_queries_for_more_of_them(
    till, visit, django_assert_num_queries, django_assert_max_num_queries
):
    browser = visit(till.nora)
    browser.get(reverse("billing:services"))
    with django_assert_max_num_queries(40) as before:
        browser.get(reverse("billing:services"))
    for number in range(3):
        catalogue.save_service(
            terms=terms(f"More {number}", 100, other_names={"fr": f"Plus {number}"}), by=till.nora, now=till.now
        )
    with django_assert_num_queries(len(before.captured_queries)):
        browser.get(reverse("billing:services"))


def test_payer_reads_what_was_issued_and_staff_the_same(till):
    assert issue(till).lines.get().description == "Assessment"
    assert appointment_of(till, till.cora).what == "Speech therapy"
