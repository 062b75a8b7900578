// What the calendar page imports; bundled once at set-up into static/vendor/calendar.js.
// Only the views that come free with the library, and the interface languages we ship.
export { Calendar } from "fullcalendar";
export { default as dayGrid } from "fullcalendar/daygrid";
export { default as timeGrid } from "fullcalendar/timegrid";
export { default as interaction } from "fullcalendar/interaction";
export { default as theme } from "fullcalendar/themes/classic";

import de from "fullcalendar/locales/de";
import enGb from "fullcalendar/locales/en-gb";
import es from "fullcalendar/locales/es";
import fr from "fullcalendar/locales/fr";
import it from "fullcalendar/locales/it";
import nl from "fullcalendar/locales/nl";
import pt from "fullcalendar/locales/pt";

export const locales = [de, enGb, es, fr, it, nl, pt];
