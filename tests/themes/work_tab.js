/** A tab of the work area that says what it is told. */
export function mount(element, context) {
  const said = document.createElement("p");
  said.className = "said";
  said.textContent = `mounted ${context.facts.named} for ${context.me.peer}`;
  const field = document.createElement("input");
  field.setAttribute("aria-label", `Field of ${context.facts.named}`);
  element.append(said, field);
  const say = (words) => (said.textContent = words);
  context.addEventListener("follow", ({ detail }) => say(`page ${detail.view.page}`));
  context.addEventListener("people", ({ detail }) => say(`${detail.people.length} people`));
  field.addEventListener("change", () => context.lead({ page: Number(field.value) }));
  element.dataset.screen = context.screen?.peer ?? "";
}

export function unmount(element) {
  window.unmounted = [...(window.unmounted ?? []), element.querySelector("input").getAttribute("aria-label")];
}
