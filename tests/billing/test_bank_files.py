"""Bank accounts kept encrypted and shown in part, and payouts as files that a bank takes."""

import re
from xml.etree import ElementTree as ET

import pytest
from django.core.exceptions import PermissionDenied
from sepaxml.validation import try_valid_xml

from billing.wages.actions import accounts, runs
from billing.wages.bank_file import SCHEMA
from billing.wages.models import BankAccount
from billing.wages.rules.iban import bank_text, is_iban, is_in_sepa, masked
from core.kernel import clock
from core.kernel.errors import ConflictError, DomainError
from core.kernel.models import AuditEvent
from tests.broken_audit import assert_nothing_is_written
from tests.factories.wages import enter, pay_out
from tests.rules_tables import rows

OWN, GERMAN, FRENCH = "DE89370400440532013000", "DE75 5121 0800 1245 1261 99", "FR1420041010050500013M02606"
SPACE = {"p": f"urn:iso:std:iso:20022:tech:xsd:{SCHEMA}"}


@pytest.mark.unit
@pytest.mark.parametrize("row", rows("iban", "Typed"))
def test_numbers_are_those_of_the_table(row):
    typed = "" if row[0] == "–" else row[0]

    assert is_iban(typed) == (row[1] == "yes")
    if row[1] == "yes":
        assert (is_in_sepa(typed), masked(typed)) == (row[2] == "yes", row[3])


@pytest.mark.unit
@pytest.mark.parametrize("row", rows("iban", "Name"))
def test_names_are_written_in_letters_that_banks_read(row):
    assert bank_text(row[0], 70) == row[1]


def keep(till, practitioner, iban=GERMAN, holder="Tess North", by=None):
    return accounts.set_account(
        practitioner=practitioner, holder=holder, iban=iban, by=by or till.nora, now=clock.now()
    )


@pytest.fixture
def payday(till):
    """Tess and Sam are owed something, and their accounts are known, as is the organization's."""
    till.sam_staff = enter(till.tess_staff, 12345, by=till.nora).practitioner.__class__.objects.get(
        user__name="Sam North"
    )
    enter(till.sam_staff, 6789, by=till.nora)
    keep(till, None, OWN, "Praxis Müßig & Söhne")
    keep(till, till.tess_staff)
    keep(till, till.sam_staff, FRENCH, "Šam 山田 “Nórth”")
    till.run = pay_out(by=till.nora)
    return till


def made(till) -> bytes:
    return runs.make_bank_file(run=till.run, by=till.nora, now=clock.now())


def test_file_is_of_the_schema_and_pays_everybody_exactly(payday):
    content = made(payday)

    try_valid_xml(content, SCHEMA)
    root = ET.fromstring(content)
    text = lambda path: [each.text for each in root.findall(path, SPACE)]  # noqa: E731
    assert text(".//p:CdtTrfTxInf/p:Amt/p:InstdAmt") == ["67.89", "123.45"]
    assert text(".//p:CdtrAcct/p:Id/p:IBAN") == [FRENCH, GERMAN.replace(" ", "")]
    assert text(".//p:Cdtr/p:Nm") == ["Sam Shan Tian North", "Tess North"]
    assert text(".//p:Dbtr/p:Nm") == ["Praxis Mussig Sohne"] and text(".//p:DbtrAcct/p:Id/p:IBAN") == [OWN]
    assert text(".//p:GrpHdr/p:CtrlSum") == ["191.34"] and text(".//p:GrpHdr/p:NbOfTxs") == ["2"]
    assert {each.attrib["Ccy"] for each in root.findall(".//p:InstdAmt", SPACE)} == {"EUR"}


def test_same_payout_has_the_same_numbers_each_time(payday):
    numbers = [re.findall(rb"<(?:MsgId|EndToEndId)>(\w+)<", made(payday)) for _ in range(2)]

    assert numbers[0] == numbers[1] and len(set(numbers[0])) == 3
    assert all(len(number) <= 35 for number in numbers[0])


def test_that_it_was_taken_is_kept_without_a_number(payday):
    made(payday)

    kept = AuditEvent.objects.get(action="payout_run.file_made")
    assert str(payday.nora.pk) in str(kept.__dict__)
    everything = str(list(AuditEvent.objects.values()))
    for number in (OWN, FRENCH, GERMAN.replace(" ", "")):
        assert number not in everything and number[4:-4] not in everything


def test_number_is_encrypted_and_read_in_part(till):
    account = keep(till, till.tess_staff)

    assert account.shown == "DE•• •••• 6199" and "6199" not in account.encrypted_iban
    assert account.iban == GERMAN.replace(" ", "")


def test_paid_payout_has_no_file(payday):
    runs.note_paid(run=payday.run, paid_on=payday.run.until, by=payday.nora, now=clock.now())

    with pytest.raises(ConflictError) as refused:
        made(payday)
    assert refused.value.code == "payout_paid"


@pytest.mark.parametrize("lack", ["own", "theirs", "outside", "dollars"])
def test_file_waits_for_what_is_missing(payday, lack):
    match lack:
        case "own":
            accounts.remove_account(account=BankAccount.objects.get(practitioner=None), by=payday.nora, now=clock.now())
        case "theirs":
            accounts.remove_account(account=payday.sam_staff.bank_account, by=payday.nora, now=clock.now())
        case "outside":
            keep(payday, payday.sam_staff, "AE070331234567890123456")
        case "dollars":
            payday.run.__class__.objects.update(currency="USD")

    with pytest.raises(DomainError) as refused:
        made(payday)
    assert refused.value.code == "file_not_ready"


@pytest.mark.parametrize(
    ("holder", "iban", "code"),
    [
        (" ", OWN, "holder_missing"),
        ("🎈", OWN, "holder_unread"),
        ("Tess", "DE88370400440532013000", "iban_invalid"),
        ("Tess", "4111 1111 1111 1111", "iban_invalid"),
        ("Tess", "x" * 60, "iban_invalid"),
    ],
)
def test_what_is_no_account_is_refused_at_its_field(till, holder, iban, code):
    with pytest.raises(DomainError) as refused:
        keep(till, till.tess_staff, iban, holder)
    assert refused.value.code == code and not BankAccount.objects.exists()


def test_everybody_sets_their_own_and_nobody_anothers(till):
    keep(till, till.tess_staff, by=till.tess)
    for practitioner in (None, till.nora.staff):
        with pytest.raises(PermissionDenied):
            keep(till, practitioner, by=till.tess)
    for stranger in (till.gus, till.ada):
        with pytest.raises(PermissionDenied):
            keep(till, till.tess_staff, by=stranger)


def test_second_number_takes_the_place_of_the_first(till):
    keep(till, till.tess_staff)
    keep(till, till.tess_staff, FRENCH)
    keep(till, None, OWN, "Praxis")
    keep(till, None, GERMAN, "Praxis")

    assert sorted(BankAccount.objects.values_list("shown", flat=True)) == ["DE•• •••• 6199", "FR•• •••• 2606"]


@pytest.mark.parametrize("act", ["set", "remove", "file"])
def test_nothing_happens_when_it_cannot_be_noted(payday, monkeypatch, act):
    acts = {
        "set": lambda: keep(payday, payday.tess_staff, FRENCH),
        "remove": lambda: accounts.remove_account(
            account=payday.tess_staff.bank_account, by=payday.nora, now=clock.now()
        ),
        "file": lambda: made(payday),
    }
    assert_nothing_is_written(acts[act], monkeypatch)
