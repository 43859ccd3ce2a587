import '@runledger/client/react/styles.css';
import './page.css';
import type { Metadata } from 'next';
import type { ReactNode } from 'react';
import { Suspense } from 'react';
import { Providers } from '~/trpc/react';

export const metadata: Metadata = { title: 'Orders' };

export default function Layout({ children }: { children: ReactNode }) {
  return (
    <html lang="en">
      <body>
        <main>
          {/* Whose page it is, only a request tells: what is around it is rendered before. */}
          <Suspense>
            <Providers>{children}</Providers>
          </Suspense>
        </main>
      </body>
    </html>
  );
}
