/**
 * <theme-switch>: three buttons with data-choice="light|system|dark"; the choice stays on this device.
 */
const KEY = "appearance";

class ThemeSwitch extends HTMLElement {
  connectedCallback() {
    this.addEventListener("click", this.#choose);
    window.addEventListener("storage", this.#show);
    this.#show();
  }

  disconnectedCallback() {
    this.removeEventListener("click", this.#choose);
    window.removeEventListener("storage", this.#show);
  }

  /** @param {MouseEvent} event */
  #choose = (event) => {
    const button = event.target instanceof Element ? event.target.closest("[data-choice]") : null;
    if (!(button instanceof HTMLElement)) return;
    const choice = button.dataset.choice ?? "system";
    try {
      if (choice === "system") localStorage.removeItem(KEY);
      else localStorage.setItem(KEY, choice);
    } catch {
      // Without storage the choice holds for this page only.
    }
    this.#apply(choice);
  };

  /** @param {string} choice */
  #apply(choice) {
    const root = document.documentElement;
    if (choice === "system") delete root.dataset.theme;
    else root.dataset.theme = choice;
    for (const other of document.querySelectorAll("theme-switch")) if (other instanceof ThemeSwitch) other.#show();
  }

  #show = () => {
    const current = document.documentElement.dataset.theme ?? "system";
    for (const button of this.querySelectorAll("[data-choice]")) {
      button.setAttribute("aria-pressed", String(button.getAttribute("data-choice") === current));
    }
  };
}

customElements.define("theme-switch", ThemeSwitch);
