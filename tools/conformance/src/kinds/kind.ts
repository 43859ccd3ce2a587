import type { Driver } from '../driver/driver.ts';
import type { Expectation } from './expectation.ts';

/** One way for executions to begin, go on and end. */
export interface Kind {
  name: string;
  /** Starts it, does to it what this kind is about, and says what must come of it. */
  drive(driver: Driver): Promise<Expectation[]>;
}
