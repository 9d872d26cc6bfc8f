// Draws each chart from the table beneath it: a row is a place on the x axis, a column a line of its own.
const HEIGHT = 220;
const SECONDS = [60, 300, 900, 1800, 3600, 7200, 14400, 28800, 86400, 172800, 345600, 604800, 1209600];
const UNITS = [[86400, "d"], [3600, "h"], [60, "min"], [1, "s"]];

const span = (seconds) => {
  const [size, unit] = UNITS.find(([size]) => seconds >= size) ?? [1, "s"];
  return `${Math.round((seconds / size) * 10) / 10} ${unit}`;
};
const WRITTEN = {
  count: (value) => value.toLocaleString("en"),
  seconds: span,
  share: (value) => `${Math.round(value * 100)}%`,
};

// A colour as the theme has it now: what a canvas takes is a plain one.
const ink = (element, name) => {
  element.style.color = `var(--${name})`;
  const colour = getComputedStyle(element).color;
  element.style.color = "";
  return colour;
};
const faint = (colour, share) => colour.replace(/^rgba?\(([^,]+,[^,]+,[^,)]+).*$/, `rgba($1, ${share})`);

const read = (figure) => {
  const heads = [...figure.querySelectorAll(".chart-table th[data-ink]")];
  const rows = [...figure.querySelectorAll(".chart-table tbody tr")];
  const column = (at) => rows.map((row) => {
    const value = row.cells[at + 1].dataset.value;
    return value === "" ? null : Number(value);
  });
  return {
    kind: figure.dataset.chart,
    unit: figure.dataset.unit,
    labels: rows.map((row) => row.cells[0].textContent),
    series: heads.map((head, at) => ({ name: head.textContent, ink: head.dataset.ink, values: column(at) })),
  };
};

const piled = (series) => {
  const heights = [];
  for (const one of series) {
    const below = heights.at(-1);
    heights.push(one.values.map((value, at) => (value == null ? null : value + (below ? below[at] : 0))));
  }
  return heights;
};

const line = (chart, one, at, plot) => {
  const colour = ink(plot, one.ink);
  const written = (value) => (value == null ? "—" : WRITTEN[chart.unit](value));
  const shared = {
    label: one.name, stroke: colour, width: 1.5, spanGaps: true, points: { size: 5, fill: colour },
    value: (_, value, series, index) => (index == null ? "" : written(one.values[index])),
  };
  if (chart.kind === "bars") {
    return { ...shared, fill: at ? colour : faint(colour, 0.75), width: 0, points: { show: false }, paths: uPlot.paths.bars({ size: [0.7, 32] }) };
  }
  // A single day is no line yet, and is shown as what it is.
  const alone = one.values.filter((value) => value != null).length === 1;
  if (chart.kind === "areas") return { ...shared, fill: faint(colour, 0.35), points: { ...shared.points, show: alone } };
  return shared;
};

const range = (chart, values) => {
  const most = Math.max(0, ...values.flat().filter((value) => value != null));
  if (chart.unit === "share") return [0, Math.max(0.1, most)];
  if (chart.kind !== "areas") return [0, Math.max(chart.unit === "seconds" ? 60 : 4, most * 1.05)];
  // What was done long ago would press everything else flat against the top.
  const least = Math.min(...values[0].filter((value) => value != null));
  return [least > most / 2 ? least : 0, Math.max(4, most)];
};

const options = (chart, values, plot) => {
  const soft = ink(plot, "soft");
  const axis = { stroke: soft, font: "12px system-ui, sans-serif", ticks: { show: false }, grid: { stroke: ink(plot, "line"), width: 1 } };
  const [least, most] = range(chart, values);
  const last = chart.labels.length - 1;
  return {
    width: plot.clientWidth, height: HEIGHT, padding: [8, 12, 0, 0], cursor: { y: false, drag: { x: false, y: false } },
    legend: { live: true },
    scales: { x: { time: false, range: [chart.kind === "bars" ? -0.6 : 0, last + (chart.kind === "bars" ? 0.6 : 0)] }, y: { range: [least, most] } },
    axes: [
      { ...axis, grid: { show: false }, space: 72, incrs: [1, 2, 3, 7, 14, 28], size: 30, values: (_, places) => places.map((at) => (chart.labels[at] ?? "").split(" – ")[0]) },
      { ...axis, size: 52, incrs: chart.unit === "seconds" ? SECONDS : chart.unit === "share" ? [0.02, 0.05, 0.1, 0.2, 0.25, 0.5] : [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000, 50000, 100000, 1000000], values: (_, places) => places.map(WRITTEN[chart.unit]) },
    ],
    series: [
      { label: "Day", value: (_, at) => (at == null ? "" : chart.labels[at]) },
      ...chart.series.map((one, at) => line(chart, one, at, plot)),
    ],
    bands: chart.kind === "areas" ? chart.series.slice(1).map((_, at) => ({ series: [at + 2, at + 1] })) : [],
  };
};

const draw = (figure) => {
  const plot = figure.querySelector(".chart-plot");
  const chart = read(figure);
  const values = chart.kind === "areas" ? piled(chart.series) : chart.series.map((one) => one.values);
  figure.drawn?.destroy();
  figure.drawn = new uPlot(options(chart, values, plot), [chart.labels.map((_, at) => at), ...values], plot);
};

const drawAll = () => document.querySelectorAll("[data-chart]").forEach(draw);
const resized = new ResizeObserver((entries) => {
  for (const { target } of entries) {
    const drawn = target.closest("[data-chart]").drawn;
    if (drawn && drawn.width !== target.clientWidth) drawn.setSize({ width: target.clientWidth, height: HEIGHT });
  }
});

drawAll();
document.querySelectorAll(".chart-plot").forEach((plot) => resized.observe(plot));
document.addEventListener("agentboard:theme", drawAll);
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", drawAll);
