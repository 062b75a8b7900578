/** Where the others point, with their names, the light of a laser, and the cross of one's own keyboard. */

const PLATE = 4; // pixels around a name
const SIZE = 12;

export class Pointers {
  /** @param {CanvasRenderingContext2D} context with board units @param {import("./board.js").Board} board @param {number} now */
  draw(context, board, now) {
    const { zoom } = board.surface.view;
    const { colours } = board.options;
    for (const [page, trail] of board.moments.lasers) this.#trail(context, trail, colours[1] ?? "", zoom, now, page);
    for (const [page, pointer] of board.moments.pointers) {
      const who = board.people.find((one) => one.page === page);
      if (who && pointer.page === board.page)
        this.#pointer(
          context,
          pointer,
          who.name,
          colours[1 + (page % (colours.length - 1))] ?? "",
          zoom,
          board.options.paper,
        );
    }
    const { cross, isDown } = board.input;
    if (cross && document.activeElement === board.place) this.#cross(context, cross, isDown, board.options.mark, zoom);
  }

  /**
   * @param {CanvasRenderingContext2D} context @param {{x: number, y: number, at: number}[]} trail @param {string} colour @param {number} zoom
   * @param {number} now @param {number} page
   */
  #trail(context, trail, colour, zoom, now, page) {
    context.strokeStyle = colour;
    context.lineCap = "round";
    trail.forEach((point, at) => {
      const before = trail[at - 1];
      if (!before || page < 0) return;
      context.globalAlpha = Math.max(0, 1 - (now - point.at) / 1200);
      context.lineWidth = 4 / zoom;
      context.beginPath();
      context.moveTo(before.x, before.y);
      context.lineTo(point.x, point.y);
      context.stroke();
    });
    context.globalAlpha = 1;
  }

  /** @param {CanvasRenderingContext2D} context @param {{x: number, y: number}} at @param {string} name @param {string} colour @param {number} zoom
   * @param {string} paper */
  #pointer(context, { x, y }, name, colour, zoom, paper) {
    context.save();
    context.translate(x, y);
    context.scale(1 / zoom, 1 / zoom);
    context.fillStyle = colour;
    context.beginPath();
    context.moveTo(0, 0);
    context.lineTo(4, 13);
    context.lineTo(12, 9);
    context.closePath();
    context.fill();
    context.font = `600 ${SIZE}px ${getComputedStyle(context.canvas).fontFamily}`;
    const shown = name.length > 24 ? `${name.slice(0, 23)}…` : name;
    const width = context.measureText(shown).width + PLATE * 2;
    context.beginPath();
    context.roundRect(12, 12, width, SIZE + PLATE * 2, 4);
    context.fill();
    context.fillStyle = paper;
    context.textBaseline = "top";
    context.fillText(shown, 12 + PLATE, 12 + PLATE);
    context.restore();
  }

  /** @param {CanvasRenderingContext2D} context @param {{x: number, y: number}} at @param {boolean} isDown @param {string} colour @param {number} zoom */
  #cross(context, { x, y }, isDown, colour, zoom) {
    const arm = (isDown ? 7 : 12) / zoom;
    context.strokeStyle = colour;
    context.lineWidth = 2 / zoom;
    context.beginPath();
    context.moveTo(x - arm, y);
    context.lineTo(x + arm, y);
    context.moveTo(x, y - arm);
    context.lineTo(x, y + arm);
    if (isDown) context.arc(x, y, arm, 0, Math.PI * 2);
    context.stroke();
  }
}
