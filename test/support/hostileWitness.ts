import type { Frame, Page } from 'playwright-core';

/** Elements that the panel is made of. */
const TAGS =
  'HTML HEAD META TITLE LINK SCRIPT STYLE BODY A ARTICLE BDI BLOCKQUOTE BR BUTTON CODE DIALOG DIV EM FIGCAPTION FIGURE FOOTER H1 H2 H3 H4 H5 H6 HEADER HR IMG INPUT KBD LABEL LI MAIN NAV OL P PRE S SECTION SPAN STRONG TABLE TBODY TD TEXTAREA TH THEAD TR UL';

/** Where an attribute could load or run something. */
const HARMFUL = /^(on|href$|xlink:href$|srcset$|srcdoc$|action$|formaction$|background$|poster$|data$|ping$)/;

/**
 * What has got into a page that text alone must not bring there: foreign elements, attributes that load or run, and
 * pictures that are not our own. Empty where all is well. The page's own head is its own affair.
 */
export function intruders(page: Page | Frame): Promise<readonly string[]> {
  return page.evaluate(
    ({ tags, harmful }) => {
      const known = new Set(tags.split(' '));
      const bad = new RegExp(harmful);
      const found: string[] = [];
      for (const element of document.querySelectorAll('body *')) {
        const name = element.tagName;
        // The one script is the page's own: it has the nonce, which nothing can read off the page.
        const own = name === 'SCRIPT' && element instanceof HTMLElement && element.nonce !== '';
        if (!known.has(name) || (name === 'SCRIPT' && !own) || name === 'STYLE' || name === 'LINK')
          found.push(`element ${element.outerHTML.slice(0, 200)}`);
        for (const attribute of element.attributes) {
          const picture = name === 'IMG' && attribute.name === 'src' && attribute.value.startsWith('blob:');
          const loads = attribute.name === 'style' && /url|image|import|\\/i.test(attribute.value);
          if (loads || bad.test(attribute.name) || (attribute.name === 'src' && !picture && !own))
            found.push(`attribute ${attribute.name} of ${element.outerHTML.slice(0, 200)}`);
        }
      }
      return found;
    },
    { tags: TAGS, harmful: HARMFUL.source },
  );
}

interface Noted {
  hostileRan?: unknown;
  violations?: string[];
}

/** Begins to note what the page's policy has to stop: where nothing hostile gets in, nothing is ever stopped. */
export function noteViolations(page: Page | Frame): Promise<void> {
  return page.evaluate(() => {
    const violations: string[] = [];
    Object.assign(window, { violations });
    document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI, sample }) => {
      violations.push(`${violatedDirective} ${blockedURI} ${sample}`);
    });
  });
}

/** What was stopped since {@link noteViolations}, and whether a hostile script has run. */
export function noted(page: Page | Frame): Promise<{ violations: readonly string[]; ran: boolean }> {
  return page.evaluate(() => {
    const { violations, hostileRan } = window as Noted;
    return { violations: violations ?? ['nothing was noted'], ran: hostileRan !== undefined };
  });
}
