import { useRunledger } from '@runledger/client/react';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Command } from 'cmdk';
import type { LucideIcon } from 'lucide-react';
import { Bookmark, Copy, Keyboard, RotateCcw, Search, Square, TriangleAlert, Workflow } from 'lucide-react';
import { useDeferredValue, useEffect, useRef, useState } from 'react';
import { useLocation } from 'wouter';
import { listHref } from '../pages/executions/list-address.ts';
import { hrefOfView } from '../pages/executions/saved-view.ts';
import { Dialog } from '../parts/dialog.tsx';
import { titleOf } from '../parts/failure-rows.tsx';
import { shortId } from '../parts/row-words.ts';
import { StatusIcon } from '../parts/status.tsx';
import { Ago } from '../parts/time.tsx';
import { of } from '../session/scope.ts';
import { useSession } from '../session/session.ts';
import { show } from './overlays.ts';
import { pageActs } from './page-acts.ts';
import { placesOf } from './places.ts';

/** By the letters of what can be done. */
const ACT_ICONS: Record<string, LucideIcon> = { r: RotateCcw, c: Square };
const LEAST = 3;
const KINDS = 20;
const KINDS_FROM = '-24h';
const COPY = 'Copy a link to this page';
/** A minute: definitions change seldom. */
const FRESH_MS = 60_000;

/** Goes to anything: an id that somebody sent, words of an error, a workflow, a kind of failure, a page. */
export default function Palette({ onClose }: { onClose: () => void }) {
  const [typed, setTyped] = useState('');
  const [, go] = useLocation();
  const { trpc } = useRunledger();
  const text = useDeferredValue(typed.trim());
  const isLong = text.length >= LEAST;
  const found = useQuery({
    ...trpc.execution.search.queryOptions({ text, of }),
    enabled: isLong,
    placeholderData: keepPreviousData,
    retry: false,
  });
  const workflows = useQuery({ ...trpc.workflow.list.queryOptions({ limit: 200 }), staleTime: FRESH_MS });
  const views = useQuery({ ...trpc.execution.listViews.queryOptions(), staleTime: FRESH_MS });
  const failures = useQuery({
    ...trpc.execution.getFailureGroups.queryOptions({ from: KINDS_FROM, limit: KINDS, of }),
    enabled: isLong,
  });
  const has = (name: string) => name.toLowerCase().includes(text.toLowerCase());
  const to_ = (href: string) => () => {
    onClose();
    go(href);
  };
  const executions = isLong ? (found.data ?? []) : [];
  const first = executions[0]?.execution.id;
  const list = useRef<HTMLDivElement>(null);
  const [isImpatient, setImpatient] = useState(false);
  // What somebody pasted an id for is what Enter goes to, however late it is found.
  useEffect(() => {
    if (!first || found.isPlaceholderData) return;
    choose(list.current?.querySelector(`[data-value="${first}"]`));
    if (isImpatient) to_(`/executions/${first}`)();
  }, [first, found.isPlaceholderData, isImpatient]);
  // cmdk goes on naming an option as the active one that a search has taken away.
  useEffect(() => {
    if (!list.current?.querySelector('[aria-selected="true"]')) choose(list.current?.querySelector('[cmdk-item]'));
  });
  const kinds = isLong
    ? (failures.data?.groups ?? []).filter((group) => has(titleOf(group)) || has(group.type ?? '')).slice(0, 5)
    : [];
  const named = (workflows.data?.items ?? []).filter(({ name }) => has(name)).slice(0, 8);
  const saved = (views.data ?? []).filter(({ name }) => has(name)).slice(0, 8);
  const acts = pageActs().filter(({ label }) => !isLong || has(label));
  const [kind] = kinds;
  const session = useSession();
  const places = placesOf(session).filter(({ label }) => has(label));
  return (
    <Dialog title="Go to" hideTitle onClose={onClose} className="high">
      <Command shouldFilter={false} label="Go to" loop>
        <div className="flex items-center gap-2.5 border-b border-line px-4 py-3">
          <Command.Input
            data-autofocus
            value={typed}
            onValueChange={(next) => {
              setTyped(next);
              setImpatient(false);
            }}
            onKeyDown={(event) => {
              if (event.key !== 'Enter' || !isLong || !found.isFetching) return;
              event.preventDefault();
              setImpatient(true);
            }}
            placeholder="An id, words of an error, a workflow"
            className="min-w-0 flex-1 text-[15px] outline-0"
          />
          <kbd>Esc</kbd>
        </div>
        <Command.List ref={list} className="max-h-[60vh] overflow-auto p-1.5">
          <Command.Empty className="px-3 py-6 text-center text-muted">
            {found.isFetching ? 'Searching …' : isLong ? `Nothing is called “${text}”.` : `${LEAST} letters at least`}
          </Command.Empty>
          {executions.length > 0 && (
            <Group heading="Executions">
              {executions.map(({ execution, matched }) => (
                <Item key={execution.id} value={execution.id} onSelect={to_(`/executions/${execution.id}`)}>
                  <StatusIcon status={execution.status} />
                  <span className="truncate">
                    {execution.workflow.name} <code className="text-muted">{shortId(execution.id)}</code>
                    {matched === 'text' && execution.errorMessage && (
                      <span className="ms-2 text-muted">{execution.errorMessage.split('\n', 1)[0]}</span>
                    )}
                  </span>
                  <span className="ms-auto text-[12.5px] whitespace-nowrap text-faint">
                    <Ago at={execution.startedAt} />
                  </span>
                </Item>
              ))}
              <Item value="all" icon={Search} onSelect={to_(listHref({ text }))}>
                {`All whose error contains “${text}”`}
              </Item>
            </Group>
          )}
          {kinds.length > 0 && (
            <Group heading="Failures, last 24 hours">
              {kinds.map((group) => (
                <Item
                  key={group.failureGroup}
                  value={group.failureGroup}
                  icon={TriangleAlert}
                  onSelect={to_(`/failures/${group.failureGroup}`)}
                >
                  <span className="truncate">{titleOf(group)}</span>
                  <span className="ms-auto tabular-nums text-faint">{group.executions.toLocaleString('en-US')}</span>
                </Item>
              ))}
            </Group>
          )}
          {named.length > 0 && (
            <Group heading="Workflows">
              {named.map(({ id, name }) => (
                <Item key={id} value={id} icon={Workflow} onSelect={to_(`/workflows/${id}`)}>
                  {name}
                </Item>
              ))}
            </Group>
          )}
          {saved.length > 0 && (
            <Group heading="Saved views">
              {saved.map((view) => (
                <Item key={view.id} value={view.id} icon={Bookmark} onSelect={to_(hrefOfView(view))}>
                  {view.name}
                </Item>
              ))}
            </Group>
          )}
          {places.length > 0 && (
            <Group heading="Pages">
              {places.map(({ label, href, keys, icon }) => (
                <Item key={href} value={href} icon={icon} onSelect={to_(href)}>
                  {label} <kbd className="ms-auto">{keys}</kbd>
                </Item>
              ))}
            </Group>
          )}
          {(acts.length > 0 || kind || has(COPY) || has('Keys')) && (
            <Group heading="Do">
              {acts.map(({ label, key, act }) => (
                <Item
                  key={label}
                  value={label}
                  icon={ACT_ICONS[key]}
                  onSelect={() => {
                    onClose();
                    act();
                  }}
                >
                  {label} <kbd className="ms-auto">{key}</kbd>
                </Item>
              ))}
              {kind && (
                <Item
                  value="rerun"
                  icon={RotateCcw}
                  onSelect={to_(`/failures/${kind.failureGroup}?from=${KINDS_FROM}#rerun`)}
                >
                  <span className="truncate">
                    {`Rerun the ${kind.executions.toLocaleString('en-US')} that failed like this: ${titleOf(kind)}…`}
                  </span>
                </Item>
              )}
              {has(COPY) && (
                <Item
                  value="copy"
                  icon={Copy}
                  onSelect={() => {
                    void navigator.clipboard.writeText(location.href);
                    onClose();
                  }}
                >
                  {COPY} <kbd className="ms-auto">y</kbd>
                </Item>
              )}
              {has('Keys') && (
                <Item value="keys" icon={Keyboard} onSelect={() => show('keys')}>
                  Keys <kbd className="ms-auto">?</kbd>
                </Item>
              )}
            </Group>
          )}
        </Command.List>
      </Command>
    </Dialog>
  );
}

/** As a pointer does it: an option that is set from outside is not told to whoever hears the page. */
function choose(option: Element | null | undefined): void {
  option?.dispatchEvent(new PointerEvent('pointermove', { bubbles: true }));
}

function Group({ heading, children }: { heading: string; children: React.ReactNode }) {
  return (
    <Command.Group heading={heading} className="palette-group">
      {children}
    </Command.Group>
  );
}

interface ItemProps {
  value: string;
  icon?: LucideIcon | undefined;
  onSelect: () => void;
  children: React.ReactNode;
}

function Item({ value, icon: Icon, onSelect, children }: ItemProps) {
  return (
    <Command.Item value={value} onSelect={onSelect} className="menu-item cursor-pointer aria-selected:bg-chosen">
      {Icon && <Icon className="size-4 flex-none text-muted" aria-hidden="true" />}
      {children}
    </Command.Item>
  );
}
