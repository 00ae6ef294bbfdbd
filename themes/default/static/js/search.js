// Suggestions while a query is typed, and the count of results that are opened. Searching is complete without this file.
(function () {
  "use strict";
  var WAIT = 120; // Milliseconds without a key before the server is asked.
  var LEAST = 2; // Letters or digits.

  function make(tag, attributes) {
    var it = document.createElement(tag);
    Object.keys(attributes).forEach(function (name) { it.setAttribute(name, attributes[name]); });
    return it;
  }

  /** The option of a suggestion: a real link, so that it also opens in a new tab. Null for an address that is no page. */
  function option(item, id) {
    var link = make("a", { id: id, role: "option", tabindex: "-1", "aria-selected": "false", href: String(item.url) });
    if (link.protocol !== "https:" && link.protocol !== "http:") return null;
    link.appendChild(make("span", {})).textContent = item.text;
    if (item.kind) link.appendChild(make("small", {})).textContent = item.kind;
    return link;
  }

  /** Turns a field into an editable combobox of WAI-ARIA 1.2, whose list only offers: what is typed can always be sent. */
  function combobox(input) {
    var list = make("div", { id: input.id + "-goi-y", class: "suggest", role: "listbox", "aria-label": input.dataset.label, hidden: "" });
    var status = make("span", { class: "sr", role: "status" });
    var options = [];
    var active = -1;
    var asked = "";
    var timer = 0;
    var request = null;

    function choose(index) {
      options.forEach(function (link, at) { link.setAttribute("aria-selected", String(at === index)); });
      active = index;
      if (index < 0) { input.removeAttribute("aria-activedescendant"); return; }
      input.setAttribute("aria-activedescendant", options[index].id);
      options[index].scrollIntoView({ block: "nearest" });
    }
    function open(on) {
      choose(-1);
      list.hidden = !on;
      input.setAttribute("aria-expanded", String(on));
    }
    function forget() {
      clearTimeout(timer);
      if (request) request.abort();
      request = null;
    }
    function show(items) {
      list.textContent = "";
      options = items.map(function (item, at) { return option(item, list.id + "-" + at); }).filter(Boolean);
      options.forEach(function (link) { list.appendChild(link); });
      open(options.length > 0);
      status.textContent = options.length ? input.dataset.found.replace("{count}", options.length) : input.dataset.none;
    }
    function ask(query) {
      var mine = new AbortController();
      request = mine;
      fetch(input.dataset.suggest + "?q=" + encodeURIComponent(query), { signal: mine.signal, headers: { Accept: "application/json" } })
        .then(function (answer) { return answer.ok ? answer.json() : { suggestions: [] }; })
        .then(function (found) { if (request === mine && document.activeElement === input) show(found.suggestions); })
        .catch(function () { if (request === mine) { options = []; open(false); } });
    }
    function typed() {
      var query = input.value.normalize("NFC").trim();
      if (query === asked) return;
      asked = query;
      forget();
      if (query.replace(/[^\p{L}\p{N}]/gu, "").length < LEAST) {
        options = [];
        status.textContent = "";
        open(false);
        return;
      }
      timer = setTimeout(function () { ask(query); }, WAIT);
    }
    function walk(step) {
      if (!options.length) return false;
      if (list.hidden) open(true);
      // The field itself is one stop of the round.
      var stops = options.length + 1;
      choose((active + 1 + step + stops) % stops - 1);
      return true;
    }
    function pressed(event) {
      var done = false;
      if (event.isComposing) return; // The key belongs to the input method.
      if (event.key === "ArrowDown") done = walk(1);
      else if (event.key === "ArrowUp") done = walk(-1);
      else if (event.key === "Escape" && !list.hidden) { open(false); done = true; }
      else if (event.key === "Enter" && active >= 0) { options[active].click(); done = true; }
      if (done) event.preventDefault();
    }

    input.setAttribute("role", "combobox");
    input.setAttribute("aria-autocomplete", "list");
    input.setAttribute("aria-controls", list.id);
    input.setAttribute("aria-expanded", "false");
    input.parentNode.append(list, status);
    input.addEventListener("input", typed);
    input.addEventListener("keydown", pressed);
    input.addEventListener("blur", function () { forget(); asked = ""; open(false); });
    input.form.addEventListener("submit", function () { forget(); open(false); });
    // The focus stays in the field while an option is clicked.
    list.addEventListener("mousedown", function (event) { event.preventDefault(); });
    list.addEventListener("click", function () { open(false); });
  }

  /** Says that a result was opened: the query, and neither which result nor who the reader is. */
  function opened(event) {
    var link = event.target.closest("[data-rank]");
    var list = link && link.closest("[data-opened]");
    if (!list || !navigator.sendBeacon || (event.type === "auxclick" && event.button !== 1)) return;
    navigator.sendBeacon(list.dataset.opened, "q=" + encodeURIComponent(list.dataset.query));
  }

  if (window.AbortController) document.querySelectorAll("[data-suggest]").forEach(combobox);
  document.addEventListener("click", opened);
  document.addEventListener("auxclick", opened);
})();
