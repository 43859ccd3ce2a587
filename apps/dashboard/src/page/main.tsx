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

function draw(): void {
  const root = createRoot(document.getElementById('page') as HTMLElement);
  // At once, so that what is shown is asked for before the frame is painted, not after it.
  flushSync(() =>
    root.render(
      <StrictMode>
        <RunledgerProvider runledger={runledger}>
          <App />
        </RunledgerProvider>
      </StrictMode>,
    ),
  );
}

// What it has asked for is on its way first.
void loadFirstPage().then(() => setTimeout(draw));
