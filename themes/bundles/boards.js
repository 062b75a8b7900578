// What whiteboards are made of; loaded only by pages that show one.
export { Doc, UndoManager, applyUpdate } from "yjs";
export { getStroke } from "perfect-freehand";
export { default as RBush } from "rbush";
