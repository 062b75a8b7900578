// Resumable uploads; loaded when the first file is chosen.
export { Upload } from "tus-js-client";
