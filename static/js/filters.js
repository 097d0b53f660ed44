// Sends only what was filled in, so that the address is the canonical one at once,
// and sorts as soon as an order is chosen.
const form = document.querySelector("[data-filters]");

form.addEventListener("submit", () => {
  for (const field of form.elements) {
    const isDefault = field.name === "sort" && field.selectedIndex === 0;
    field.disabled = Boolean(field.name) && (isDefault || !field.value.trim());
  }
});

// Coming back shows the page as it was left, with fields switched off.
addEventListener("pageshow", () => {
  for (const field of form.elements) field.disabled = false;
});

for (const field of document.querySelectorAll("[data-submits]")) {
  field.addEventListener("change", () => form.requestSubmit());
}
for (const button of document.querySelectorAll("[data-without-script]")) button.hidden = true;
