// The rail can be hidden, and stays so. Runs before the page is drawn, so that nothing jumps.
(() => {
  const KEY = "agentboard.rail";
  const root = document.documentElement;
  const isHidden = () => {
    try { return localStorage.getItem(KEY) === "hidden"; } catch { return false; }
  };
  const show = (hidden) => {
    if (hidden) root.dataset.rail = "hidden";
    else delete root.dataset.rail;
    document.getElementById("rail-switch")?.setAttribute("aria-pressed", String(!hidden));
  };

  show(isHidden());
  document.addEventListener("DOMContentLoaded", () => {
    const button = document.getElementById("rail-switch");
    if (!button) return;
    button.hidden = false;
    show(isHidden());
    button.addEventListener("click", () => {
      const hidden = root.dataset.rail !== "hidden";
      try { localStorage.setItem(KEY, hidden ? "hidden" : "shown"); } catch { /* For this page only. */ }
      show(hidden);
    });
  });
})();
