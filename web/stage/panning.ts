/** A point of the window, and the place of the drawing that lies there, as a part of its width and height. */
interface Anchor {
  readonly clientX: number;
  readonly clientY: number;
  readonly x: number;
  readonly y: number;
}

/** How far a pointer may go before a press becomes a drag. Unit: px. */
const STILL = 4;

/** What scrolls an element: the nearest one around it that can, across the borders of shadow trees. */
function scrollerOf(element: Element): Element | null {
  for (let node: Node | null = element; node; node = node instanceof ShadowRoot ? node.host : parentOf(node)) {
    if (!(node instanceof Element)) continue;
    const { overflowX, overflowY } = getComputedStyle(node);
    const canScroll = (overflow: string) => overflow === "auto" || overflow === "scroll";
    const isWide = canScroll(overflowX) && node.scrollWidth > node.clientWidth;
    if (isWide || (canScroll(overflowY) && node.scrollHeight > node.clientHeight)) return node;
  }
  return null;
}

function parentOf(node: Node): Node | null {
  return node instanceof Element && node.assignedSlot ? node.assignedSlot : node.parentNode;
}

/** Where a point of the window lies on a drawing. */
export function anchorAt(drawing: Element, clientX: number, clientY: number): Anchor {
  const { left, top, width, height } = drawing.getBoundingClientRect();
  return { clientX, clientY, x: (clientX - left) / width, y: (clientY - top) / height };
}

/** The middle of what is seen of a drawing. */
export function middleOf(drawing: Element): Anchor {
  const seen = (scrollerOf(drawing) ?? drawing).getBoundingClientRect();
  return anchorAt(drawing, seen.left + seen.width / 2, seen.top + seen.height / 2);
}

/** Scrolls until the place of an anchor lies where it was, after the drawing has got another size. */
export function keepInPlace(drawing: Element, { clientX, clientY, x, y }: Anchor): void {
  const { left, top, width, height } = drawing.getBoundingClientRect();
  scrollerOf(drawing)?.scrollBy({ left: left + x * width - clientX, top: top + y * height - clientY });
}

/**
 * Moves what is around a drawing with a pointer that is pressed on its empty ground. A finger scrolls it by itself.
 *
 * @param isGround  whether what was pressed is empty ground.
 */
export function panBy(press: PointerEvent, drawing: SVGElement, isGround: (target: Element) => boolean): void {
  if (press.button !== 0 || press.pointerType === "touch") return;
  if (!(press.target instanceof Element) || !isGround(press.target)) return;
  const scroller = scrollerOf(drawing);
  if (!scroller) return;
  const from = { left: scroller.scrollLeft, top: scroller.scrollTop };
  const end = new AbortController();
  const { signal } = end;
  const moved = ({ clientX, clientY, pointerId }: PointerEvent) => {
    const [x, y] = [clientX - press.clientX, clientY - press.clientY];
    if (!drawing.classList.contains("panning")) {
      if (Math.hypot(x, y) < STILL) return;
      drawing.classList.add("panning");
      drawing.setPointerCapture(pointerId);
    }
    scroller.scrollTo({ left: from.left - x, top: from.top - y, behavior: "instant" });
  };
  const stop = () => {
    drawing.classList.remove("panning");
    end.abort();
  };
  drawing.addEventListener("pointermove", moved, { signal });
  for (const name of ["pointerup", "pointercancel", "lostpointercapture"] as const) {
    drawing.addEventListener(name, stop, { signal });
  }
}
