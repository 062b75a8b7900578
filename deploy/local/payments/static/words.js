/* The words of the card fields, in the languages that the stand-in speaks. */
export const LABELS = {
  en: {
    number: "Card number",
    expiry: "Expiration date",
    cvc: "Security code",
    hint: "Test mode: no money moves. Try 4242 4242 4242 4242.",
  },
  de: {
    number: "Kartennummer",
    expiry: "Gültig bis",
    cvc: "Prüfziffer",
    hint: "Testmodus: Es fließt kein Geld. Versuchen Sie 4242 4242 4242 4242.",
  },
  es: {
    number: "Número de tarjeta",
    expiry: "Fecha de caducidad",
    cvc: "Código de seguridad",
    hint: "Modo de prueba: no se mueve dinero. Pruebe 4242 4242 4242 4242.",
  },
  fr: {
    number: "Numéro de carte",
    expiry: "Date d’expiration",
    cvc: "Code de sécurité",
    hint: "Mode test : aucun débit. Essayez 4242 4242 4242 4242.",
  },
};

export const ERRORS = {
  en: {
    incomplete_number: "Your card number is incomplete.",
    invalid_number: "Your card number is invalid.",
    incomplete_expiry: "Your card's expiration date is incomplete.",
    invalid_expiry_month: "Your card's expiration month is invalid.",
    invalid_expiry_year_past: "Your card's expiration year is in the past.",
    invalid_expiry_year: "Your card's expiration year is invalid.",
    incomplete_cvc: "Your card's security code is incomplete.",
    unreachable: "We could not reach the payment processor. Please try again.",
  },
  de: {
    incomplete_number: "Die Kartennummer ist unvollständig.",
    invalid_number: "Die Kartennummer ist ungültig.",
    incomplete_expiry: "Das Ablaufdatum ist unvollständig.",
    invalid_expiry_month: "Der Ablaufmonat ist ungültig.",
    invalid_expiry_year_past: "Das Ablaufdatum liegt in der Vergangenheit.",
    invalid_expiry_year: "Das Ablaufjahr ist ungültig.",
    incomplete_cvc: "Die Prüfziffer ist unvollständig.",
    unreachable: "Der Zahlungsdienst ist nicht erreichbar. Bitte versuchen Sie es erneut.",
  },
  es: {
    incomplete_number: "El número de la tarjeta está incompleto.",
    invalid_number: "El número de la tarjeta no es válido.",
    incomplete_expiry: "La fecha de caducidad está incompleta.",
    invalid_expiry_month: "El mes de caducidad no es válido.",
    invalid_expiry_year_past: "La fecha de caducidad ya pasó.",
    invalid_expiry_year: "El año de caducidad no es válido.",
    incomplete_cvc: "El código de seguridad está incompleto.",
    unreachable: "No se pudo contactar con el servicio de pagos. Inténtelo de nuevo.",
  },
  fr: {
    incomplete_number: "Le numéro de carte est incomplet.",
    invalid_number: "Le numéro de carte n’est pas valide.",
    incomplete_expiry: "La date d’expiration est incomplète.",
    invalid_expiry_month: "Le mois d’expiration n’est pas valide.",
    invalid_expiry_year_past: "La date d’expiration est passée.",
    invalid_expiry_year: "L’année d’expiration n’est pas valide.",
    incomplete_cvc: "Le code de sécurité est incomplet.",
    unreachable: "Le service de paiement est injoignable. Veuillez réessayer.",
  },
};

/** The language to use for a locale such as `es-MX`. */
export function language(locale) {
  const wanted = (locale ?? "en").split("-")[0].toLowerCase();
  return wanted in LABELS ? wanted : "en";
}
