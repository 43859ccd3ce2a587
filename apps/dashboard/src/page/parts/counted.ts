/** How a count is meant: `capped` is at least so many, `estimated` is within 2 %. */
export type Exactness = 'exact' | 'capped' | 'estimated';

const grouped = new Intl.NumberFormat('en-US');

/** 1,284; 1,000+ where nobody counted further; about 1,284. */
export const counted = (value: number, exactness: Exactness): string =>
  `${exactness === 'estimated' ? 'about ' : ''}${grouped.format(value)}${exactness === 'capped' ? '+' : ''}`;

/** Whether it is one thing: at least one may be many. */
export const isOne = (value: number, exactness: Exactness): boolean => value === 1 && exactness !== 'capped';

/** The same in words that are heard: exact, at least 1,000, about 1,284. */
export const exactnessWords = (value: number, exactness: Exactness): string =>
  exactness === 'exact' ? 'exact' : `${exactness === 'capped' ? 'at least' : 'about'} ${grouped.format(value)}`;
