/** A value of an ObjectList, with its neighbours; the head of a list is one too, without a value. */
export class ListItem<V> {
  next: ListItem<V> = this;
  previous: ListItem<V> = this;
  value: V;

  constructor(value: V) {
    this.value = value;
  }
}

/** A doubly linked list of objects, a ring through its head: no operation asks whether it is at an end. */
export class ObjectList<V> {
  readonly #head: ListItem<V | undefined> = new ListItem<V | undefined>(undefined);

  push(value: V): ListItem<V> {
    const item = new ListItem(value);
    link(item as ListItem<V | undefined>, this.#head.previous, this.#head);
    return item;
  }

  shift(): V | undefined {
    const first = this.#head.next;
    unlink(first); // the head alone stays as it is
    return first.value;
  }

  last(): V | undefined {
    return this.#head.previous.value;
  }

  moveToFront(item: ListItem<V>): void {
    unlink(item);
    link(item as ListItem<V | undefined>, this.#head, this.#head.next);
  }
}

function link<V>(item: ListItem<V>, previous: ListItem<V>, next: ListItem<V>): void {
  item.previous = previous;
  item.next = next;
  previous.next = item;
  next.previous = item;
}

function unlink<V>({ previous, next }: ListItem<V>): void {
  previous.next = next;
  next.previous = previous;
}
