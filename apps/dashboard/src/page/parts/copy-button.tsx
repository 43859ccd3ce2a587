import { Copy } from 'lucide-react';
import type { ReactNode } from 'react';
import { useState } from 'react';

interface CopyButtonProps {
  text: string;
  className?: string;
  title?: string;
  children: ReactNode;
}

/** Takes a text to where one pastes from, and says that it did. */
export function CopyButton({ text, className = 'btn', title, children }: CopyButtonProps) {
  const [isCopied, setCopied] = useState(false);
  return (
    <button
      type="button"
      className={className}
      title={title}
      onClick={() => {
        void navigator.clipboard.writeText(text);
        setCopied(true);
      }}
    >
      <Copy className="size-3.5" aria-hidden="true" /> {isCopied ? 'Copied' : children}
    </button>
  );
}
