import './styles.css';
import { RunledgerProvider } from '@runledger/client/react';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import { loadFirstPage } from './load-pages.ts';
import { runledger } from './runledger.ts';

function draw(): void {
  createRoot(document.getElementById('page') as HTMLElement).render(
    <StrictMode>
      <RunledgerProvider runledger={runledger}>
        <App />
      </RunledgerProvider>
    </StrictMode>,
  );
}

void loadFirstPage().then(draw);
