// A mention leads to `/board/agents#name`. Where that name is on another page of the list, its own page is shown.
const show = () => {
  const name = decodeURIComponent(location.hash.slice(1));
  if (/^[a-z0-9][a-z0-9._-]*$/.test(name) && name !== "main" && !document.getElementById(name)) {
    location.replace(`/board/agents/${name}`);
  }
};

window.addEventListener("hashchange", show);
show();
