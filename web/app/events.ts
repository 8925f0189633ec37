/** Says something to all that is around an element, through the borders of shadow trees. */
export function fire(from: EventTarget, name: string, detail: unknown = null): void {
  from.dispatchEvent(new CustomEvent(name, { detail, bubbles: true, composed: true }));
}

/** What listens to what `fire()` says in a place: a function of the event's name, and what is to be done with its detail. */
export function listenerOf(target: EventTarget): <D>(name: string, act: (detail: D) => void) => void {
  return <D>(name: string, act: (detail: D) => void) =>
    target.addEventListener(name, (event) => act((event as CustomEvent<D>).detail));
}

/** Lets an element say something when it is clicked. */
export function saying(name: string, detail: unknown = null): (event: Event) => void {
  return ({ currentTarget }) => fire(currentTarget!, name, detail);
}
