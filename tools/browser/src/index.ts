export * from './build-page.ts';
export * from './open-chromium.ts';
