/* The card fields inside the sandbox's iframe: format, check, and send to the API. Only the page that opened the frame
 * is listened to, and only that page is answered. */
import { ERRORS, LABELS, language } from "/v3/words.js";

const query = new URLSearchParams(window.location.search);
const [id, host] = [query.get("id"), query.get("host")];
const words = LABELS[language(query.get("locale"))];
const complaints = ERRORS[language(query.get("locale"))];
const fields = {
  number: document.querySelector("#number"),
  expiry: document.querySelector("#expiry"),
  cvc: document.querySelector("#cvc"),
};
const touched = new Set();
const tell = (said) => window.parent.postMessage({ standIn: id, ...said }, host);
const digits = (field) => field.value.replace(/\D/g, "");

const BRANDS = [
  ["amex", /^3[47]/, 15],
  ["mastercard", /^(5[1-5]|2[2-7])/, 16],
  ["discover", /^6(011|5)/, 16],
  ["visa", /^4/, 16],
];
const brandOf = (number) => BRANDS.find(([, pattern]) => pattern.test(number)) ?? ["unknown", null, 16];

function luhn(number) {
  const sum = [...number].reverse().reduce((total, digit, index) => {
    const value = Number(digit) * (index % 2 ? 2 : 1);
    return total + (value > 9 ? value - 9 : value);
  }, 0);
  return sum % 10 === 0;
}

const checks = {
  number() {
    const number = digits(fields.number);
    if (number.length < brandOf(number)[2]) return "incomplete_number";
    return luhn(number) ? "" : "invalid_number";
  },
  expiry() {
    const typed = digits(fields.expiry);
    if (typed.length < 4) return "incomplete_expiry";
    const [month, year] = [Number(typed.slice(0, 2)), 2000 + Number(typed.slice(2, 4))];
    if (month < 1 || month > 12) return "invalid_expiry_month";
    const today = new Date();
    if (year < today.getFullYear() || (year === today.getFullYear() && month <= today.getMonth()))
      return "invalid_expiry_year_past";
    return year > today.getFullYear() + 50 ? "invalid_expiry_year" : "";
  },
  cvc() {
    const wanted = brandOf(digits(fields.number))[0] === "amex" ? 4 : 3;
    return digits(fields.cvc).length < wanted ? "incomplete_cvc" : "";
  },
};

function format(name) {
  const typed = digits(fields[name]);
  if (name === "number") {
    const [brand, , length] = brandOf(typed);
    const groups = brand === "amex" ? [4, 6, 5] : [4, 4, 4, 4];
    let at = 0;
    fields.number.value = groups
      .map((size) => typed.slice(0, length).slice(at, (at += size)))
      .filter(Boolean)
      .join(" ");
    document.querySelector("#brand").textContent = brand === "unknown" ? "" : brand;
  }
  if (name === "expiry") {
    const padded = /^[2-9]$/.test(typed) ? `0${typed}` : typed;
    fields.expiry.value = padded.length > 2 ? `${padded.slice(0, 2)} / ${padded.slice(2, 4)}` : padded;
  }
  if (name === "cvc") fields.cvc.value = typed.slice(0, 4);
}

function complain(name, code) {
  const [field, line] = [fields[name], document.querySelector(`#${name}-error`)];
  line.textContent = code ? (complaints[code] ?? code) : "";
  line.hidden = !code;
  if (code) field.setAttribute("aria-invalid", "true");
  else field.removeAttribute("aria-invalid");
}

function state() {
  const problems = Object.fromEntries(Object.keys(fields).map((name) => [name, checks[name]()]));
  const wrong = Object.keys(fields).find((name) => touched.has(name) && problems[name]);
  const error = wrong && { type: "validation_error", code: problems[wrong], message: complaints[problems[wrong]] };
  return {
    complete: Object.values(problems).every((problem) => !problem),
    empty: Object.values(fields).every((field) => !field.value),
    brand: brandOf(digits(fields.number))[0],
    error: error || undefined,
    value: { type: "card" },
  };
}

function announce() {
  for (const name of Object.keys(fields)) if (touched.has(name)) complain(name, checks[name]());
  tell({ event: "change", detail: state() });
}

function validate() {
  Object.keys(fields).forEach((name) => touched.add(name));
  announce();
  const { error } = state();
  if (error)
    Object.keys(fields)
      .map((name) => fields[name])
      .find((field) => field.getAttribute("aria-invalid"))
      ?.focus();
  return error;
}

/** The card as the API wants it, under `group` when it is part of a larger request. */
function bodyOf(group, { defaults, details }) {
  const expiry = digits(fields.expiry);
  const about = { ...defaults, ...details };
  const entries = [
    ["type", "card"],
    ["card[number]", digits(fields.number)],
    ["card[exp_month]", expiry.slice(0, 2)],
    ["card[exp_year]", `20${expiry.slice(2, 4)}`],
    ["card[cvc]", digits(fields.cvc)],
    ...["name", "email", "phone"].filter((key) => about[key]).map((key) => [`billing_details[${key}]`, about[key]]),
  ];
  const within = (name) => (group ? name.replace(/^\w+/, (first) => `${group}[${first}]`) : name);
  return new URLSearchParams(entries.map(([name, value]) => [within(name), value]));
}

async function send(path, body, asked) {
  const headers = { Authorization: `Bearer ${asked.key}`, ...(asked.account && { "Stripe-Account": asked.account }) };
  try {
    const answer = await (await fetch(path, { method: "POST", headers, body })).json();
    if (answer.error) showRefusal(answer.error);
    return answer.error ? { error: answer.error } : { result: answer };
  } catch {
    return { error: { type: "api_connection_error", message: complaints.unreachable } };
  }
}

function showRefusal({ param, code, message }) {
  const at =
    { number: "number", exp_month: "expiry", exp_year: "expiry", cvc: "cvc" }[param] ??
    { incorrect_cvc: "cvc", expired_card: "expiry" }[code] ??
    "number";
  complain(at, message);
}

const asks = {
  appearance: ({ appearance }) => {
    dress(appearance ?? {});
    tell({ event: "ready", detail: {} });
  },
  focus: () => fields.number.focus(),
  blur: () => document.activeElement?.blur(),
  clear: () => {
    Object.values(fields).forEach((field) => {
      field.value = "";
    });
    touched.clear();
    Object.keys(fields).forEach((name) => complain(name, ""));
    announce();
  },
  validate: () => ({ error: validate() }),
  tokenize: (asked) => {
    const error = validate();
    return error ? { error } : send("/v1/payment_methods", bodyOf("", asked), asked);
  },
  confirm: (asked) => {
    const error = validate();
    if (error) return { error };
    const body = bodyOf("payment_method_data", asked);
    body.set("client_secret", asked.secret);
    body.set("use_stripe_sdk", "true");
    if (asked.future) body.set("setup_future_usage", asked.future);
    return send(`/v1/${asked.kind}s/${asked.secret.split("_secret_")[0]}/confirm`, body, asked);
  },
};

/** Takes over the page's colours and shapes, as far as each value is one. */
function dress({ theme, variables = {} }) {
  const kinds = {
    colorPrimary: "color",
    colorBackground: "color",
    colorText: "color",
    colorTextSecondary: "color",
    colorDanger: "color",
    borderRadius: "border-radius",
    fontSizeBase: "font-size",
    spacingUnit: "margin",
    fontFamily: "font-family",
  };
  document.documentElement.dataset.theme = theme === "night" ? "night" : "day";
  for (const [name, property] of Object.entries(kinds)) {
    const value = variables[name];
    if (value && !/var\(/.test(value) && CSS.supports(property, value))
      document.documentElement.style.setProperty(`--${name}`, value);
  }
}

window.addEventListener("message", async (message) => {
  if (message.source !== window.parent || message.origin !== host || message.data?.standIn !== id) return;
  const { ask, number } = message.data;
  if (!Object.hasOwn(asks, ask)) return;
  const outcome = await asks[ask](message.data);
  if (number) tell({ answer: number, result: outcome?.result ?? null, error: outcome?.error });
});

for (const [name, field] of Object.entries(fields)) {
  document.querySelector(`label[for=${name}]`).textContent = words[name];
  field.addEventListener("input", () => {
    format(name);
    if (touched.has(name)) complain(name, checks[name]());
    tell({ event: "change", detail: state() });
  });
  field.addEventListener("blur", () => {
    if (field.value) touched.add(name);
    announce();
    tell({ event: "blur", detail: {} });
  });
  field.addEventListener("focus", () => tell({ event: "focus", detail: {} }));
}
document.querySelector("#hint").textContent = words.hint;
document.documentElement.lang = language(query.get("locale"));
new ResizeObserver(() =>
  tell({ event: "resize", height: Math.ceil(document.body.getBoundingClientRect().height) }),
).observe(document.body);
tell({ event: "loaded" });
