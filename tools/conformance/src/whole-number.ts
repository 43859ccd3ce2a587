import { InvalidArgumentError } from 'commander';

/** Reads an option. @throws InvalidArgumentError that says what it takes */
export const wholeNumber = (least: number) => (text: string) => {
  const number = Number(text);
  if (!Number.isInteger(number) || number < least)
    throw new InvalidArgumentError(`It takes a whole number from ${least} up.`);
  return number;
};
