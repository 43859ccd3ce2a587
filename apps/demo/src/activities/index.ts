import * as documents from './documents.ts';
import * as shop from './shop.ts';
import * as video from './video.ts';

export const activities = { ...documents, ...shop, ...video };
export type Activities = typeof activities;
