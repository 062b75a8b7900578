import re
from contextlib import contextmanager

from django.db import migrations

# The sentences as they were stored, in the three languages of the catalogues when reasons became codes; the longer of two alike comes first.
SENTENCES = {
    "price.share_because": (
        "%(share)s %% of %(price)s because of “%(reason)s”.",
        "%(share)s %% von: %(price)s, wegen „%(reason)s“.",
        "%(share)s %% de: %(price)s, por «%(reason)s».",
    ),
    "price.share": (
        "%(share)s %% of %(price)s.",
        "%(share)s %% von: %(price)s.",
        "%(share)s %% de: %(price)s.",
    ),
    "price.per_hour": (
        "%(price)s per hour, for %(minutes)s minutes",
        "%(price)s pro Stunde, für %(minutes)s Minuten",
        "%(price)s por hora, por %(minutes)s minutos",
    ),
    "price.of_rate": (
        "their own rate for %(service)s",
        "eigener Preis für %(service)s",
        "tarifa propia para %(service)s",
    ),
    "price.of_service": (
        "the price of %(service)s",
        "Preis für %(service)s",
        "precio de %(service)s",
    ),
    "price.by_hand_because": (
        "the amount set by hand (%(reason)s)",
        "von Hand festgelegter Betrag (%(reason)s)",
        "importe fijado a mano (%(reason)s)",
    ),
    "price.by_hand": (
        "the amount set by hand",
        "von Hand festgelegter Betrag",
        "importe fijado a mano",
    ),
    "charge.without_service": (
        "No service.",
        "Keine Leistung.",
        "Sin servicio.",
    ),
    "charge.changed": (
        "%(reason)s (before: %(amount)s)",
        "%(reason)s (vorher: %(amount)s)",
        "%(reason)s (antes: %(amount)s)",
    ),
    "charge.waived": (
        "Waived: %(reason)s",
        "Erlassen: %(reason)s",
        "Condonado: %(reason)s",
    ),
    "refund.made_elsewhere": (
        "Made at the payment service",
        "Beim Zahlungsdienst vorgenommen",
        "Hecho en el servicio de pagos",
    ),
    "refund.refused": (
        "The bank refused it.",
        "Die Bank hat sie abgelehnt.",
        "El banco lo ha rechazado.",
    ),
    "card.refused": (
        "The card was refused.",
        "Die Karte wurde abgelehnt.",
        "La tarjeta ha sido rechazada.",
    ),
    "processor.away": (
        "The payment service cannot be reached at the moment. Nothing was charged; try again in a minute.",
        "Der Zahlungsdienst ist gerade nicht erreichbar. Es wurde nichts abgebucht. Versuchen Sie es in einer Minute noch einmal.",
        "En este momento no se puede contactar con el servicio de pagos. No se ha cobrado nada; inténtelo de nuevo en un minuto.",
    ),
    "processor.not_set_up": (
        "Card payments are not set up on this platform.",
        "Kartenzahlungen sind auf dieser Plattform nicht eingerichtet.",
        "Los pagos con tarjeta no están configurados en esta plataforma.",
    ),
    "processor.account_refused": (
        "The payment service does not accept this organization's account. Connect it again under payment set-up.",
        "Der Zahlungsdienst nimmt das Konto dieser Organisation nicht an. Verbinden Sie es in den Zahlungseinstellungen neu.",
        "El servicio de pagos no acepta la cuenta de esta organización. Vuelva a conectarla en la configuración de pagos.",
    ),
    "processor.refused": (
        "The payment service refused this: %(why)s",
        "Der Zahlungsdienst hat das abgelehnt: %(why)s",
        "El servicio de pagos lo ha rechazado: %(why)s",
    ),
    "price.whole": (
        "%(price)s.",
    ),
}

PARTS = ("price.per_hour", "price.of_rate", "price.of_service", "price.by_hand_because", "price.by_hand")
PRICES = ("price.share_because", "price.share", "price.whole", "charge.without_service")
FAILURES = ("card.refused", "refund.refused", "processor.away", "processor.not_set_up", "processor.account_refused", "processor.refused")
LEDGERS = ("billing_ledgerentry", "kernel_auditevent")  # append-only: their triggers rest while the same is said by codes


def pattern_of(sentence):
    """The sentence as a pattern, its named values as groups."""
    escaped = re.escape(sentence).replace("%%", "%")
    return re.compile(re.sub(r"%\\\((\w+)\\\)s", r"(?P<\1>.+)", escaped), re.DOTALL)


PATTERNS = {code: [pattern_of(sentence) for sentence in sentences] for code, sentences in SENTENCES.items()}


def read(text, codes):
    """Code and values behind a sentence in any language; None for a person's own words."""
    for code in codes:
        for pattern in PATTERNS[code]:
            found = pattern.fullmatch(text)
            values = found and values_of(found.groupdict())
            if values is not None:
                return code, values
    return None


def values_of(groups):
    """The values as JSON holds them; None when what should be a price is none."""
    values = dict(groups)
    if "minutes" in values:
        if not values["minutes"].isdigit():
            return None
        values["minutes"] = int(values["minutes"])
    if "price" in values:
        price = read(values["price"], PARTS)
        if price is None:
            return None
        values["price"] = {"reason": price[0], "values": price[1]}
    return values


def written(code, values):
    """The English sentence again."""
    return SENTENCES[code][0] % {name: written_value(value) for name, value in values.items()}


def written_value(value):
    """What was stored since: another reason, a text in several languages, or a number."""
    if not isinstance(value, dict):
        return value
    return written(value["reason"], value["values"]) if "reason" in value else value.get("text") or value.get("number") or ""


def to_codes(apps, schema_editor):
    charges = apps.get_model("billing", "Charge").objects
    change(charges.filter(state="waived"), "reason", ["charge.waived"])
    change(charges.filter(source="changed"), "reason", ["charge.changed"])
    change(charges.exclude(source="changed"), "reason", PRICES)
    change(apps.get_model("billing", "Refund").objects.filter(made_by="System"), "reason", ["refund.made_elsewhere"])
    for model in ("Payment", "Refund"):
        change(apps.get_model("billing", model).objects, "failure", FAILURES)
    with triggers_resting(schema_editor):
        ledger = apps.get_model("billing", "LedgerEntry").objects
        change(ledger.filter(refund__made_by="System"), "reason", ["refund.made_elsewhere"])
        audit = apps.get_model("kernel", "AuditEvent").objects
        change(audit.filter(action__in=["charge.made", "charge.not_made"]), "reason", PRICES)
        change(audit.filter(action="refund.failed"), "reason", FAILURES)


def change(rows, name, codes):
    """Rows whose sentence is known take its code; the others keep their text."""
    for pk, text in rows.filter(**{f"{name}_code": ""}).exclude(**{name: ""}).values_list("pk", name).iterator():
        found = read(text, codes)
        if found is not None:
            rows.model.objects.filter(pk=pk).update(**{name: "", f"{name}_code": found[0], f"{name}_values": found[1]})


def to_text(apps, schema_editor):
    with triggers_resting(schema_editor):
        for app, model, names in (
            ("billing", "Charge", ["reason"]), ("billing", "Refund", ["reason", "failure"]), ("billing", "Payment", ["failure"]),
            ("billing", "LedgerEntry", ["reason"]), ("kernel", "AuditEvent", ["reason"]),
        ):
            for name in names:
                change_back(apps.get_model(app, model).objects.filter(**{f"{name}_code__in": list(SENTENCES)}), name)


def change_back(rows, name):
    for pk, code, values in rows.values_list("pk", f"{name}_code", f"{name}_values").iterator():
        text = written(code, values)
        rows.model.objects.filter(pk=pk).update(**{name: text, f"{name}_code": "", f"{name}_values": {}})


@contextmanager
def triggers_resting(schema_editor):
    for table in LEDGERS:
        schema_editor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    yield
    for table in LEDGERS:
        schema_editor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


class Migration(migrations.Migration):
    """Sentences that the product had stored, in the language of whoever clicked, become codes with values. What is not known stays text.

    The ledger and the audit say the same as before: no amount, no person, no time changes, and the triggers are on again in the same transaction.
    """

    dependencies = [("billing", "0006_reasons_as_codes")]
    operations = [migrations.RunPython(to_codes, to_text)]
