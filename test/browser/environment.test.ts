import { html, LitElement } from "lit";
import { customElement, property } from "lit/decorators.js";
import { expect, test } from "vitest";

@customElement("test-greeting")
class Greeting extends LitElement {
  @property() name = "";

  override render() {
    return html`<p>Hello, ${this.name}</p>`;
  }
}

test("an element with decorators renders, and renders again when a property changes", async () => {
  const element = document.body.appendChild(new Greeting());
  element.name = "page";
  await element.updateComplete;
  expect(element.shadowRoot?.textContent).toBe("Hello, page");
  element.remove();
});

test("the browser speaks a plain locale and knows no time zone of the machine", () => {
  expect(navigator.language).toBe("en-US");
  expect(new Intl.DateTimeFormat().resolvedOptions().timeZone).toBe("UTC");
});

test("the page may share memory between threads", () => {
  expect(crossOriginIsolated).toBe(true);
});

test("a memory grows to the 4 GiB that the kernel may use", () => {
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 65536 });
  memory.grow(65535);
  expect(memory.buffer.byteLength).toBe(2 ** 32);
});
