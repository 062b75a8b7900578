/**
 * <zone-picker>: a box above its select narrows the list while one types, and where nothing is chosen yet the zone of
 * this device is. Where another zone than the device's is chosen, one press takes the device's.
 */
const here = Intl.DateTimeFormat().resolvedOptions().timeZone;
const fold = (/** @type {string} */ text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

/** @param {HTMLSelectElement} select */
function offerDevice(select) {
  const option = [...select.options].find((each) => each.value === here);
  if (!option) return;
  if (!select.value && select.required) select.value = here;
  if (!select.value || select.value === here) return;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button button--link button--small";
  button.textContent = `${select.dataset.zonesUse ?? ""}: ${option.text}`;
  button.addEventListener("click", () => {
    select.value = here;
    select.dispatchEvent(new Event("input", { bubbles: true }));
    button.remove();
  });
  select.after(button);
}

/** @param {HTMLSelectElement} select */
function searchable(select) {
  const all = [...select.querySelectorAll("option")].map((option) => ({
    option,
    group: option.parentElement,
    words: fold(`${option.value} ${option.text}`),
  }));
  const box = document.createElement("input");
  box.type = "search";
  box.className = "input zones__search";
  box.placeholder = select.dataset.zonesFind ?? "";
  box.setAttribute("aria-label", box.placeholder);
  box.setAttribute("aria-controls", select.id);
  select.before(box);
  box.addEventListener("input", (event) => {
    event.stopPropagation();
    const wanted = fold(box.value.trim());
    for (const each of all) each.group?.append(each.option);
    for (const each of all) if (wanted && !each.words.includes(wanted)) each.option.remove();
    for (const group of select.querySelectorAll("optgroup")) group.hidden = !group.children.length;
    const first = wanted ? all.find((each) => each.words.includes(wanted)) : undefined;
    if (first) select.value = first.option.value;
  });
  box.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown") select.focus();
    if (event.key === "Enter") {
      event.preventDefault();
      select.focus();
    }
  });
}

class ZonePicker extends HTMLElement {
  connectedCallback() {
    const select = this.querySelector("select");
    if (!select || this.querySelector(".zones__search")) return;
    offerDevice(select);
    searchable(select);
  }
}

customElements.define("zone-picker", ZonePicker);
