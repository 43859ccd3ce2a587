import '@runledger/client/react/styles.css';
import './page.css';
import type { Metadata } from 'next';
import type { ReactNode } from 'react';
import { Providers } from '~/trpc/react';

export const metadata: Metadata = { title: 'Orders' };

export default function Layout({ children }: { children: ReactNode }) {
  return (
    <html lang="en">
      <body>
        <main>
          <Providers>{children}</Providers>
        </main>
      </body>
    </html>
  );
}
