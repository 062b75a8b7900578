/**
 * <device-time-zone>: tells the server, by the cookie `zone`, where this device is: on every page, so that the first one after signing in
 * is written in that zone already. A page that was written before the server could know (`data-written` names its zone) is asked for once more.
 */
const YEAR_S = 60 * 60 * 24 * 365;

class DeviceTimeZone extends HTMLElement {
  connectedCallback() {
    const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
    if (!zone || this.#isTold(zone)) return;
    this.#tell(zone);
    const { written } = this.dataset;
    // Not an answer to a form, which holds what was typed; nor where cookies are refused: that page would be asked for for ever.
    if (!("revisitable" in document.body.dataset) || !this.#isTold(zone)) return;
    if (written && written !== zone) location.replace(location.pathname + location.search);
  }

  /** @param {string} zone */
  #isTold(zone) {
    return document.cookie.split("; ").includes(`zone=${zone}`);
  }

  /** @param {string} zone goes as it is: names of zones hold nothing that a cookie may not, and the server does not decode */
  #tell(zone) {
    const secure = location.protocol === "https:" ? "; Secure" : "";
    document.cookie = `zone=${zone}; Path=/; Max-Age=${YEAR_S}; SameSite=Lax${secure}`;
  }
}

customElements.define("device-time-zone", DeviceTimeZone);
