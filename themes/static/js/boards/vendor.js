/** Yjs, perfect-freehand and rbush, out of one bundle (themes/bundles/boards.js). */
const address = new URL("../../vendor/boards.js", import.meta.url);

/** @type {{Doc: any, UndoManager: any, applyUpdate: any, getStroke: any, RBush: any}} */
const bundle = await import(String(address));

export const { Doc, UndoManager, applyUpdate, getStroke, RBush } = bundle;
