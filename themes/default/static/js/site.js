// Comforts of the public pages. Every page is complete without this file.
(function () {
  "use strict";
  var root = document.documentElement;
  var sizes = ["size-s", "", "size-l", "size-xl", "size-xxl"];

  function load(key) { try { return localStorage.getItem(key); } catch (e) { return null; } }
  function save(key, value) { try { localStorage.setItem(key, value); } catch (e) { /* Storage may be refused. */ } }
  function each(selector, act) { Array.prototype.forEach.call(document.querySelectorAll(selector), act); }

  function size(step) {
    sizes.forEach(function (name) { if (name) root.classList.remove(name); });
    if (sizes[step]) root.classList.add(sizes[step]);
  }
  function contrast(on) {
    root.classList.toggle("contrast", on);
    each("[data-contrast]", function (b) { b.setAttribute("aria-pressed", String(on)); });
  }

  var stored = parseInt(load("size"), 10);
  var step = stored >= 0 && stored < sizes.length ? stored : 1;
  size(step);
  contrast(load("contrast") === "1");

  each("[data-tools], [data-js]", function (part) { part.hidden = false; });
  each("[data-size]", function (button) {
    button.addEventListener("click", function () {
      var move = parseInt(button.getAttribute("data-size"), 10);
      step = move === 0 ? 1 : Math.max(0, Math.min(sizes.length - 1, step + move));
      size(step);
      save("size", step);
    });
  });
  each("[data-contrast]", function (button) {
    button.addEventListener("click", function () {
      var on = !root.classList.contains("contrast");
      contrast(on);
      save("contrast", on ? "1" : "0");
    });
  });
  each("[data-print]", function (button) {
    button.addEventListener("click", function () { window.print(); });
  });
  each("[data-copy]", function (button) {
    if (!navigator.clipboard) { button.parentNode.hidden = true; return; }
    button.addEventListener("click", function () {
      navigator.clipboard.writeText(button.getAttribute("data-copy")).then(function () {
        button.textContent = button.getAttribute("data-done");
        each("[data-status]", function (s) { s.textContent = button.getAttribute("data-done"); });
      });
    });
  });
  each("[data-menu]", function (menu) {
    document.addEventListener("click", function (event) { if (!menu.contains(event.target)) menu.open = false; });
    menu.addEventListener("keydown", function (event) {
      if (event.key === "Escape" && menu.open) { menu.open = false; menu.querySelector("summary").focus(); }
    });
  });
})();
