/** What of an element's computed style a drawing needs, and what it is where nobody has said anything. */
const PROPERTIES: Readonly<Record<string, string>> = {
  fill: "rgb(0, 0, 0)",
  stroke: "none",
  "stroke-width": "1px",
  "stroke-dasharray": "none",
  "stroke-linejoin": "miter",
  opacity: "1",
  "paint-order": "normal",
  "font-family": "",
  "font-size": "",
  "font-weight": "400",
  "font-variant-numeric": "normal",
  "letter-spacing": "normal",
  "text-transform": "none",
};

/** Of elements without text these say nothing. */
const OF_TEXT = /^(font|letter|text)-|^paint-order$/;
/** Attributes that are for people at the page, or for the page itself. */
const LEFT_OUT = /^(role|tabindex|aria-.*|data-.*|class|style|part)$/;
/** The picture for screens of twice as many dots. */
const PNG_SCALE = 2;
/** No browser has to draw larger pictures. Unit: px. */
const LONGEST_SIDE = 8192;
const SVG = "http://www.w3.org/2000/svg";

/** What stands beside a drawing in its file. */
interface PictureTexts {
  /** What the picture is called. */
  readonly title: string;
  /** What can be seen in it. */
  readonly description: string;
  /** Colour of the paper, as CSS writes it. */
  readonly paper: string;
}

/**
 * A drawing of the page as a file of its own: with the colours and fonts that it has now in place of custom properties
 * and style sheets, and without anything that belongs to the page. It refers to nothing outside of itself.
 */
export function standaloneSvg(drawing: SVGSVGElement, { title, description, paper }: PictureTexts): string {
  const { width, height } = drawing.viewBox.baseVal;
  const styles = new Map<string, string>();
  const picture = document.createElementNS(SVG, "svg");
  for (const [name, value] of Object.entries({ width, height, viewBox: `0 0 ${width} ${height}` })) {
    picture.setAttribute(name, String(value));
  }
  const sheet = picture.appendChild(document.createElementNS(SVG, "style"));
  picture.appendChild(document.createElementNS(SVG, "title")).textContent = title;
  picture.appendChild(document.createElementNS(SVG, "desc")).textContent = description;
  const ground = picture.appendChild(document.createElementNS(SVG, "rect"));
  for (const [name, value] of Object.entries({ width, height, fill: paper })) ground.setAttribute(name, String(value));
  for (const child of drawing.children) picture.append(...copyOf(child, styles));
  sheet.textContent = [...styles].map(([style, name]) => `.${name}{${style}}`).join("\n");
  return `<?xml version="1.0" encoding="UTF-8"?>\n${new XMLSerializer().serializeToString(picture)}\n`;
}

/** A copy of an element as it is seen, with what it holds; nothing, if it is not seen. */
function copyOf(element: Element, styles: Map<string, string>): Element[] {
  const computed = getComputedStyle(element);
  if (computed.display === "none" || element.matches("title, .hit") || computed.opacity === "0") return [];
  const copy = document.createElementNS(SVG, element.localName);
  for (const { name, value } of element.attributes) if (!LEFT_OUT.test(name)) copy.setAttribute(name, value);
  const place =
    element instanceof SVGElement ? /translate\(([-\d.]+)px,\s*([-\d.]+)px\)/.exec(element.style.transform) : null;
  if (place) copy.setAttribute("transform", `translate(${place[1]} ${place[2]})`);
  const children = [...element.children].flatMap((child) => copyOf(child, styles));
  const isText = element.localName === "text";
  const isShape = !isText && element.children.length === 0;
  if (isText) copy.textContent = element.textContent;
  else if (!isShape && children.length === 0) return [];
  copy.append(...children);
  const style = styleOf(computed, isText, isText || isShape);
  if (style !== "") copy.setAttribute("class", classOf(style, styles));
  return [copy];
}

/** What is to be said of an element's look; groups have what is not handed down alone. */
function styleOf(computed: CSSStyleDeclaration, isText: boolean, isSeen: boolean): string {
  return Object.entries(PROPERTIES)
    .filter(([name]) => (isSeen || name === "opacity") && (isText || !OF_TEXT.test(name)))
    .map(([name, usual]) => [name, computed.getPropertyValue(name), usual] as const)
    .filter(([, value, usual]) => value !== usual && value !== "")
    .map(([name, value]) => `${name}:${value}`)
    .join(";");
}

function classOf(style: string, styles: Map<string, string>): string {
  const name = styles.get(style) ?? `s${styles.size + 1}`;
  styles.set(style, name);
  return name;
}

/** A picture as dots, twice as many in each direction as it has px. @throws Error if the browser cannot draw it. */
export async function pngOf(svg: string): Promise<Blob> {
  const url = URL.createObjectURL(new Blob([svg], { type: "image/svg+xml" }));
  try {
    const image = new Image();
    image.src = url;
    await image.decode();
    const { naturalWidth: width, naturalHeight: height } = image;
    const scale = Math.min(PNG_SCALE, LONGEST_SIDE / Math.max(width, height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(width * scale);
    canvas.height = Math.round(height * scale);
    canvas.getContext("2d")!.drawImage(image, 0, 0, canvas.width, canvas.height);
    return await new Promise((resolve, reject) => {
      canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error("the browser cannot draw a PNG"))), "image/png");
    });
  } finally {
    URL.revokeObjectURL(url);
  }
}
