/* The times on a map's lines: they never lie on each other, nor on marks. What is drawn last matters most and is placed first. */
const labels = (() => {
  "use strict";
  const LABEL_SPOTS = [0.42, 0.3, 0.55, 0.2, 0.68, 0.12, 0.8, 0];
  const CLEARANCE_PX = 3;
  const BESIDE_PX = 8;
  const FURTHER_BESIDE_PX = [BESIDE_PX, 20, 32, 44]; // for a label that must be shown
  const OBSTACLE_PX = 14;
  const all = [];
  const obstacles = [];
  let map = null;

  function start(drawn) {
    map = drawn;
  }

  function keepOff(thing) {
    if (thing.size >= OBSTACLE_PX) obstacles.push(thing);
  }

  function add(layer, row, path) {
    const html = document.createElement("span");
    html.className = "rg-label " + row.css;
    html.textContent = row.label;
    const icon = L.divIcon({ className: "rg-label-spot", html, iconSize: [0, 0] });
    const mark = L.marker(path[0], { icon, interactive: false, keyboard: false, pane: "tooltipPane" });
    all.push({ mark, layer, path, html, always: row.always });
    layer.addLayer(mark);
  }

  let waiting = 0;
  function soon() {
    cancelAnimationFrame(waiting);
    waiting = requestAnimationFrame(place);
  }

  function taken() {
    const frame = map.getContainer().getBoundingClientRect();
    const boxes = [];
    for (const over of paper.printing() ? [] : document.querySelectorAll(".rg-panel, .leaflet-control")) {
      const box = over.getBoundingClientRect();
      if (box.width) boxes.push([box.left - frame.left, box.top - frame.top, box.right - frame.left, box.bottom - frame.top]);
    }
    for (const thing of obstacles) {
      if (!map.hasLayer(thing.layer)) continue;
      const spot = map.latLngToContainerPoint(thing.at).add([thing.right, thing.down]);
      boxes.push([spot.x - thing.size / 2, spot.y - thing.size / 2, spot.x + thing.size / 2, spot.y + thing.size / 2]);
    }
    return boxes;
  }

  function crosses(a, b) {
    return a[0] < b[2] + CLEARANCE_PX && b[0] < a[2] + CLEARANCE_PX && a[1] < b[3] + CLEARANCE_PX && b[1] < a[3] + CLEARANCE_PX;
  }

  function overlap(a, b) {
    return Math.max(0, Math.min(a[2], b[2]) - Math.max(a[0], b[0])) * Math.max(0, Math.min(a[3], b[3]) - Math.max(a[1], b[1]));
  }

  function leastCovered(spots, boxes) {
    const covered = spots.map(({ box }) => boxes.reduce((sum, other) => sum + overlap(box, other), 0));
    return spots[covered.indexOf(Math.min(...covered))];
  }

  /* on the line first, then beside it */
  function spotsOf(label, width, height) {
    const ends = label.path.map((at) => map.latLngToLayerPoint(at));
    const lengths = [0];
    for (let i = 1; i < ends.length; i++) lengths.push(lengths[i - 1] + ends[i].distanceTo(ends[i - 1]));
    const total = lengths[lengths.length - 1];
    const onLine = LABEL_SPOTS.map((share) => {
      const next = Math.max(1, lengths.findIndex((length) => length >= share * total));
      const part = (share * total - lengths[next - 1]) / (lengths[next] - lengths[next - 1] || 1);
      return ends[next - 1].add(ends[next].subtract(ends[next - 1]).multiplyBy(part));
    });
    const gaps = label.always ? FURTHER_BESIDE_PX : [BESIDE_PX];
    const aside = gaps.flatMap((gap) => [width / 2 + gap, -width / 2 - gap]).flatMap((right) => onLine.map((spot) => spot.add([right, 0])));
    return [...onLine, ...aside].map((spot) => {
      const seen = map.layerPointToContainerPoint(spot);
      return { spot, box: [seen.x - width / 2, seen.y - height / 2, seen.x + width / 2, seen.y + height / 2] };
    });
  }

  function place() {
    const boxes = taken();
    const size = map.getSize();
    for (const label of [...all].reverse()) {
      if (!map.hasLayer(label.layer)) continue;
      const [width, height] = [label.html.offsetWidth, label.html.offsetHeight];
      const inView = spotsOf(label, width, height).filter(({ box }) => box[0] > 0 && box[1] > 0 && box[2] < size.x && box[3] < size.y);
      const chosen = inView.find(({ box }) => !boxes.some((other) => crosses(box, other))) || (label.always && leastCovered(inView, boxes));
      label.html.style.visibility = chosen ? "visible" : "hidden";
      if (!chosen) continue;
      boxes.push(chosen.box);
      label.mark.setLatLng(map.layerPointToLatLng(chosen.spot));
    }
  }

  return { start, keepOff, add, soon, place };
})();
