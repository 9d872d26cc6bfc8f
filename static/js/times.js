// Keeps relative times fresh. The words are those of tasks/durations.py and tasks/web/tags.py.
const UNITS = [[86400, "d"], [3600, "h"], [60, "min"], [1, "s"]];

const span = (seconds) => {
  const whole = Math.floor(Math.abs(seconds));
  const [size, unit] = UNITS.find(([size]) => whole >= size) ?? [1, "s"];
  return `${Math.floor(whole / size)} ${unit}`;
};

const FORMS = {
  ago: (seconds) => (seconds >= 1 ? `${span(seconds)} ago` : "now"),
  since: span,
  until: (seconds) => (seconds <= 0 ? `in ${span(seconds)}` : `${span(seconds)} overdue`),
};

export const refresh = (within = document) => {
  for (const time of within.querySelectorAll("time[data-time]")) {
    const seconds = (Date.now() - Date.parse(time.dateTime)) / 1000;
    const words = FORMS[time.dataset.time]?.(seconds);
    if (words && time.textContent !== words) time.textContent = words;
  }
};

setInterval(() => { if (!document.hidden) refresh(); }, 5000);
document.addEventListener("visibilitychange", () => { if (!document.hidden) refresh(); });
