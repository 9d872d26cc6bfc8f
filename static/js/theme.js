// The theme: as the system, unless the person chose one. Runs before the page is drawn, so that nothing flashes.
(() => {
  const ORDER = ["system", "light", "dark"];
  const root = document.documentElement;
  const chosen = () => {
    try { return localStorage.getItem("agentboard.theme") || "system"; } catch { return "system"; }
  };
  const show = (theme) => {
    if (theme === "system") delete root.dataset.theme;
    else root.dataset.theme = theme;
    for (const button of document.querySelectorAll("[data-theme-switch]")) {
      const name = theme === "system" ? "as the system" : theme;
      button.setAttribute("aria-label", `Theme: ${name}`);
      button.title = `Theme: ${name}`;
    }
    document.dispatchEvent(new CustomEvent("agentboard:theme"));
  };

  show(chosen());
  document.addEventListener("DOMContentLoaded", () => show(chosen()));
  document.addEventListener("click", (event) => {
    if (!event.target.closest("[data-theme-switch]")) return;
    const next = ORDER[(ORDER.indexOf(chosen()) + 1) % ORDER.length];
    try { localStorage.setItem("agentboard.theme", next); } catch { /* The choice lasts for this page only. */ }
    show(next);
  });
})();
