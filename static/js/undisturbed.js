// A part of a page that refreshes itself waits while somebody uses it: a menu is open, or a field has the focus.
const inUse = (part) => part.querySelector("details[open], :is(input, textarea, select):focus");
const waiting = new Set();

document.addEventListener("htmx:before:request", (event) => {
  const part = event.target.closest?.("[data-undisturbed]");
  if (part && event.target === part && inUse(part)) {
    waiting.add(part);
    event.preventDefault();
  }
});

const release = () => setTimeout(() => {
  for (const part of waiting) {
    if (inUse(part)) continue;
    waiting.delete(part);
    document.dispatchEvent(new CustomEvent("agentboard:events", { detail: { events: [] } }));
  }
});

document.addEventListener("toggle", release, true);
document.addEventListener("focusout", release);
