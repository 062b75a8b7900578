/**
 * Tells the server, by the cookie `zone`, where this device is: on every page, so that the first one after signing in is written in that
 * zone already. A page that was written before the server could know (`data-zone` on the body) is asked for once more.
 */
const YEAR = 60 * 60 * 24 * 365;
const here = Intl.DateTimeFormat().resolvedOptions().timeZone;
const told = () => document.cookie.split("; ").includes(`zone=${here}`);

if (here && !told()) {
  const secure = location.protocol === "https:" ? "; Secure" : "";
  // As it is: names of zones hold nothing that a cookie may not, and the server does not decode.
  document.cookie = `zone=${here}; Path=/; Max-Age=${YEAR}; SameSite=Lax${secure}`;
  const written = document.body.dataset.zone;
  if (written && written !== here && told()) location.replace(location.pathname + location.search);
}
