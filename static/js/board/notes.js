// News for the person: a refusal in its own words, in the page's place for them, which is read out.
const place = () => document.getElementById("refusal");

/** Show what the server said when it refused: the alerts of its answer, or a sentence where it has none. */
export const refused = async (answer) => {
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const said = [...page.querySelectorAll(".note-refusal p, p.note-refusal")].map((one) => one.textContent.trim());
  say(said.filter(Boolean).join(" ") || "That was refused; nothing was changed.", { refusal: true });
};

/** Show a sentence. */
export const say = (sentence, { refusal = false } = {}) => {
  const note = document.createElement("div");
  const text = document.createElement("p");
  const button = document.createElement("button");
  note.className = refusal ? "note note-refusal" : "note";
  text.textContent = sentence;
  button.type = "button";
  button.className = "button button-quiet";
  button.dataset.dismiss = "";
  button.setAttribute("aria-label", "Dismiss");
  button.textContent = "×";
  note.append(text, button);
  place().replaceChildren(note);
};
