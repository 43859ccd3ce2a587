import { expect, test } from 'vitest';
import { splitStatements } from './split-statements.ts';

test('statements end at semicolons that are not within quotes, dollar quotes or comments', () => {
  const body = `create function f() returns text language sql as $body$ select 'a;b' || $x$;$x$; $body$`;
  const sql = `-- first; not a statement
    select ';' as ";";
    /* ; */ ${body};
    select 'it''s; fine';;
    select 3`;
  expect(splitStatements(sql)).toEqual([
    `-- first; not a statement\n    select ';' as ";"`,
    `/* ; */ ${body}`,
    `select 'it''s; fine'`,
    'select 3',
  ]);
});

test('positional parameters are no dollar quotes', () => {
  expect(splitStatements('prepare p as select $1; execute p($2)')).toEqual(['prepare p as select $1', 'execute p($2)']);
});
