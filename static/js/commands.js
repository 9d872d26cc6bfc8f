// Keys that are commands: pressed alone, and not into a field, where they are letters of a text.
const FIELDS = "input, textarea, select, [contenteditable]";

export const isCommand = (event) =>
  !event.ctrlKey && !event.metaKey && !event.altKey && !event.target.closest(FIELDS);
