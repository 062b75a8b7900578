(() => {
  const here = document.currentScript;
  const frame = document.createElement("iframe");
  frame.src = "{{ address|escapejs }}";
  frame.title = here.dataset.title || "";
  frame.style.cssText = "border:0;inline-size:100%;block-size:46rem";
  frame.loading = "lazy";
  here.after(frame);
  window.addEventListener("message", (event) => {
    if (event.source !== frame.contentWindow || event.origin !== new URL(frame.src).origin) return;
    const height = Number(event.data && event.data.height);
    if (height > 0 && height < 20000) frame.style.blockSize = `${height}px`;
  });
})();
