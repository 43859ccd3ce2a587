import type { RouterOutputs } from '@runledger/client';
import { errorFields, executionErrorCode } from '@runledger/client';
import { useRunledger } from '@runledger/client/react';
import { useMutation, useQuery } from '@tanstack/react-query';
import { lazy, Suspense, useRef, useState } from 'react';
import { Link, useLocation, useSearchParams } from 'wouter';
import { Notice } from '../../parts/notice.tsx';
import { shortId } from '../../parts/row-words.ts';
import { Failed, failureOf, Loading, sentenceOf } from '../../parts/states.tsx';
import { useMissing } from '../../parts/use-missing.ts';
import { Page } from '../../shell/page.tsx';
import { NotFound } from '../not-found.tsx';

const SchemaForm = lazy(() => import('./schema-form.tsx'));

type Workflow = RouterOutputs['workflow']['get'];

/** Starts a workflow, or one again with its input changed: a form of the schema, and the same as JSON. */
export default function StartPage({ id }: { id: string }) {
  const [search] = useSearchParams();
  const from = search.get('from');
  const { trpc } = useRunledger();
  const workflow = useQuery(trpc.workflow.get.queryOptions({ id }));
  const earlier = useQuery({ ...trpc.execution.getExecution.queryOptions({ id: from ?? '' }), enabled: from !== null });
  const isMissing = useMissing(id, workflow);
  if (isMissing) return <NotFound what="workflow" />;
  const name = workflow.data?.name ?? 'Workflow';
  const crumbs = [
    { label: 'Workflows', href: '/workflows' },
    { label: name, href: `/workflows/${id}` },
    { label: from ? 'Rerun' : 'Start' },
  ];
  const isNotThere = ['not_found', 'invalid_input'].includes(executionErrorCode(earlier.error) ?? '');
  // What may be there, and could not be read, is not left out: a rerun would be another one.
  const failed = failureOf(workflow) ? workflow : !isNotThere && failureOf(earlier) ? earlier : null;
  const isReading = !failed && (workflow.isPending || (from !== null && earlier.isPending));
  return (
    <Page title={from ? `Rerun ${name}` : `Start ${name}`} crumbs={crumbs}>
      <h1 className="mb-3.5 [overflow-wrap:anywhere]">
        {from ? `Rerun ${name} ` : `Start ${name}`}
        {from && <code className="text-muted">{shortId(from)}</code>}
      </h1>
      {isReading && <Loading what="Reading the workflow" />}
      {failed && (
        <Failed
          what={failed === workflow ? 'The workflow' : 'The execution to run again'}
          error={failureOf(failed)}
          retry={() => void failed.refetch()}
        />
      )}
      {isNotThere && <Notice>The execution to run again is not there, or not yours; this starts a new one.</Notice>}
      {!isReading && !failed && workflow.data && (
        <Form
          workflow={workflow.data}
          from={earlier.data ? from : null}
          given={earlier.data?.input ?? exampleOf(workflow.data)}
          note={earlier.data?.inputNote ?? null}
        />
      )}
    </Page>
  );
}

/** What the schema gives as an example, else nothing. */
function exampleOf({ inputSchema }: Workflow): unknown {
  const examples = inputSchema?.examples;
  return Array.isArray(examples) ? examples[0] : {};
}

interface FormProps {
  workflow: Workflow;
  from: string | null;
  given: unknown;
  note: string | null;
}

function Form({ workflow, from, given, note }: FormProps) {
  const { client } = useRunledger();
  const [, go] = useLocation();
  const hasForm = workflow.inputSchema?.type === 'object';
  const [isJson, setJson] = useState(!hasForm);
  const [value, setValue] = useState(given);
  const [isValid, setValid] = useState(true);
  const [text, setText] = useState(() => JSON.stringify(given, null, 2));
  const [reason, setReason] = useState('');
  const [wrongJson, setWrongJson] = useState<string | null>(null);
  // Sent again after a lost answer, it starts nothing twice.
  const key = useRef(crypto.randomUUID());
  const isSame = from !== null && JSON.stringify(value) === JSON.stringify(given);
  const start = useMutation({
    mutationFn: (input: unknown) =>
      from !== null
        ? client.execution.rerunExecution.mutate({
            id: from,
            idempotencyKey: key.current,
            ...(reason.trim() ? { reason: reason.trim() } : {}),
            ...(isSame && !isJson ? {} : { input: input as never }),
          })
        : client.execution.createExecution.mutate({
            workflowId: workflow.id,
            input: input as never,
            idempotencyKey: key.current,
          }),
    onSuccess: ({ id }) => go(`/executions/${id}`),
    onError: (error) => {
      // It was refused, so that what is sent next is another one.
      if (executionErrorCode(error)) key.current = crypto.randomUUID();
    },
  });
  const fields = errorFields(start.error);

  function submit(): void {
    if (!isJson) {
      if (isValid) start.mutate(value);
      return;
    }
    try {
      start.mutate(text.trim() === '' ? undefined : (JSON.parse(text) as unknown));
      setWrongJson(null);
    } catch (error) {
      setWrongJson(`This is not JSON: ${(error as Error).message}`);
    }
  }
  function toggle(): void {
    if (!isJson) {
      setText(JSON.stringify(value, null, 2));
      setJson(true);
      return;
    }
    try {
      setValue(JSON.parse(text) as unknown);
      setWrongJson(null);
      setJson(false);
    } catch (error) {
      setWrongJson(`This is not JSON: ${(error as Error).message}`);
    }
  }

  return (
    <div className="panel max-w-2xl">
      <form
        className="pad stack"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        {workflow.description && <p className="text-muted">{workflow.description}</p>}
        {note && (
          <Notice>{`The input of the earlier one is not whole (${note}). Left as it is, it runs with what Temporal has.`}</Notice>
        )}
        {isJson ? (
          <label className="field" data-wrong={wrongJson ? true : undefined}>
            <span>Input as JSON</span>
            <textarea
              rows={14}
              spellCheck={false}
              className="font-mono text-[12.5px]"
              value={text}
              onChange={(event) => setText(event.target.value)}
            />
            <small>{wrongJson ?? 'Whatever the workflow takes as its one argument.'}</small>
          </label>
        ) : (
          <Suspense fallback={<Loading rows={3} />}>
            <SchemaForm
              schema={workflow.inputSchema ?? {}}
              value={value}
              errors={fields ?? {}}
              onChange={(next, fits) => {
                setValue(next);
                setValid(fits);
              }}
            />
          </Suspense>
        )}
        {from !== null && (
          <label className="field">
            <span>Why (optional)</span>
            <input value={reason} maxLength={500} onChange={(event) => setReason(event.target.value)} />
            <small>Kept with it, with your name.</small>
          </label>
        )}
        {start.error && (
          <div role="alert" className="told bad">
            {sentenceOf(start.error)}
            {isJson && fields && (
              <ul className="mt-1 list-disc ps-5">
                {Object.entries(fields).map(([field, messages]) => (
                  <li key={field}>{`${field.replace(/^input\.?/, '') || 'input'}: ${messages.join('; ')}`}</li>
                ))}
              </ul>
            )}
          </div>
        )}
        <div className="flex flex-wrap gap-2">
          <button type="submit" className="btn solid" disabled={start.isPending}>
            {start.isPending ? 'Starting …' : from ? 'Rerun' : 'Start'}
          </button>
          {hasForm && (
            <button type="button" className="btn quiet" onClick={toggle}>
              {isJson ? 'As a form' : 'As JSON'}
            </button>
          )}
          <Link href={from ? `/executions/${from}` : `/workflows/${workflow.id}`} className="btn quiet">
            Leave it
          </Link>
        </div>
      </form>
    </div>
  );
}
