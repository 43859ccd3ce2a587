import './tokens.css';
import './styles.css';
import '@runledger/client/react/styles.css';
import { RunledgerProvider } from '@runledger/client/react';
import { StrictMode } from 'react';
import { flushSync } from 'react-dom';
import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import { loadFirstPage } from './load-pages.ts';
import { runledger } from './runledger.ts';

function draw(hasRead: boolean): void {
  const root = createRoot(document.getElementById('page') as HTMLElement);
  const whole = (
    <StrictMode>
      <RunledgerProvider runledger={runledger}>
        <App />
      </RunledgerProvider>
    </StrictMode>
  );
  if (hasRead) root.render(whole);
  // At once, so that what is shown is asked for before the frame is painted, not after it.
  else flushSync(() => root.render(whole));
}

// What it has asked for is on its way first.
void loadFirstPage().then((hasRead) => setTimeout(draw, 0, hasRead));
