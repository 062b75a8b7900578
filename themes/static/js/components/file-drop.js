/** <file-drop>: shows what was chosen, and lights up while a file hovers over it. The input inside does the work. */
class FileDrop extends HTMLElement {
  connectedCallback() {
    this.addEventListener("change", this.#list);
    for (const name of ["dragenter", "dragover"])
      this.addEventListener(name, () => this.toggleAttribute("data-over", true));
    for (const name of ["dragleave", "drop", "dragend"])
      this.addEventListener(name, () => this.removeAttribute("data-over"));
  }

  #list = () => {
    const input = this.querySelector('input[type="file"]');
    const list = this.querySelector(".drop__files");
    if (!(input instanceof HTMLInputElement) || !list) return;
    list.replaceChildren(...[...(input.files ?? [])].map((file) => this.#line(file)));
  };

  /** @param {File} file */
  #line(file) {
    const line = document.createElement("li");
    line.className = "drop__file";
    const kilobytes = Math.max(1, Math.round(file.size / 1024));
    line.textContent = `${file.name} (${kilobytes < 1024 ? `${kilobytes} kB` : `${(kilobytes / 1024).toFixed(1)} MB`})`;
    return line;
  }
}

customElements.define("file-drop", FileDrop);
