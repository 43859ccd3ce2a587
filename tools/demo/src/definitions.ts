import type { CreateWorkflowInput, Json, Startable } from '@runledger/contracts';

export const DEMO_TASK_QUEUE = 'runledger-demo';

/** What the demo's users can start, each with inputs that the traffic picks from. */
export interface DemoWorkflow {
  definition: CreateWorkflowInput;
  inputs: Json[];
  /** How often it is picked, beside the others. */
  weight: number;
}

interface Sketch {
  workflowType: string;
  name: string;
  description: string;
  /** Required unless named in `optional`; nothing else is taken. */
  properties: Record<string, Json>;
  optional?: string[];
  inputs: Json[];
  retryPolicy?: CreateWorkflowInput['retryPolicy'];
  /** Default: 1. */
  weight?: number;
}

function define({ workflowType, name, description, properties, optional = [], inputs, ...more }: Sketch): DemoWorkflow {
  const inputSchema = {
    type: 'object',
    required: Object.keys(properties).filter((property) => !optional.includes(property)),
    properties,
    additionalProperties: false,
    examples: inputs,
  };
  return {
    definition: {
      ...{ workflowType, name, description, inputSchema, retryPolicy: more.retryPolicy },
      taskQueue: DEMO_TASK_QUEUE,
      visibility: 'published',
    },
    inputs,
    weight: more.weight ?? 1,
  };
}

const text = { type: 'string', minLength: 1, maxLength: 200 };
const integer = (minimum: number, maximum: number) => ({ type: 'integer', minimum, maximum });

export const DEMO_WORKFLOWS: DemoWorkflow[] = [
  define({
    workflowType: 'order',
    name: 'Order',
    description: 'Charges a card (the gateway fails twice), waits for approval of large orders, packs, ships.',
    properties: { item: text, quantity: integer(1, 100), approveWithinSeconds: integer(1, 3_600) },
    optional: ['approveWithinSeconds'],
    inputs: [
      { item: 'sourdough loaf', quantity: 2 },
      { item: 'rye loaf', quantity: 12 },
      { item: 'cinnamon roll', quantity: 4 },
    ],
    weight: 3,
  }),
  define({
    workflowType: 'documentPipeline',
    name: 'Document pipeline',
    description: 'Reads the text files shipped with the demo, counts their words, ranks them.',
    properties: { top: integer(1, 100) },
    optional: ['top'],
    inputs: [{ top: 5 }, { top: 10 }],
    weight: 2,
  }),
  define({
    workflowType: 'transcodeVideo',
    name: 'Transcode video',
    description: 'A long activity that heartbeats; some are cancelled half-way.',
    properties: { title: text, seconds: integer(1, 3_600) },
    inputs: [
      { title: 'trailer', seconds: 5 },
      { title: 'keynote', seconds: 12 },
    ],
  }),
  define({
    workflowType: 'creditCheck',
    name: 'Credit check',
    description: 'Declines with a structured error: type, details and the chain of causes.',
    properties: { applicant: text, amount: integer(1, 1_000_000) },
    inputs: [
      { applicant: 'Grace', amount: 900 },
      { applicant: 'Alan', amount: 250_000 },
    ],
  }),
  define({
    workflowType: 'digestInbox',
    name: 'Inbox digest',
    description: 'Works through pages of mail and continues as new after each.',
    properties: { pages: integer(1, 20) },
    inputs: [{ pages: 3 }, { pages: 4 }],
  }),
  define({
    workflowType: 'onboardCustomer',
    name: 'Onboard customer',
    description: 'Opens an account and leaves the welcome pack to a child workflow.',
    properties: { customer: text },
    inputs: [{ customer: 'Ada' }, { customer: 'Edsger' }],
  }),
  define({
    workflowType: 'importCatalog',
    name: 'Catalog import',
    description: 'Fails at first and is retried as a whole, by its own retry policy.',
    properties: { supplier: { enum: ['mill', 'dairy'] } },
    inputs: [{ supplier: 'mill' }, { supplier: 'dairy' }],
    retryPolicy: { maximumAttempts: 3, initialInterval: '1s' },
  }),
];

export const demoStartable = (namespace: string): Startable[] =>
  DEMO_WORKFLOWS.map(({ definition: { workflowType, taskQueue } }) => ({ namespace, workflowType, taskQueue }));
