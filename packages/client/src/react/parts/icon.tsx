import type { ReactNode } from 'react';

const circle = <circle cx="8" cy="8" r="6.2" />;

/** Drawn here, so that a page that embeds one component loads no library of icons. 16 by 16, in lines of the text's colour. */
const SHAPES = {
  pending: <circle cx="8" cy="8" r="6.2" strokeDasharray="2.2 2.6" />,
  running: <path d="M8 1.8a6.2 6.2 0 1 1-5.6 3.6M2 2.4v3.2h3.2" />,
  completed: (
    <>
      {circle}
      <path d="m5.3 8.2 1.9 1.9 3.6-4" />
    </>
  ),
  failed: (
    <>
      {circle}
      <path d="m5.8 5.8 4.4 4.4m0-4.4-4.4 4.4" />
    </>
  ),
  cancelled: (
    <>
      {circle}
      <path d="m3.8 12.2 8.4-8.4" />
    </>
  ),
  timed_out: (
    <>
      {circle}
      <path d="M8 4.6V8l2.3 1.6" />
    </>
  ),
  terminated: <path d="M5.4 1.8h5.2l3.6 3.6v5.2l-3.6 3.6H5.4l-3.6-3.6V5.4zM5.5 8h5" />,
  late: (
    <path d="M4 1.8h8M4 14.2h8M5 1.8c0 3 1.2 4.4 3 6.2 1.8-1.8 3-3.2 3-6.2M5 14.2c0-3 1.2-4.4 3-6.2 1.8 1.8 3 3.2 3 6.2" />
  ),
  wedged: <path d="M8 2 14.2 13H1.8zM8 6.4v3.2m0 1.7v.1" />,
  cancelling: <path d="M5.4 1.8h5.2l3.6 3.6v5.2l-3.6 3.6H5.4l-3.6-3.6V5.4z" strokeDasharray="2.4 2" />,
  lost: <path d="M5.6 5.9A2.4 2.4 0 0 1 8 3.6a2.3 2.3 0 0 1 2.4 2.3c0 1.9-2.4 2-2.4 3.9m0 2.6v.1" />,
  proof: <path d="M8 1.8 13.2 4v4c0 3.2-2.2 5.3-5.2 6.3C5 13.3 2.8 11.2 2.8 8V4zM5.7 8l1.7 1.7 3-3.3" />,
  unproven: <path d="M8 1.8 13.2 4v4c0 3.2-2.2 5.3-5.2 6.3C5 13.3 2.8 11.2 2.8 8V4zM8 5v3.4m0 2v.1" />,
  activity: <path d="M2.5 8h2.6l1.6-4.5 2.8 9L11.1 8h2.4" />,
  timer: (
    <>
      <circle cx="8" cy="9" r="5" />
      <path d="M8 6.3V9l1.8 1M6.3 1.8h3.4" />
    </>
  ),
  child: (
    <>
      <rect x="1.8" y="2.5" width="5" height="4" rx="1" />
      <rect x="9.2" y="9.5" width="5" height="4" rx="1" />
      <path d="M4.3 6.5v3a2 2 0 0 0 2 2h2.9" />
    </>
  ),
  signal: (
    <>
      <path d="M3 8a5 5 0 0 1 5-5M8 13a5 5 0 0 0 5-5" />
      <circle cx="8" cy="8" r="1.5" />
    </>
  ),
  workflow_task: <path d="M5.6 4.2 1.8 8l3.8 3.8m4.8-7.6L14.2 8l-3.8 3.8" />,
  update: <path d="M3.5 6.5h8M9 3.8l2.7 2.7L9 9.2M12.5 12.2h-8" />,
} satisfies Record<string, ReactNode>;

export type IconName = keyof typeof SHAPES;

/** Decoration of a word that stands beside it; hidden from whoever reads the word. */
export function Icon({ name }: { name: IconName }) {
  return (
    <svg
      className={`rl-icon${name === 'running' ? ' rl-turning' : ''}`}
      viewBox="0 0 16 16"
      aria-hidden="true"
      focusable="false"
    >
      {SHAPES[name]}
    </svg>
  );
}
