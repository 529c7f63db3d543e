// Everything here is a convenience: each page works without it, but does not move by itself.
(() => {
  "use strict";
  const root = document.documentElement;
  const all = (selector, within = document) => within.querySelectorAll(selector);

  // --- Times: kept relative to now; in the browser's own zone for people who chose none

  const STEPS = [[60, "second", 1], [3600, "minute", 60], [86400, "hour", 3600], [Infinity, "day", 86400]];
  const day = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium" });
  const absolute = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeStyle: "long" });
  const relative = new Intl.RelativeTimeFormat("en", { numeric: "always", style: "short" });

  function ago(seconds) {
    const [, unit, size] = STEPS.find(([limit]) => Math.abs(seconds) < limit);
    return Math.abs(seconds) < 5 ? "just now" : relative.format(-Math.trunc(seconds / size), unit);
  }

  function refreshTimes() {
    const isOurZone = root.dataset.zone === "";
    for (const time of all("time")) {
      const then = new Date(time.dateTime), isAgo = "ago" in time.dataset;
      const seconds = (Date.now() - then) / 1000;
      if (isOurZone && isAgo) time.title = absolute.format(then);
      const exact = isOurZone ? (isAgo ? day : absolute).format(then) : time.textContent;
      const text = isAgo && Math.abs(seconds) < 30 * 86400 ? ago(seconds) : exact;
      if (time.textContent !== text) time.textContent = text;
    }
  }

  function refreshElapsed() {
    for (const element of all("[data-since]")) {
      const seconds = Math.max(0, Math.floor((Date.now() - new Date(element.dataset.since)) / 1000));
      const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
      if (hours) element.textContent = `${hours} h ${minutes} min`;
      else element.textContent = minutes ? `${minutes} min ${seconds % 60} s` : `${seconds} s`;
    }
  }

  // --- Live parts

  const isPoll = (event) => event.detail.elt.hasAttribute("data-live") && !event.detail.requestConfig.triggeringEvent;

  document.addEventListener("htmx:beforeRequest", (event) => {
    if (document.hidden && isPoll(event)) event.preventDefault();
  });

  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) for (const live of all("[data-live]")) window.htmx?.trigger(live, "wake");
  });

  // A poll that ends on another page (signed out, moved) must not be pasted into this one.
  document.addEventListener("htmx:beforeSwap", (event) => {
    const { xhr, pathInfo, requestConfig } = event.detail;
    const landed = new URL(xhr.responseURL || location.href).pathname;
    if (requestConfig.verb !== "get" || landed === new URL(pathInfo.finalRequestPath, location.href).pathname) return;
    event.preventDefault();
    location.reload();
  });

  const say = (connected) => {
    for (const notice of all("#disconnected")) notice.hidden = connected;
  };
  document.addEventListener("htmx:sendError", () => say(false));
  document.addEventListener("htmx:responseError", () => say(false));
  document.addEventListener("htmx:afterOnLoad", () => say(true));

  const refreshTitle = () => {
    for (const source of all("[data-title]")) document.title = source.dataset.title;
  };

  // --- Files: drop them anywhere on the desk, see them travel

  function addDropZone(zone) {
    const input = zone.querySelector("input[type=file]");
    const mark = (on) => zone.classList.toggle("is-over", on);
    zone.addEventListener("dragover", (event) => { event.preventDefault(); mark(true); });
    zone.addEventListener("dragleave", () => mark(false));
    zone.addEventListener("drop", (event) => {
      event.preventDefault();
      mark(false);
      if (!event.dataTransfer.files.length) return;
      input.files = event.dataTransfer.files;
      input.form.requestSubmit();
    });
    input.addEventListener("change", () => { if (input.files.length) input.form.requestSubmit(); });
    zone.classList.add("is-ready");
  }

  function showTravel(event) {
    const bar = event.target.querySelector("[data-upload-progress]");
    if (!bar || !event.detail.lengthComputable) return;
    const percent = Math.floor((100 * event.detail.loaded) / event.detail.total);
    bar.hidden = false;
    bar.querySelector("progress").value = percent;
    bar.querySelector("output").textContent = percent < 100 ? `${percent} % sent` : "All sent; being read";
  }
  document.addEventListener("htmx:xhr:progress", showTravel);

  // --- What is open stays open, also when its part of the page comes again

  const folds = new Map();
  document.addEventListener("toggle", ({ target }) => { if (target.matches("details[id]")) folds.set(target.id, target.open); }, true);
  document.addEventListener("htmx:afterSwap", () => {
    for (const fold of all("details[id]")) fold.open = folds.get(fold.id) ?? fold.open;
  });

  // --- Trays and orders

  // What arrives in a tray opens it; the browser closes it and gives the focus back.
  document.addEventListener("htmx:afterSwap", ({ detail: { target } }) => {
    if (target.popover && !target.matches(":popover-open")) target.showPopover();
  });

  // Things in an order are dragged to their place; its buttons do the same from the keyboard.
  let dragged = null;
  document.addEventListener("dragstart", (event) => { dragged = event.target.closest?.("[data-order] > li"); });
  document.addEventListener("dragend", () => { dragged = null; });
  document.addEventListener("dragover", (event) => {
    const over = dragged && event.target.closest?.("[data-order] > li");
    if (!over) return;
    event.preventDefault();
    const { top, height } = over.getBoundingClientRect();
    if (over !== dragged) over[event.clientY < top + height / 2 ? "before" : "after"](dragged);
  });

  // In a grid, arrow keys lead from cell to cell, over those that cannot be opened.
  const ARROWS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
  document.addEventListener("keydown", (event) => {
    const step = ARROWS[event.key];
    let cell = event.target.closest?.(".grid :is(th, td)");
    if (!step || !cell || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const { rows } = cell.closest("table");
    let [row, column] = [cell.parentNode.rowIndex, cell.cellIndex];
    do cell = rows[row += step[0]]?.cells[column += step[1]]; while (cell && !cell.querySelector("a"));
    if (cell) { event.preventDefault(); cell.querySelector("a").focus(); }
  });

  // --- Small things

  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-theme-toggle]")) window.easelTheme.toggle();
    for (const menu of all("details.menu[open]")) if (!menu.contains(event.target)) menu.open = false;
  });

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") for (const menu of all("details.menu[open]")) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
    const typing = event.target.closest?.("input, select, textarea");
    if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey) {
      const search = document.querySelector("input[type=search]");
      if (search) { event.preventDefault(); search.focus(); }
    }
  });

  // A filter takes effect as soon as it is chosen; its button is for those without JavaScript.
  document.addEventListener("change", (event) => {
    if (event.target.matches("form[data-auto] select, form[data-auto] input[type=date]")) event.target.form.requestSubmit();
  });

  // The second click of a double click sends nothing.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post" || form.hasAttribute("hx-post")) return;
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "yes";
  });
  addEventListener("pageshow", () => { for (const form of all("form[data-sent]")) delete form.dataset.sent; });

  function enliven() {
    refreshTimes();
    refreshTitle();
    for (const zone of all("[data-drop-zone]:not(.is-ready)")) addDropZone(zone);
  }
  document.addEventListener("htmx:afterSettle", enliven);
  setInterval(refreshTimes, 5000);
  setInterval(refreshElapsed, 1000);
  enliven();
})();
