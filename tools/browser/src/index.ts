export * from './accessibility.ts';
export * from './build-page.ts';
export * from './open-chromium.ts';
