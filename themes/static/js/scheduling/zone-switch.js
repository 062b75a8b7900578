/**
 * <zone-switch data-zone>: tells the server where the browser is, once, unless the person has chosen a zone by hand. A choice is sent by
 * itself. The server reads the cookie `zone`.
 */
const YEAR = 60 * 60 * 24 * 365

class ZoneSwitch extends HTMLElement {
  connectedCallback() {
    this.querySelector('select')?.addEventListener('change', () => this.querySelector('form')?.requestSubmit())
    if (!this.hasAttribute('data-chosen')) this.#detect()
  }

  #detect() {
    const here = Intl.DateTimeFormat().resolvedOptions().timeZone
    if (!here || here === this.dataset.zone) return
    const secure = location.protocol === 'https:' ? '; Secure' : ''
    // As it is: names of zones hold nothing that a cookie may not, and the server does not decode.
    document.cookie = `zone=${here}; Path=/; Max-Age=${YEAR}; SameSite=Lax${secure}`
    // Once per visit only: a server that does not know this zone would otherwise make us turn in circles.
    if (sessionStorage.getItem('zone') === here) return
    sessionStorage.setItem('zone', here)
    const address = new URL(location.href)
    address.searchParams.delete('zone')
    location.replace(address)
  }
}

customElements.define('zone-switch', ZoneSwitch)
