// Shows passwords on request and ticks each rule as it is met. The server checks the same rules again.
(() => {
  const meets = {
    length: (p) => [...p].length >= 14,
    lower: (p) => /\p{Lowercase}/u.test(p),
    upper: (p) => /\p{Uppercase}/u.test(p),
    digit: (p) => /\p{N}/u.test(p),
    symbol: (p) => /[^\p{Alphabetic}\p{N}]/u.test(p),
  };
  document.querySelectorAll("[data-password]").forEach((box, index) => {
    const fields = [...box.querySelectorAll("input[type=password]")];
    const row = document.createElement("div");
    const check = document.createElement("input");
    const label = document.createElement("label");
    row.className = "field check";
    check.type = "checkbox";
    check.id = `show-password-${index}`;
    label.htmlFor = check.id;
    label.textContent = box.dataset.show;
    check.addEventListener("change", () => fields.forEach((f) => { f.type = check.checked ? "text" : "password"; }));
    box.closest("form").addEventListener("submit", () => fields.forEach((f) => { f.type = "password"; }));
    row.append(check, label);
    box.append(row);

    const rules = [...box.querySelectorAll("[data-rule]")];
    if (!rules.length) return;
    const states = rules.map((rule) => {
      const state = document.createElement("span");
      state.className = "unseen";
      rule.append(" ", state);
      return state;
    });
    const show = () => rules.forEach((rule, i) => {
      const met = meets[rule.dataset.rule]?.(fields[0].value) ?? false;
      rule.classList.toggle("met", met);
      states[i].textContent = `(${met ? box.dataset.met : box.dataset.unmet})`;
    });
    fields[0].addEventListener("input", show);
    show();
  });
})();
