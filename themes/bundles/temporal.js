// Loaded by the calendar page only where the browser has no Temporal of its own.
import "temporal-polyfill/global";
