// Everything a user wrote comes on to the page here, as text.

function element(tag, properties, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(properties || {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name === "text") made.textContent = value;
    else if (name === "style") made.style.cssText = value;
    else if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
}

const SVG = "http://www.w3.org/2000/svg";

// A drawn symbol in a square of 16.
function glyph(path, className) {
  const drawing = document.createElementNS(SVG, "svg");
  drawing.setAttribute("viewBox", "0 0 16 16");
  drawing.setAttribute("class", className || "glyph");
  drawing.setAttribute("aria-hidden", "true");
  const line = document.createElementNS(SVG, "path");
  line.setAttribute("d", path);
  line.setAttribute("fill-rule", "evenodd");
  drawing.append(line);
  return drawing;
}

function gradeMark(grade, className) {
  return element("span", { class: `grade grade-${grade || "none"} ${className || ""}`, text: grade || "\u2013" });
}

function clamp(value, least, most) {
  return Math.min(Math.max(value, least), most);
}

const calm = window.matchMedia("(prefers-reduced-motion: reduce)");
const narrow = window.matchMedia("(max-width: 899px)");
// Room for one panel on the map, not for two.
const cramped = window.matchMedia("(max-width: 1239px)");
