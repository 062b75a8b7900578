// What portal/brand/installed.py writes before the service worker's script.

declare const OFFLINE: {
  readonly version: string;
  /** The address of the page in each language. */
  readonly pages: { readonly [language: string]: string };
  readonly first: string;
};
