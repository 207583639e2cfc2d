/* What the maps' pages do. Data arrives as JSON and enters the document as text only, never as markup. */
const rescue = (() => {
  "use strict";
  const PHONE = window.matchMedia("(max-width: 760px)");
  const STILL = window.matchMedia("(prefers-reduced-motion: reduce)");
  const places = new Map(); // key of a mark -> {mark, layer}
  let theMap = null;

  function element(tag, css, text) {
    const made = document.createElement(tag);
    if (css) made.className = css;
    if (text !== undefined) made.textContent = text;
    return made;
  }

  /* ---- the map itself ---- */
  function start(map, { licence }) {
    theMap = map;
    map.setView([0, 0], map.options.minZoom);
    L.control.attribution({ prefix: "Leaflet", position: "bottomright" }).addAttribution(licence).addTo(map);
    L.control.scale({ imperial: false, position: "bottomright", maxWidth: 140 }).addTo(map);
    const frame = map.getContainer();
    frame.setAttribute("role", "application");
    frame.setAttribute("aria-label", document.title);
    new ResizeObserver(() => map.invalidateSize({ pan: false })).observe(frame);
    labels.start(map);
    map.on("moveend zoomend resize layeradd layerremove", labels.soon);
    document.addEventListener("click", (event) => {
      const row = event.target.closest("[data-go]");
      if (row) go(row.dataset.go);
    });
    for (const fold of document.querySelectorAll("details.rg-panel")) fold.addEventListener("toggle", labels.soon);
    paper.watch(map, panelWidth, labels.place);
  }

  function panelWidth() {
    const panel = document.querySelector(".rg-panel");
    return panel && !PHONE.matches ? panel.getBoundingClientRect().right : 0;
  }

  function show(map, [south, west, north, east]) {
    map.invalidateSize({ animate: false });
    const legend = document.querySelector(".rg-legend");
    const right = legend && legend.open && !PHONE.matches ? legend.offsetWidth : 20;
    map.fitBounds([[south, west], [north, east]], {
      paddingTopLeft: [panelWidth() + 36, 36],
      paddingBottomRight: [right, 36],
      maxZoom: 16,
      animate: false,
    });
  }

  function go(key) {
    const place = places.get(key);
    if (!place) return;
    if (!theMap.hasLayer(place.layer)) {
      theMap.addLayer(place.layer);
      for (const box of document.querySelectorAll("[data-layer]")) box.checked = theMap.hasLayer(window[box.dataset.layer]);
    }
    const zoom = Math.max(theMap.getZoom(), 14);
    const spot = theMap.project(place.mark.getLatLng(), zoom).subtract([panelWidth() / 2, 60]);
    theMap.once("moveend", () => place.mark.openPopup());
    theMap.setView(theMap.unproject(spot, zoom), zoom, { animate: !STILL.matches });
  }

  /* ---- roads: canvas tiles straight from the packed numbers ---- */
  function unpacked({ per_degree, counts, moves }) {
    const points = new Float64Array(moves.length);
    for (let i = 0, lon = 0, lat = 0; i < moves.length; i += 2) {
      points[i] = (lon += moves[i]) / per_degree;
      points[i + 1] = (lat += moves[i + 1]) / per_degree;
    }
    return { counts, points };
  }

  function worldLines(packed) {
    const { counts, points } = unpacked(packed);
    for (let i = 0; i < points.length; i += 2) {
      const sin = Math.sin((points[i + 1] * Math.PI) / 180);
      points[i] = points[i] / 360 + 0.5;
      points[i + 1] = 0.5 - Math.log((1 + sin) / (1 - sin)) / (4 * Math.PI);
    }
    const boxes = new Float64Array(counts.length * 4);
    for (let line = 0, at = 0; line < counts.length; line++) {
      let [west, north, east, south] = [Infinity, Infinity, -Infinity, -Infinity];
      for (let k = 0; k < counts[line]; k++, at += 2) {
        west = Math.min(west, points[at]);
        east = Math.max(east, points[at]);
        north = Math.min(north, points[at + 1]);
        south = Math.max(south, points[at + 1]);
      }
      boxes.set([west, north, east, south], line * 4);
    }
    return { counts, points, boxes };
  }

  function drawLines(pen, { counts, points, boxes }, scale, left, top, right, bottom) {
    pen.beginPath();
    for (let line = 0, at = 0; line < counts.length; at += counts[line] * 2, line++) {
      const box = line * 4;
      if (boxes[box] > right || boxes[box + 2] < left || boxes[box + 1] > bottom || boxes[box + 3] < top) continue;
      pen.moveTo((points[at] - left) * scale, (points[at + 1] - top) * scale);
      for (let k = 1; k < counts[line]; k++) {
        pen.lineTo((points[at + 2 * k] - left) * scale, (points[at + 2 * k + 1] - top) * scale);
      }
    }
    pen.stroke();
  }

  const Roads = L.GridLayer.extend({
    createTile(coords) {
      const size = this.getTileSize().x;
      const sharp = Math.min(window.devicePixelRatio || 1, 2);
      const tile = document.createElement("canvas");
      tile.width = tile.height = size * sharp;
      const pen = tile.getContext("2d");
      pen.scale(sharp, sharp);
      pen.lineCap = pen.lineJoin = "round";
      const scale = 256 * 2 ** coords.z;
      const [left, top] = [(coords.x * size) / scale, (coords.y * size) / scale];
      const margin = 8 / scale;
      for (const group of this.options.groups) {
        if (coords.z < group.from_zoom) continue;
        pen.strokeStyle = group.colour;
        pen.lineWidth = group.width * Math.max(0.6, 1.28 ** (coords.z - 14));
        pen.save();
        pen.translate(-margin * scale, -margin * scale);
        drawLines(pen, group.lines, scale, left - margin, top - margin, left + size / scale + margin, top + size / scale + margin);
        pen.restore();
      }
      return tile;
    },
  });

  function roads(layer, groups) {
    for (const group of groups) group.lines = worldLines(group);
    layer.addLayer(new Roads({ groups, tileSize: 512, updateWhenZooming: false, keepBuffer: 1 }));
  }

  /* ---- marks, lines and areas ---- */
  function popup(row) {
    const box = element("div", "rg-popup");
    box.append(element("p", "rg-meaning", row.meaning));
    box.append(element("h2", "", row.title));
    for (const fact of row.facts) box.append(element("p", "rg-fact", fact));
    if (row.synthetic) box.append(element("p", "rg-chip", row.synthetic));
    return box;
  }

  function symbol(row) {
    const shape = element("span", "rg-mark " + row.css);
    shape.style.width = shape.style.height = row.size + "px";
    shape.append(element("b", "", row.text));
    return shape;
  }

  function explained(thing, row) {
    thing.bindPopup(() => popup(row), { minWidth: 180, maxWidth: 300, autoPanPadding: [24, 24] });
    thing.bindTooltip(() => element("span", "", row.title), { direction: "top", offset: [0, -row.touch / 2 || 0], sticky: !row.touch });
    thing.on("add", () => {
      const drawn = thing.getElement();
      if (!drawn) return;
      drawn.setAttribute("aria-label", row.name);
      drawn.setAttribute("role", "button");
      drawn.setAttribute("tabindex", "0");
    });
    return thing;
  }

  function marks(layer, rows) {
    for (const row of rows) {
      const [right, down] = row.shift;
      const icon = L.divIcon({
        className: "rg-touch",
        html: symbol(row),
        iconSize: [row.touch, row.touch],
        iconAnchor: [row.touch / 2 - right, row.touch / 2 - down],
        popupAnchor: [right, down - row.size / 2],
      });
      const mark = explained(L.marker(row.at, { icon, zIndexOffset: row.height * 1000, riseOnHover: true }), row);
      places.set(row.key, { mark, layer });
      labels.keepOff({ layer, at: row.at, right, down, size: row.size });
      layer.addLayer(mark);
    }
  }

  function lines(layer, rows, pane = "overlayPane") {
    for (const row of rows) {
      const { points } = unpacked(row.path);
      const path = [];
      for (let i = 0; i < points.length; i += 2) path.push([points[i + 1], points[i]]);
      layer.addLayer(L.polyline(path, { className: "rg-casing " + row.css, interactive: false, pane }));
      layer.addLayer(explained(L.polyline(path, { className: "rg-line " + row.css, pane }), row));
      if (row.label) labels.add(layer, row, path);
    }
  }

  /* ---- trails: over the routes, whose times come first ---- */
  function trails(layer, rows) {
    theMap.createPane("rg-trails").style.zIndex = 450;
    for (const row of rows) {
      const drawn = [["trail", row.path], ["trail newest", row.newest]].map(([css, path]) => ({ ...row, css, path }));
      lines(layer, drawn, "rg-trails");
      for (const { label, at } of row.times) labels.add(layer, { css: "trail", label, always: false }, [at, at]);
    }
  }

  /* ---- arrows: lines with a head that keeps its size ---- */
  function arrows(layer, rows) {
    lines(layer, rows);
    for (const row of rows) {
      const { points } = unpacked(row.path);
      const [before, tip] = [points.slice(-4, -2), points.slice(-2)].map(([lon, lat]) => L.latLng(lat, lon));
      const way = theMap.project(tip, 18).subtract(theMap.project(before, 18));
      const head = element("span", "rg-arrow-head " + row.css);
      head.style.transform = `rotate(${Math.atan2(way.y, way.x)}rad)`;
      const icon = L.divIcon({ className: "rg-label-spot", html: head, iconSize: [0, 0] });
      layer.addLayer(L.marker(tip, { icon, interactive: false, keyboard: false }));
    }
  }

  function areas(layer, rows) {
    for (const row of rows) {
      layer.addLayer(explained(L.geoJSON(row.geometry, { style: { className: "rg-area " + row.css } }).getLayers()[0], row));
    }
  }

  /* ---- legend: its boxes switch the layers ---- */
  function legend(map) {
    const box = document.querySelector(".rg-legend");
    const control = L.control({ position: "bottomright" });
    control.onAdd = () => box;
    control.addTo(map);
    L.DomEvent.disableClickPropagation(box);
    L.DomEvent.disableScrollPropagation(box);
    box.hidden = false;
    box.open = !PHONE.matches;
    box.addEventListener("toggle", labels.soon);
    box.addEventListener("change", (event) => {
      const layer = window[event.target.dataset.layer];
      if (event.target.checked) map.addLayer(layer);
      else map.removeLayer(layer);
    });
  }

  return { start, show, roads, marks, lines, trails, arrows, areas, legend };
})();
