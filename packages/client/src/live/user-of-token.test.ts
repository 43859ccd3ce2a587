import { expect, test } from 'vitest';
import { noticingUsers, userOfToken } from './user-of-token.ts';

const tokenOf = (claims: object) => `e30.${btoa(JSON.stringify(claims))}.x`;

test('another user’s token is noticed before it is used, the same user’s next one and nobody’s are not', async () => {
  const [anna, annas, ben] = [
    tokenOf({ sub: 'anna', exp: 1 }),
    tokenOf({ sub: 'anna', exp: 2 }),
    tokenOf({ sub: 'ben' }),
  ];
  const seen: (string | null)[] = [];
  let token: string | null = null;
  const getToken = noticingUsers(
    () => token,
    () => seen.push('another'),
  );
  for (token of [null, anna, annas, null, annas, 'a key', ben, ben, anna]) {
    await getToken();
    seen.push(token);
  }
  expect(seen).toEqual([null, anna, annas, null, annas, 'a key', 'another', ben, ben, 'another', anna]);
});

test('users of two issuers are two', () => {
  const of = (iss: string) => userOfToken(tokenOf({ sub: '1', iss }));
  expect(of('https://one.example.com')).not.toBe(of('https://two.example.com'));
  expect([null, '', 'x', 'a.b.c', tokenOf({}), tokenOf({ sub: 1 })].map(userOfToken)).toEqual(Array(6).fill(null));
});
