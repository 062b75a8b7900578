/** <zone-switch>: a choice of zone is sent by itself. */
class ZoneSwitch extends HTMLElement {
  connectedCallback() {
    this.querySelector("select")?.addEventListener("change", () => this.querySelector("form")?.requestSubmit());
  }
}

customElements.define("zone-switch", ZoneSwitch);
