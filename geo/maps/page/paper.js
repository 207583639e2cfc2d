/* A printed map: what is folded on screen is read on paper, and the map keeps the part that was looked at. */
const paper = (() => {
  "use strict";
  const PAPER = "rg-paper"; // print.css gives the map its size on paper under this class
  let before = null; // what to put back

  function putOn(map, panelWidth, refresh) {
    const size = map.getSize();
    const middle = map.containerPointToLatLng([(panelWidth() + size.x) / 2, size.y / 2]);
    const folds = [...document.querySelectorAll(".rg-panel, .rg-panel details")].filter((fold) => !fold.open);
    before = { middle: map.getCenter(), folds };
    for (const fold of folds) fold.open = true;
    map.getContainer().classList.add(PAPER);
    look(map, middle);
    refresh();
  }

  function takeOff(map, refresh) {
    if (!before) return;
    for (const fold of before.folds) fold.open = false;
    map.getContainer().classList.remove(PAPER);
    look(map, before.middle);
    before = null;
    refresh();
  }

  function look(map, middle) {
    map.invalidateSize({ animate: false, pan: false });
    map.setView(middle, map.getZoom(), { animate: false });
  }

  function watch(map, panelWidth, refresh) {
    window.addEventListener("beforeprint", () => putOn(map, panelWidth, refresh));
    window.addEventListener("afterprint", () => takeOff(map, refresh));
  }

  return { watch, printing: () => before !== null };
})();
