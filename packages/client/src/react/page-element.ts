/**
 * What components touch of the elements of a page. The types of the DOM are not used, because the program that checks Node's code
 * reads this package too, and must not take `document` for something that is there.
 */
export interface PageElement {
  focus(): void;
  closest(selector: string): PageElement | null;
  querySelector(selector: string): PageElement | null;
  querySelectorAll(selector: string): ArrayLike<PageElement>;
  getBoundingClientRect(): { left: number; width: number };
  setPointerCapture(pointerId: number): void;
}

/** An element that React or an event hands over. */
export const pageElement = (element: unknown) => element as PageElement;

/** What is written in a field. */
export const fieldValue = (field: unknown) => (field as { value: string }).value;

interface Page {
  document: {
    addEventListener(type: 'keydown', listener: (event: PageKey) => void): void;
    removeEventListener(type: 'keydown', listener: (event: PageKey) => void): void;
  };
  getComputedStyle(element: unknown): { getPropertyValue(name: string): string };
}

export interface PageKey {
  key: string;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
  target: unknown;
  preventDefault(): void;
}

/** The page; only in effects and handlers, which a server does not run. */
export const thePage = () => globalThis as unknown as Page;
