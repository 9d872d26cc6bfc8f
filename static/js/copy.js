// Copy buttons: `data-copy` names the element whose text they copy. Without this script there are none. What a button
// begins with becomes "Copied" for a moment; the rest of its name stays.
const said = document.createElement("p");
said.className = "unseen";
said.setAttribute("role", "status");
document.body.append(said);

async function copy(element) {
  try {
    await navigator.clipboard.writeText(element.textContent);
  } catch {
    // Browsers lend the clipboard only to https and to this machine; the old way works everywhere.
    const selection = getSelection();
    selection.selectAllChildren(element);
    const done = document.execCommand("copy");
    if (done) selection.removeAllRanges();
    return done;
  }
  return true;
}

for (const button of document.querySelectorAll("[data-copy]")) {
  button.hidden = false;
  const word = button.firstChild;
  const usual = word.data;
  button.addEventListener("click", async () => {
    const done = await copy(document.getElementById(button.dataset.copy));
    word.data = done ? "Copied" : "Press Ctrl-C";
    said.textContent = done ? "Copied to the clipboard." : "The text is selected. Press Ctrl-C to copy it.";
    setTimeout(() => (word.data = usual), 2000);
  });
}
