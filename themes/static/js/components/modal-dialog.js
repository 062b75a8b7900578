/**
 * Buttons with command="show-modal" or "close" and commandfor: for browsers that do not know them yet. A click on the
 * backdrop closes a dialog, and an invalid form that comes back shows its summary.
 */
if (!("commandForElement" in HTMLButtonElement.prototype)) {
  document.addEventListener("click", (event) => {
    const button = event.target instanceof Element ? event.target.closest("button[commandfor]") : null;
    const dialog = button && document.getElementById(button.getAttribute("commandfor") ?? "");
    if (!(dialog instanceof HTMLDialogElement)) return;
    if (button?.getAttribute("command") === "show-modal" && !dialog.open) dialog.showModal();
    if (button?.getAttribute("command") === "close") dialog.close();
  });
}

document.addEventListener("click", (event) => {
  const dialog = event.target;
  if (!(dialog instanceof HTMLDialogElement) || !dialog.open) return;
  const box = dialog.getBoundingClientRect();
  const inside =
    event.clientX >= box.left && event.clientX <= box.right && event.clientY >= box.top && event.clientY <= box.bottom;
  if (!inside) dialog.close();
});

/** @param {ParentNode} root */
function focusFirst(root) {
  const first = root.querySelector("[data-autofocus]");
  if (first instanceof HTMLElement) first.focus();
}

// In the whole document, because a swap's event may come from the button that asked, and not from the place that was filled.
function openNow() {
  const dialog = document.querySelector("dialog[data-open-now]");
  if (!(dialog instanceof HTMLDialogElement) || dialog.open) return;
  dialog.removeAttribute("data-open-now"); // because a later swap elsewhere must not open it again once it was closed
  dialog.showModal();
}

focusFirst(document);
openNow();
document.addEventListener("htmx:after:swap", (event) => {
  if (event.target instanceof Element) focusFirst(event.target);
  openNow();
});
