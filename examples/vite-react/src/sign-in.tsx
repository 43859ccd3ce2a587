import { useState } from 'react';
import { supabase } from './supabase.ts';

export function SignIn() {
  const [problem, setProblem] = useState<string | null>(null);
  async function signIn(form: FormData) {
    const { error } = await supabase.auth.signInWithPassword({
      email: String(form.get('email')),
      password: String(form.get('password')),
    });
    setProblem(error?.message ?? null);
  }
  return (
    <>
      <h1>Sign in</h1>
      <form action={signIn}>
        <label>
          Email
          <input name="email" type="email" autoComplete="username" required />
        </label>
        <label>
          Password
          <input name="password" type="password" autoComplete="current-password" required />
        </label>
        <button type="submit">Sign in</button>
      </form>
      {problem && <p role="alert">{problem}</p>}
    </>
  );
}
