// The form of a resource, made handier: the chosen cover is shown before it is
// saved, and authors are moved with buttons instead of numbers.
document.addEventListener("DOMContentLoaded", () => {
  const field = document.getElementById("id_new_cover");
  field?.addEventListener("change", () => {
    document.querySelector(".new-cover")?.remove();
    const [file] = field.files;
    if (!file?.type.startsWith("image/")) return;
    const image = new Image();
    image.className = "new-cover";
    image.alt = "";
    image.src = URL.createObjectURL(file);
    image.onload = () => URL.revokeObjectURL(image.src);
    field.after(image);
  });

  const rows = () =>
    [...document.querySelectorAll("#contributions-group tr.form-row:not(.empty-form)")];

  function number() {
    rows().forEach((row, i) => {
      const place = row.querySelector("[data-place]");
      if (row.querySelector("select")?.value) place.value = i + 1;
    });
  }

  function equip(row) {
    const place = row.querySelector("[data-place]");
    if (!place || row.querySelector(".place")) return;
    const buttons = document.createElement("span");
    buttons.className = "place";
    for (const [sign, step] of [["↑", -1], ["↓", 1]]) {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = sign;
      button.setAttribute("aria-label", step < 0 ? gettext("Up") : gettext("Down"));
      button.addEventListener("click", () => {
        const all = rows();
        const other = all[all.indexOf(row) + step];
        if (!other?.querySelector("[data-place]")) return;
        if (step < 0) other.before(row);
        else other.after(row);
        number();
        button.focus();
      });
      buttons.append(button);
    }
    place.after(buttons);
  }

  rows().forEach(equip);
  document.addEventListener("formset:added", (event) => equip(event.target));
});
