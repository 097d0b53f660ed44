// Buttons that copy a text with its italics; where the browser does not let them,
// they select it.
const places = [...document.querySelectorAll("[data-copy]")].map((place) => ({
  text: place.querySelector("p"),
  button: place.querySelector("button"),
  status: place.querySelector("[role=status]"),
}));

async function copy(text) {
  const forms = { "text/plain": text.textContent, "text/html": text.innerHTML };
  for (const type in forms) forms[type] = new Blob([forms[type].trim()], { type });
  await navigator.clipboard.write([new ClipboardItem(forms)]);
}

for (const { text, button, status } of places) {
  button.parentElement.hidden = false;
  button.addEventListener("click", async () => {
    // Only the last one is on the clipboard; and what was said is said again.
    for (const other of places) other.status.textContent = "";
    try {
      await copy(text);
      status.textContent = status.dataset.copied;
    } catch {
      getSelection().selectAllChildren(text);
      status.textContent = status.dataset.selected;
    }
  });
}
