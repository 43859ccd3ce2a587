import './styles.css';
import { RunledgerProvider } from '@runledger/client/react';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import { runledger } from './runledger.ts';

createRoot(document.getElementById('page') as HTMLElement).render(
  <StrictMode>
    <RunledgerProvider runledger={runledger}>
      <App />
    </RunledgerProvider>
  </StrictMode>,
);
