"""Numbers of documents: taken without a gap, and none twice."""

from billing.models import BillingSettings, CreditNote, Invoice, NumberSequence
from billing.queries import organization
from billing.rules import numbering
from billing.rules.numbering import Counted


def take_number(counted: Counted, year: int) -> str:
    """Take the next number. The row stays locked until the transaction ends, so that a rollback leaves no gap. Error: `prefix_same`."""
    settings = organization.billing_settings()
    numbering.check_differ(settings.number_prefix, settings.credit_note_prefix)
    name = numbering.sequence_of(counted, year, by_year=settings.number_by_year)
    NumberSequence.objects.get_or_create(name=name)
    sequence = NumberSequence.objects.select_for_update().get(name=name)
    number = _number(settings, counted, year, sequence.last + 1)
    if _is_taken(number):  # because another pattern of ours may read alike
        sequence.last = _last_count(settings, counted, year)
        number = _number(settings, counted, year, sequence.last + 1)
    sequence.last += 1
    sequence.save(update_fields=["last"])
    return number


def go_on_behind(settings: BillingSettings, year: int) -> None:
    """Let the count of a pattern that was used before begin behind its highest number."""
    for counted in Counted:
        name = numbering.sequence_of(counted, year, by_year=settings.number_by_year)
        sequence, _ = NumberSequence.objects.select_for_update().get_or_create(name=name)
        highest = _last_count(settings, counted, year)
        if highest > sequence.last:
            sequence.last = highest
            sequence.save(update_fields=["last"])


def _number(settings: BillingSettings, counted: Counted, year: int, count: int) -> str:
    return numbering.number_of(settings.prefix_of(counted), year, count, by_year=settings.number_by_year)


def _is_taken(number: str) -> bool:
    return Invoice.objects.filter(number=number).exists() or CreditNote.objects.filter(number=number).exists()


def _last_count(settings: BillingSettings, counted: Counted, year: int) -> int:
    """The highest count that stands on a document under this pattern, whichever settings it was issued with; 0 where there is none."""
    stem = numbering.stem(settings.prefix_of(counted), year, by_year=settings.number_by_year)
    invoices = Invoice.objects.filter(number__startswith=stem).values_list("number", flat=True)
    notes = CreditNote.objects.filter(number__startswith=stem).values_list("number", flat=True)
    return max((numbering.count_of(number, stem) for number in invoices.union(notes)), default=0)
