import { useReadAnew, useRunledger } from '@runledger/client/react';
import { useMutation, useQuery } from '@tanstack/react-query';
import { Bookmark } from 'lucide-react';
import type { FormEvent } from 'react';
import { useState } from 'react';
import { Menu } from '../../parts/menu.tsx';
import { sentenceOf } from '../../parts/states.tsx';
import { useZone } from '../../parts/time.tsx';
import type { ListAddress } from './list-address.ts';
import type { SavedView } from './saved-view.ts';
import { isChanged, viewOf } from './saved-view.ts';

/** Keeps the list under a name, on the server, so that it is there on every device; shared ones by their link. */
export function ViewMenu({ address, onView }: { address: ListAddress; onView: (id: string | null) => void }) {
  const { trpc } = useRunledger();
  const { data: views = [] } = useQuery(trpc.execution.listViews.queryOptions());
  const view = views.find(({ id }) => id === address.view) ?? null;
  const label = view ? (isChanged(view, address) ? `${view.name}, changed` : view.name) : 'Save view';
  return (
    <Menu
      className="btn quiet"
      label={
        <>
          <Bookmark className="size-4 md:hidden" aria-hidden="true" />
          <span className="max-md:sr-only">{label}</span>
        </>
      }
    >
      {(close) => <Editor key={view?.id} view={view} address={address} onView={onView} close={close} />}
    </Menu>
  );
}

interface EditorProps {
  view: SavedView | null;
  address: ListAddress;
  onView: (id: string | null) => void;
  close: () => void;
}

function Editor({ view, address, onView, close }: EditorProps) {
  const { client, trpc } = useRunledger();
  const readAnew = useReadAnew();
  const zone = useZone();
  const [name, setName] = useState(view?.name ?? '');
  const [isShared, setShared] = useState(view?.isShared ?? false);
  const done = () => {
    readAnew(trpc.execution.listViews.queryKey());
    close();
  };
  const save = useMutation({
    mutationFn: (id: string | null) =>
      client.execution.saveView.mutate({
        ...viewOf(address, name.trim(), zone),
        isShared,
        ...(id ? { id } : {}),
      }),
    onSuccess: (saved) => {
      onView(saved.id);
      done();
    },
  });
  const remove = useMutation({
    mutationFn: (id: string) => client.execution.deleteView.mutate({ id }),
    onSuccess: () => {
      onView(null);
      done();
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate(view?.isOwn ? view.id : null);
  };
  const error = save.error ?? remove.error;
  return (
    <form className="stack w-64 p-2" onSubmit={submit}>
      <label className="field">
        <span>Name</span>
        <input value={name} maxLength={100} required onChange={(event) => setName(event.target.value)} />
        <small>Keeps filter, columns, order and zone.</small>
      </label>
      <label className="menu-item">
        <input type="checkbox" checked={isShared} onChange={(event) => setShared(event.target.checked)} />
        Others may use it, each of their own executions
      </label>
      {error && (
        <p role="alert" className="told bad">
          {sentenceOf(error)}
        </p>
      )}
      <button type="submit" className="btn solid" disabled={save.isPending || name.trim() === ''}>
        {view?.isOwn ? 'Save over it' : 'Save'}
      </button>
      {view?.isOwn && (
        <>
          <button type="button" className="btn" disabled={name.trim() === view.name} onClick={() => save.mutate(null)}>
            Save as another
          </button>
          <button type="button" className="btn quiet text-danger" onClick={() => remove.mutate(view.id)}>
            Delete the view
          </button>
        </>
      )}
    </form>
  );
}
