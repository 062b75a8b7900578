/** A sentence for whatever went wrong with a request: the server's own, else the page's (`data-…` of <toast-region>). */
import { HttpError } from "./http.js";

const PATIENCE_S = 60; // where the server does not say how long to wait

/** @param {unknown} error @returns {string} */
export function sentenceOf(error) {
  if (!(error instanceof HttpError)) throw error; // because a mistake of ours is none of the reader's
  if (error.message) return error.message;
  const sentences = document.querySelector("toast-region")?.attributes;
  const pattern = sentences?.getNamedItem(`data-${error.code}`)?.value ?? sentences?.getNamedItem("data-failed")?.value;
  return (pattern ?? "").replace("{when}", when(error.retryAfter ?? PATIENCE_S));
}

/** "in 30 seconds", "in 2 minutes". @param {number} seconds */
function when(seconds) {
  const words = new Intl.RelativeTimeFormat(document.documentElement.lang || "en", { numeric: "always" });
  return seconds < 60 ? words.format(seconds, "second") : words.format(Math.ceil(seconds / 60), "minute");
}
