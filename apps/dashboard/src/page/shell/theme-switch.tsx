import { Moon, Sun, SunMoon } from 'lucide-react';
import { useState } from 'react';

const STORED = 'runledger.theme';
const THEMES = ['system', 'light', 'dark'] as const;
type Theme = (typeof THEMES)[number];
const ICONS = { system: SunMoon, light: Sun, dark: Moon };

const read = (): Theme => THEMES.find((theme) => theme === localStorage.getItem(STORED)) ?? 'system';

function apply(theme: Theme): void {
  if (theme === 'system') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
}
apply(read());

export function ThemeSwitch() {
  const [theme, setTheme] = useState(read);
  const next = THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length] as Theme;
  const Icon = ICONS[theme];
  return (
    <button
      type="button"
      className="btn quiet max-sm:hidden"
      aria-label={`Colours: ${theme}. Switch to ${next}`}
      title={`Colours: ${theme}`}
      onClick={() => {
        localStorage.setItem(STORED, next);
        apply(next);
        setTheme(next);
      }}
    >
      <Icon className="size-4" aria-hidden="true" />
    </button>
  );
}
