import type { FormEvent } from 'react';
import { useEffect, useState } from 'react';
import { addressOf, config } from '../config.ts';
import { Mark } from '../shell/mark.tsx';
import { loadAuth } from './session.ts';

type Auth = Awaited<ReturnType<typeof loadAuth>>;
type Told = { text: string; isError: boolean } | null;

/** Password, a link by mail, the project’s providers; in a demonstration one button for each of its users. */
export function SignIn() {
  const [told, tell] = useState<Told>(null);
  const [isBusy, setBusy] = useState(false);
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const providers = useProviders();
  useEffect(() => {
    document.title = 'Sign in – Runledger';
  }, []);

  /** Does one thing at a time, and says why it did not work. */
  async function attempt(work: (auth: Auth) => Promise<{ error: { message: string } | null }>, done?: string) {
    setBusy(true);
    tell(null);
    const { error } = await loadAuth()
      .then(work)
      .catch((error: Error) => ({ error }));
    setBusy(false);
    if (error) tell({ text: sentenceOf(error.message), isError: true });
    else if (done) tell({ text: done, isError: false });
  }
  const withPassword = (as: { email: string; password: string }) => attempt((auth) => auth.signInWithPassword(as));
  const byMail = () =>
    attempt(
      (auth) => auth.signInWithOtp({ email, options: { shouldCreateUser: false, emailRedirectTo: addressOf('.') } }),
      `If ${email} is known, a link is on its way there.`,
    );
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void withPassword({ email, password });
  };

  return (
    <main className="sign-in">
      <div className="brand">
        <Mark /> Runledger
      </div>
      <h1>Sign in</h1>
      {config.demoUsers.length > 0 && (
        <section aria-label="Demo users" className="stack">
          {config.demoUsers.map((user) => (
            <button
              key={user.email}
              type="button"
              className="btn solid"
              disabled={isBusy}
              onClick={() => withPassword(user)}
            >
              {`Continue as ${user.email.split('@')[0]}`}
            </button>
          ))}
          <p className="text-[13px] text-faint">Users of this demonstration. Or with an account of your own:</p>
        </section>
      )}
      <form className="stack" onSubmit={submit}>
        <label className="field">
          <span>Email</span>
          <input
            type="email"
            autoComplete="username"
            required
            value={email}
            onChange={(e) => setEmail(e.target.value)}
          />
        </label>
        <label className="field">
          <span>Password</span>
          <input
            type="password"
            autoComplete="current-password"
            required
            value={password}
            onChange={(e) => setPassword(e.target.value)}
          />
        </label>
        <p role="status" className={told?.isError ? 'told bad' : 'told'}>
          {told?.text}
        </p>
        <button type="submit" className="btn solid" disabled={isBusy}>
          {isBusy ? 'Signing in …' : 'Sign in'}
        </button>
        <button type="button" className="btn" disabled={isBusy || !email.includes('@')} onClick={byMail}>
          Send me a link instead
        </button>
      </form>
      {providers.map((provider) => (
        <button
          key={provider}
          type="button"
          className="btn"
          disabled={isBusy}
          onClick={() =>
            attempt((auth) =>
              auth.signInWithOAuth({ provider: provider as never, options: { redirectTo: addressOf('.') } }),
            )
          }
        >
          {`Continue with ${provider}`}
        </button>
      ))}
    </main>
  );
}

/** Not kinds of sign-in by another party. */
const OWN = new Set(['email', 'phone', 'anonymous_users']);

/** The providers that the project has switched on; none where it does not say. */
function useProviders(): string[] {
  const [providers, setProviders] = useState<string[]>([]);
  useEffect(() => {
    const ending = new AbortController();
    fetch(`${config.auth.url}/auth/v1/settings`, { headers: { apikey: config.auth.key }, signal: ending.signal })
      .then((answer) => (answer.ok ? answer.json() : {}))
      .then(({ external = {} }: { external?: Record<string, boolean> }) =>
        setProviders(Object.keys(external).filter((name) => external[name] && !OWN.has(name))),
      )
      .catch(() => {});
    return () => ending.abort();
  }, []);
  return providers;
}

function sentenceOf(message: string): string {
  if (/invalid login/i.test(message)) return 'Email or password is wrong.';
  if (/fetch|network/i.test(message)) return 'The sign-in server does not answer. Try again in a moment.';
  return message;
}
