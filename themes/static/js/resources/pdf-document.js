/**
 * A PDF, read by the library; nothing that it brings along is run.
 * @param {string} url @returns {any} what loads it: `promise` and `destroy()`
 */
export function openPdf(url) {
  const vendor = new URL("../../vendor/", import.meta.url);
  /** @type {any} */
  let loading = null;
  let isGone = false;
  const promise = (async () => {
    const { GlobalWorkerOptions, getDocument } = await import(String(new URL("pdf.js", vendor)));
    GlobalWorkerOptions.workerSrc = String(new URL("pdf-worker.js", vendor));
    loading = getDocument({
      url,
      cMapUrl: String(new URL("pdf/cmaps/", vendor)),
      cMapPacked: true,
      standardFontDataUrl: String(new URL("pdf/standard_fonts/", vendor)),
      wasmUrl: String(new URL("pdf/wasm/", vendor)), // where what replaces it is found: pages allow no WebAssembly
      isEvalSupported: false,
      useWasm: false,
      enableXfa: false,
    });
    if (isGone) void loading.destroy();
    return loading.promise;
  })();
  return {
    promise,
    destroy: () => {
      isGone = true;
      return loading?.destroy();
    },
  };
}
