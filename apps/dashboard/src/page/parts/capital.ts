/** Pure: a sentence as it begins. A name of code and an address stay as they are written: `chargeCard failed`, `https://…`. */
export const capital = (text: string): string =>
  text.replace(/^\p{Ll}+(?=[\s,;:.!?'’]|$)(?!:\/)/u, (word) => word.charAt(0).toUpperCase() + word.slice(1));
