// The hairline of a card runs down to the time its task would be taken back.
const EVERY_MS = 10_000;

export const refresh = () => {
  for (const lease of document.querySelectorAll(".lease")) {
    const from = Number(lease.dataset.from);
    const until = Number(lease.dataset.until);
    const left = until > from ? (until - Date.now() / 1000) / (until - from) : 0;
    lease.firstElementChild.setAttribute("width", String(Math.round(100 * Math.min(1, Math.max(0, left)))));
  }
};

setInterval(() => { if (!document.hidden) refresh(); }, EVERY_MS);
document.addEventListener("visibilitychange", () => { if (!document.hidden) refresh(); });
