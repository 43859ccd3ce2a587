import type { Reporter, TestCase } from 'vitest/node';

/** Says what failed when it fails: the other reporters do at the end, which whoever interrupts a long run never sees. */
export default class FailuresAtOnce implements Reporter {
  onTestCaseResult(test: TestCase): void {
    const { state, errors = [] } = test.result();
    if (state !== 'failed') return;
    const told = errors.map(({ message, diff }) => [message, diff].filter(Boolean).join('\n')).join('\n');
    console.error(`\n✗ ${test.module.relativeModuleId} > ${test.fullName}\n${told}\n`);
  }
}
