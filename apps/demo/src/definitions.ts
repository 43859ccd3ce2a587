import type { CreateWorkflowInput, Startable } from '@runledger/contracts';

export const DEMO_TASK_QUEUE = 'runledger-demo';

/** What the demo's users can start, each with inputs that the traffic picks from. */
export interface DemoWorkflow {
  definition: CreateWorkflowInput;
  inputs: unknown[];
  /** How often it is picked, beside the others. */
  weight: number;
}

const text = { type: 'string', minLength: 1, maxLength: 200 };

function define(
  workflowType: string,
  definition: Omit<CreateWorkflowInput, 'workflowType' | 'taskQueue' | 'visibility'>,
  inputs: unknown[],
  weight = 1,
): DemoWorkflow {
  return {
    definition: { ...definition, workflowType, taskQueue: DEMO_TASK_QUEUE, visibility: 'published' },
    inputs,
    weight,
  };
}

export const DEMO_WORKFLOWS: DemoWorkflow[] = [
  define(
    'order',
    {
      name: 'Order',
      description: 'Charges a card (the gateway fails twice), waits for approval of large orders, packs, ships.',
      inputSchema: {
        type: 'object',
        required: ['item', 'quantity'],
        properties: { item: text, quantity: { type: 'integer', minimum: 1, maximum: 100 } },
        additionalProperties: false,
      },
    },
    [
      { item: 'sourdough loaf', quantity: 2 },
      { item: 'rye loaf', quantity: 12 },
      { item: 'cinnamon roll', quantity: 4 },
    ],
    3,
  ),
  define(
    'documentPipeline',
    {
      name: 'Document pipeline',
      description: 'Reads the text files shipped with the demo, counts their words, ranks them.',
    },
    [{ top: 5 }, { top: 10 }],
    2,
  ),
  define(
    'transcodeVideo',
    { name: 'Transcode video', description: 'A long activity that heartbeats; some are cancelled half-way.' },
    [
      { title: 'keynote', seconds: 12 },
      { title: 'trailer', seconds: 5 },
    ],
  ),
  define(
    'creditCheck',
    { name: 'Credit check', description: 'Declines with a structured error: type, details and the chain of causes.' },
    [
      { applicant: 'Grace', amount: 900 },
      { applicant: 'Alan', amount: 250_000 },
    ],
  ),
  define(
    'digestInbox',
    { name: 'Inbox digest', description: 'Works through pages of mail and continues as new after each.' },
    [{ pages: 3 }, { pages: 4 }],
  ),
  define(
    'onboardCustomer',
    { name: 'Onboard customer', description: 'Opens an account and leaves the welcome pack to a child workflow.' },
    [{ customer: 'Ada' }, { customer: 'Edsger' }],
  ),
  define(
    'importCatalog',
    {
      name: 'Catalog import',
      description: 'Fails at first and is retried as a whole, by its own retry policy.',
      retryPolicy: { maximumAttempts: 3, initialInterval: '1s' },
    },
    [{ supplier: 'mill' }],
  ),
];

export const demoStartable = (namespace: string): Startable[] =>
  DEMO_WORKFLOWS.map(({ definition: { workflowType, taskQueue } }) => ({ namespace, workflowType, taskQueue }));
