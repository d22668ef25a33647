/** Elements from names, properties and children. Strings become text nodes, so nothing a user wrote is ever markup. */

/** Children that are null or false are left out; a property with "-" or one that is no DOM property is an attribute. */
export function el(name, properties = {}, ...children) {
  return fill(document.createElement(name), properties, children);
}

/** The same in the namespace of SVG, where every property is an attribute. */
export function svg(name, attributes = {}, ...children) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...children);
  return element;
}

/** Shows an element or hides it, from screen readers too. */
export function reveal(element, visible) {
  element.hidden = !visible;
}

/** Remembers a choice for the next visit, where the browser allows it. */
export function remember(name, value) {
  try {
    localStorage.setItem(`horngate.${name}`, value);
  } catch {
    // forbidden storage costs only the memory
  }
}

function fill(element, properties, children) {
  for (const [key, value] of Object.entries(properties)) {
    if (value === null || value === undefined || value === false) continue;
    if (key === "class") element.className = value;
    else if (key in element && !key.includes("-") && key !== "list") element[key] = value;
    else element.setAttribute(key, value);
  }
  element.append(...children.filter((child) => child !== null && child !== false));
  return element;
}
