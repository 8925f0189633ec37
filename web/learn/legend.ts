import { type TemplateResult, css, html } from "lit";
import { type Locale, translatorOf } from "../i18n/catalogue.ts";
import { type LearnKey, learnTexts } from "../i18n/pages/learn.ts";

/** The signs of the stage: what each looks like here, and what it says. */
const SIGNS: readonly (readonly [look: string, text: LearnKey])[] = [
  ["user", "sign_user"],
  ["kernel", "sign_kernel"],
  ["hardware", "sign_hardware"],
  ["copy", "sign_copy"],
  ["dma", "sign_dma"],
  ["reference", "sign_reference"],
  ["changed", "sign_changed"],
  ["named", "sign_named"],
];

/** How the signs look. */
export const legendStyles = css`
  .legend {
    margin: 0 0 22px;
    font-size: 14.5px;
    line-height: 1.45;
  }
  .legend summary {
    width: fit-content;
    padding: 3px 2px;
    border-radius: 4px;
    font-weight: 600;
    cursor: pointer;
  }
  .legend ul {
    display: grid;
    gap: 8px;
    margin: 8px 0 0;
    padding: 0;
    list-style: none;
  }
  .legend li {
    display: grid;
    grid-template-columns: 44px 1fr;
    gap: 12px;
    align-items: center;
  }
  .sign {
    height: 20px;
    border-radius: 5px;
  }
  .sign-user {
    background: var(--iop-user);
  }
  .sign-kernel {
    background: var(--iop-kernel);
  }
  .sign-hardware {
    background: var(--iop-hardware);
  }
  .sign-user,
  .sign-kernel,
  .sign-hardware {
    border: 1px solid var(--iop-line);
  }
  .legend .sign-copy,
  .legend .sign-dma,
  .legend .sign-reference {
    height: 0;
    border: 0 solid var(--iop-copy);
    border-radius: 0;
    border-top-width: 5px;
  }
  .legend .sign-dma {
    border-color: var(--iop-dma);
    border-top-width: 3px;
  }
  .legend .sign-reference {
    border-color: var(--iop-page);
    border-top: 2px dashed var(--iop-page);
  }
  .sign-changed {
    border: 3.5px solid var(--iop-changed);
  }
  .sign-named {
    border: 3.5px solid var(--iop-focus);
  }
`;

/** How the stage is read. @param isOpen  whether it is told without being asked for. */
export function legend(locale: Locale, isOpen: boolean): TemplateResult {
  const t = translatorOf(learnTexts, locale);
  return html`<details class="legend" ?open=${isOpen}>
    <summary>${t("signs")}</summary>
    <ul>
      ${SIGNS.map(
        ([look, text]) =>
          html`<li><span class="sign sign-${look}" aria-hidden="true"></span><span>${t(text)}</span></li>`,
      )}
    </ul>
  </details>`;
}
