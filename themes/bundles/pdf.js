// Pages of PDFs, drawn here; loaded only where one is shown. Its worker is a file beside it.
export { GlobalWorkerOptions, getDocument } from "pdfjs-dist";
