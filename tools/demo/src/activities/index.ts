import * as documents from './documents.ts';
import * as mail from './mail.ts';
import * as shop from './shop.ts';
import * as supplier from './supplier.ts';
import * as video from './video.ts';

export const activities = { ...documents, ...mail, ...shop, ...supplier, ...video };
export type Activities = typeof activities;
