// Lists typed one an input: rows are added and taken out on the spot. Without this the buttons ask the server.
const renumber = (list) => {
  [...list.children].forEach((row, at) => {
    const [text, button] = [row.querySelector("textarea"), row.querySelector("button")];
    text.setAttribute("aria-label", `${text.getAttribute("aria-label").replace(/ \d+$/, "")} ${at + 1}`);
    button.value = `${list.dataset.rows}-${at}`;
    button.setAttribute("aria-label", `Take row ${at + 1} out`);
  });
};

const add = (list, after = list.lastElementChild) => {
  const row = list.firstElementChild.cloneNode(true);
  row.querySelector("textarea").value = "";
  after.after(row);
  renumber(list);
  row.querySelector("textarea").focus();
};

const drop = (row) => {
  const list = row.parentElement;
  const near = row.nextElementSibling ?? row.previousElementSibling;
  if (near) row.remove();
  else row.querySelector("textarea").value = "";
  renumber(list);
  (near ?? row).querySelector("textarea").focus();
};

document.addEventListener("click", (event) => {
  const button = event.target.closest("button[name='more'], button[name='drop']");
  if (!button) return;
  event.preventDefault();
  if (button.name === "drop") drop(button.closest("li"));
  else add(button.form.querySelector(`[data-rows='${button.value}']`));
});

// Enter goes on to the next row; a line break within one is Shift+Enter.
document.addEventListener("keydown", (event) => {
  const row = event.target.closest?.(".rows-row textarea")?.closest("li");
  if (!row || event.key !== "Enter" || event.shiftKey || event.ctrlKey || event.metaKey || event.isComposing) return;
  event.preventDefault();
  add(row.parentElement, row);
});
