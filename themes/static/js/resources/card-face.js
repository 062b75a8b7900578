/**
 * One side of a card: a picture, words, and a sound that is played by pressing.
 *
 * @typedef {{card: string, side: string, text?: string, picture?: boolean, sound?: boolean, gone?: boolean}} Face
 * @typedef {{files: string, gone: string, listen: string}} Around  `files`: address below which the cards' files are; and two sentences
 */
import { copyOf, required } from "../dom.js";

/** Show a face in an element; the same one again changes nothing. @param {HTMLElement} element @param {Face | null} face @param {Around} around */
export function showFace(element, face, around) {
  const key = face ? JSON.stringify(face) : "";
  if (element.dataset.face === key) return;
  element.dataset.face = key;
  element.replaceChildren(...(face ? partsOf(face, around) : []));
  element.classList.toggle("face--picture", Boolean(face && pictureOf(face, around)));
}

/** Something to read for who does not see it. @param {Face} face @param {Around} around @returns {string} */
export function wordsOf(face, around) {
  return face.gone ? around.gone : face.text || "";
}

/** Load a picture ahead. @param {Face} face @param {Around} around */
export function prepare(face, around) {
  const address = pictureOf(face, around);
  if (address) new Image().src = address;
}

/** @param {Face} face @param {Around} around */
export function pictureOf(face, around) {
  return face.picture ? `${around.files}${face.card}/${face.side}/picture/` : "";
}

/** @param {Face} face @param {Around} around */
function partsOf(face, around) {
  const parts = [];
  const picture = pictureOf(face, around);
  const words = wordsOf(face, around);
  if (picture) {
    const image = Object.assign(document.createElement("img"), { src: picture, alt: "", className: "face__picture" });
    image.draggable = false;
    parts.push(image);
  }
  if (words) {
    const place = Object.assign(document.createElement("span"), { className: "face__words", textContent: words });
    place.dir = "auto";
    if (words.length > 40) place.classList.add("face__words--long");
    parts.push(place);
  }
  if (face.sound) parts.push(soundOf(face, around));
  return parts;
}

/** @param {Face} face @param {Around} around */
function soundOf(face, around) {
  const button = copyOf("card-sound");
  required(button, "span", HTMLElement).textContent = around.listen;
  button.addEventListener("click", (event) => {
    event.stopPropagation(); // because the card itself is turned by a press
    void new Audio(`${around.files}${face.card}/${face.side}/sound/`).play().catch(() => {});
  });
  return button;
}
