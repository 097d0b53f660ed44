// Suggestions while typing: the combobox pattern of the ARIA Authoring Practices,
// https://www.w3.org/WAI/ARIA/apg/patterns/combobox/
const WAIT = 200;

for (const form of document.querySelectorAll("[data-suggest]")) {
  const field = form.querySelector("input[name=q]");
  const list = document.createElement("ul");
  let timer, request, chosen = -1;

  list.id = `${field.id}-suggestions`;
  list.className = "suggestions";
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", field.labels[0].textContent);
  list.hidden = true;
  form.append(list);
  for (const [name, value] of Object.entries({
    role: "combobox", autocomplete: "off", "aria-autocomplete": "list",
    "aria-expanded": "false", "aria-controls": list.id,
  })) field.setAttribute(name, value);

  function close() {
    clearTimeout(timer);
    request?.abort();
    list.hidden = true;
    chosen = -1;
    field.setAttribute("aria-expanded", "false");
    field.removeAttribute("aria-activedescendant");
  }

  function show(terms) {
    list.replaceChildren(...terms.map((term, i) => {
      const item = document.createElement("li");
      item.id = `${list.id}-${i}`;
      item.setAttribute("role", "option");
      item.dir = "auto";
      item.textContent = term;
      item.addEventListener("pointerdown", (event) => {
        event.preventDefault();
        take(term);
      });
      return item;
    }));
    chosen = -1;
    list.hidden = !terms.length;
    field.setAttribute("aria-expanded", String(!list.hidden));
  }

  function take(term) {
    field.value = term;
    close();
    form.requestSubmit();
  }

  function move(step) {
    const items = [...list.children];
    items[chosen]?.removeAttribute("aria-selected");
    chosen = (chosen + step + items.length + 1) % (items.length + 1);
    const item = items[chosen];
    if (!item) return field.removeAttribute("aria-activedescendant");
    item.setAttribute("aria-selected", "true");
    item.scrollIntoView({ block: "nearest" });
    field.setAttribute("aria-activedescendant", item.id);
  }

  async function ask() {
    request?.abort();
    request = new AbortController();
    const address = `${form.dataset.suggest}?${new URLSearchParams({ q: field.value })}`;
    try {
      const answer = await fetch(address, { signal: request.signal });
      if (answer.ok) show((await answer.json())[1]);
    } catch (error) {
      if (error.name !== "AbortError") close();
    }
  }

  field.addEventListener("input", () => {
    clearTimeout(timer);
    if (field.value.trim().length < 2) close();
    else timer = setTimeout(ask, WAIT);
  });
  field.addEventListener("blur", close);
  field.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !list.hidden) {
      event.preventDefault();
      close();
    } else if (!list.hidden && ["ArrowDown", "ArrowUp"].includes(event.key)) {
      event.preventDefault();
      // One place beyond the list stands for the field itself.
      if (chosen < 0) chosen = list.children.length;
      move(event.key === "ArrowDown" ? 1 : -1);
    } else if (event.key === "Enter" && list.children[chosen] && !list.hidden) {
      event.preventDefault();
      take(list.children[chosen].textContent);
    }
  });
}
