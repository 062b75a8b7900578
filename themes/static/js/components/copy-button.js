/** <copy-button data-text="…" data-copied="…" data-failed="…">: its button copies the text and says so. */
const SAID_MS = 1800;

class CopyButton extends HTMLElement {
  connectedCallback() {
    this.querySelector("button")?.addEventListener("click", this.#copy);
  }

  #copy = async () => {
    const button = this.querySelector("button");
    if (!button) return;
    const label = button.getAttribute("aria-label") ?? "";
    try {
      await navigator.clipboard.writeText(this.dataset.text ?? "");
      this.#say(button, this.dataset.copied ?? "", label);
    } catch {
      this.#say(button, this.dataset.failed ?? "", label);
    }
  };

  /**
   * @param {HTMLButtonElement} button
   * @param {string} words
   * @param {string} label
   */
  #say(button, words, label) {
    button.setAttribute("aria-label", words);
    button.title = words;
    button.setAttribute("aria-pressed", "true");
    window.setTimeout(() => {
      button.setAttribute("aria-label", label);
      button.title = label;
      button.removeAttribute("aria-pressed");
    }, SAID_MS);
  }
}

customElements.define("copy-button", CopyButton);
