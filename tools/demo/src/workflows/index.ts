export { creditCheck } from './credit-check.ts';
export { digestInbox } from './digest-inbox.ts';
export { documentPipeline } from './document-pipeline.ts';
export { importCatalog } from './import-catalog.ts';
export { onboardCustomer, sendWelcomePack } from './onboard-customer.ts';
export { approve, order } from './order.ts';
export { transcodeVideo } from './transcode-video.ts';
