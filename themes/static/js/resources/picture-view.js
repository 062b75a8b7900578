import { required } from "../dom.js";
import { SheetView } from "./sheet-view.js";

/** <picture-view>: a picture in a frame, as large as fits, or larger. */
class PictureView extends SheetView {
  connectedCallback() {
    this.#picture.addEventListener("load", () => this.draw(), { once: true });
    this.begin();
    void this.draw();
  }

  get #picture() {
    return required(this, "img", HTMLImageElement);
  }

  async draw() {
    const { naturalWidth, naturalHeight } = this.#picture;
    const { clientWidth, clientHeight } = this.sheet;
    if (!naturalWidth || !clientWidth) return; // it has not come, or is not to be seen
    const fit = Math.min((clientWidth - 2) / naturalWidth, (clientHeight - 2) / naturalHeight);
    this.#picture.style.inlineSize = `${Math.floor(naturalWidth * fit * this.zoom)}px`;
    this.drawn();
  }
}

customElements.define("picture-view", PictureView);
