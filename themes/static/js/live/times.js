/** Times of day on the page of a session: in one zone and one way of writing, those of the reader's, which stand at its clock. */

import { find } from "../dom.js";

/** “10:50”, or “10:50 AM”. @param {number | string} instant in ms, or in ISO 8601 */
export function timeOfDay(instant) {
  const { locale, zone } = find(document, "session-clock", HTMLElement)?.dataset ?? {};
  const style = new Intl.DateTimeFormat(locale || document.documentElement.lang || undefined, {
    timeStyle: "short",
    timeZone: zone || undefined,
  });
  return style.format(new Date(instant));
}
