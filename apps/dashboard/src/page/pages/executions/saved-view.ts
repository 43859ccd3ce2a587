import type { RouterOutputs } from '@runledger/client';
import type { ExecutionOrder } from '@runledger/contracts/filter';
import { readFilter } from '@runledger/contracts/filter';
import type { ListAddress, Sort } from './list-address.ts';
import { listHref, orderOf, writeListAddress } from './list-address.ts';

export type SavedView = RouterOutputs['execution']['listViews'][number];

const SORTED_BY: Record<ExecutionOrder, string> = { started_at: 'started', completed_at: 'ended', duration: 'took' };

/** What the address of a view says of its list. */
function addressOf({ filter, columns, orderBy, orderDirection, timeZone }: SavedView): Partial<ListAddress> {
  return {
    filter: readFilter(filter).filter,
    sort: `${orderDirection === 'desc' ? '-' : ''}${SORTED_BY[orderBy]}` as Sort,
    columns: columns.length > 0 ? columns : null,
    zone: timeZone,
  };
}

export function hrefOfView(view: SavedView): string {
  const { filter = {}, ...more } = addressOf(view);
  return listHref(filter, { ...more, view: view.id });
}

/** Whether the list is not as it was saved. */
export const isChanged = (view: SavedView, address: ListAddress): boolean => {
  // An address that says nothing of the zone is as it was saved.
  const { filter, sort, columns, zone } = { ...address, zone: address.zone ?? view.timeZone };
  return writeListAddress(addressOf(view)) !== writeListAddress({ filter, sort, columns, zone });
};

/** What is saved of a list. */
export function viewOf({ filter, sort, columns }: ListAddress, name: string, zone: string) {
  return {
    name,
    filter: writeListAddress({ filter }),
    columns: columns ?? [],
    ...orderOf(sort),
    timeZone: zone,
  };
}
