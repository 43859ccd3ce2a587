import { renderToString } from 'react-dom/server';
import { expect, test } from 'vitest';
import { App } from './react.typecheck.tsx';

test('components that use the hooks render inside the provider, and wait for their data', () => {
  const page = renderToString(<App />);
  expect(page).toContain('nothing has ended yet');
  expect(page).toContain('<ul></ul>');
});
