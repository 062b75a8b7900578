import { find, findAll, required, closest } from "../dom.js";
import { csrfToken } from "../http.js";
import { text } from "../texts.js";

/**
 * <file-upload>: sends each file at once, in parts that go on where a line broke off, while the form is still filled in. The form then says which
 * uploads it means. Without it the input inside sends the files with the form.
 *
 * Fires `files-changed` (bubbles) with `detail.busy`, the number of files on their way, whenever that changes.
 */
class FileUpload extends HTMLElement {
  /** @type {Map<HTMLElement, any>} */
  #uploads = new Map();

  connectedCallback() {
    const input = this.#input;
    input.addEventListener("change", () => {
      this.#add([...(input.files ?? [])]);
      input.value = ""; // or the form would send them once more
    });
    for (const name of ["dragenter", "dragover"])
      this.addEventListener(name, () => this.toggleAttribute("data-over", true));
    for (const name of ["dragleave", "drop", "dragend"])
      this.addEventListener(name, () => this.removeAttribute("data-over"));
    this.addEventListener("drop", this.#drop);
    document.addEventListener("paste", this.#paste);
    this.addEventListener("click", this.#click);
    this.closest("form")?.addEventListener("submit", this.#submit, true);
    for (const button of findAll(this, "[data-take-back]", HTMLButtonElement)) button.hidden = false;
  }

  disconnectedCallback() {
    document.removeEventListener("paste", this.#paste);
    for (const upload of this.#uploads.values()) void upload.abort();
  }

  get #input() {
    return required(this, 'input[type="file"]', HTMLInputElement);
  }

  get #files() {
    return required(this, "[data-files]", HTMLElement);
  }

  get #most() {
    return Number(this.dataset.most ?? 1);
  }

  /** @param {DragEvent} event */
  #drop = (event) => {
    const files = [...(event.dataTransfer?.files ?? [])];
    if (!files.length) return;
    event.preventDefault();
    void this.#add(files);
  };

  /** @param {ClipboardEvent} event */
  #paste = (event) => {
    const files = [...(event.clipboardData?.files ?? [])];
    if (!files.length || !this.checkVisibility()) return;
    event.preventDefault();
    void this.#add(files);
  };

  /** @param {File[]} files */
  async #add(files) {
    const room = this.#most - this.#files.children.length;
    if (this.#most === 1 && files.length) for (const line of [...this.#files.children]) this.#takeBack(line);
    const taken = files.slice(0, this.#most === 1 ? 1 : Math.max(0, room));
    if (taken.length < files.length) this.#say(text("tooMany", this));
    for (const file of taken) await this.#send(file, this.#newLine(file));
  }

  /** @param {File} file */
  #newLine(file) {
    const line = required(this, "template[data-line]", HTMLTemplateElement).content.firstElementChild?.cloneNode(true);
    if (!(line instanceof HTMLElement)) throw new Error("the template of a line is empty");
    Object.assign(required(line, "[data-name]", HTMLElement), { textContent: file.name, title: file.name });
    required(line, "[data-progress]", HTMLProgressElement).setAttribute("aria-label", file.name);
    this.#state(line, text("waiting", this));
    this.#files.append(line);
    return line;
  }

  /** @param {File} file @param {HTMLElement} line */
  async #send(file, line) {
    const { Upload } = await import(String(new URL("../../vendor/tus.js", import.meta.url)));
    const upload = new Upload(file, {
      endpoint: this.dataset.address,
      chunkSize: Number(this.dataset.partBytes),
      retryDelays: [0, 1000, 3000, 5000, 10_000, 20_000],
      metadata: { filename: file.name, purpose: this.dataset.purpose ?? "" },
      headers: { "X-CSRFToken": csrfToken(), Accept: "application/json" },
      storeFingerprintForResuming: false, // because names of files are nobody else's business at this device
      /** @param {number} sent @param {number} all */
      onProgress: (sent, all) => this.#progress(line, Math.floor((100 * sent) / (all || 1))),
      onSuccess: () => this.#sent(line, file, upload.url ?? ""),
      /** @param {any} error */
      onError: (error) => this.#failed(line, error),
    });
    this.#uploads.set(line, upload);
    this.#changed();
    upload.start();
  }

  /** @param {HTMLElement} line @param {number} percent */
  #progress(line, percent) {
    required(line, "[data-progress]", HTMLProgressElement).value = percent;
    this.#state(line, text("sending", this));
  }

  /** @param {HTMLElement} line @param {File} file @param {string} url */
  #sent(line, file, url) {
    const id = new URL(url, location.href).pathname.split("/").filter(Boolean).pop() ?? "";
    const field = document.createElement("input");
    Object.assign(field, { type: "hidden", name: this.dataset.sentName, value: id });
    line.append(field);
    find(line, "[data-progress]", HTMLProgressElement)?.remove();
    find(line, "[data-again]", HTMLButtonElement)?.remove();
    this.#state(line, text("sent", this));
    this.#say(`${file.name}: ${text("sent", this)}`);
    field.dispatchEvent(new Event("input", { bubbles: true }));
    line.toggleAttribute("data-here", true);
    this.#changed();
  }

  /** @param {HTMLElement} line @param {any} error */
  #failed(line, error) {
    const answer = error?.originalResponse;
    const status = answer?.getStatus?.() ?? 0;
    let sentence = "";
    try {
      sentence = JSON.parse(answer?.getBody?.() ?? "{}").message ?? "";
    } catch {
      sentence = answer?.getHeader?.("Content-Type")?.startsWith("text/plain") ? answer.getBody() : "";
    }
    line.toggleAttribute("data-failed", true);
    find(line, "[data-progress]", HTMLProgressElement)?.toggleAttribute("hidden", true);
    const again = find(line, "[data-again]", HTMLButtonElement);
    if (again) again.hidden = status >= 400 && status < 500;
    this.#state(line, sentence || text("failed", this));
    this.#say(`${find(line, "[data-name]", HTMLElement)?.textContent}: ${sentence || text("failed", this)}`);
    this.#changed();
  }

  /** @param {MouseEvent} event */
  #click = (event) => {
    const line = closest(event, "li", HTMLElement);
    if (!line) return;
    if (closest(event, "[data-take-back]", HTMLButtonElement)) this.#takeBack(line);
    if (closest(event, "[data-again]", HTMLButtonElement)) {
      line.removeAttribute("data-failed");
      find(line, "[data-again]", HTMLButtonElement)?.toggleAttribute("hidden", true);
      find(line, "[data-progress]", HTMLProgressElement)?.removeAttribute("hidden");
      this.#uploads.get(line)?.start();
      this.#changed();
    }
  };

  /** @param {Element} line */
  #takeBack(line) {
    if (!(line instanceof HTMLElement)) return;
    const upload = this.#uploads.get(line);
    if (upload) void upload.abort(true).catch(() => {}); // what stays there goes by itself within a day
    this.#uploads.delete(line);
    line.remove();
    this.#changed();
  }

  /** @param {Event} event */
  #submit = (event) => {
    if (!this.#busy) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    this.#say(text("stillSending", this));
    this.dispatchEvent(
      new CustomEvent("toast", { bubbles: true, detail: { text: text("stillSending", this), tone: "info" } }),
    );
  };

  get #busy() {
    return [...this.#uploads.keys()].filter((line) => !line.matches("[data-here], [data-failed]")).length;
  }

  #changed() {
    this.dispatchEvent(new CustomEvent("files-changed", { bubbles: true, detail: { busy: this.#busy } }));
  }

  /** @param {HTMLElement} line @param {string} sentence */
  #state(line, sentence) {
    required(line, "[data-state]", HTMLElement).textContent = sentence;
  }

  /** @param {string} sentence */
  #say(sentence) {
    required(this, "[data-said]", HTMLElement).textContent = sentence;
  }
}

customElements.define("file-upload", FileUpload);
