import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import type { OpenPage } from '../page-fixture.ts';
import type { Site } from '../site.ts';
import { REVERSING, startCodecServer } from './codec-server.ts';
import type { Scene } from './scene.ts';
import { row } from './scene.ts';

const FOLDER = '/tools/runs';

/** A second API, behind a proxy that serves its page in a folder of a site, and with a codec server that decodes for everyone. */
export function liveOnASite(scene: () => Scene): void {
  describe('on a site of somebody', () => {
    let site: Site;
    let codec: Awaited<ReturnType<typeof startCodecServer>>;
    beforeAll(async () => {
      codec = await startCodecServer();
      site = await scene().at.serveUnder(FOLDER, {
        RUNLEDGER_CODEC_ENDPOINT: codec.url,
        RUNLEDGER_CODEC_FOR: 'everyone',
      });
    });
    afterAll(async () => {
      await site?.stop();
      codec?.stop();
    });

    async function open(path: string): Promise<OpenPage> {
      const opened = await scene().at.open(path, { url: site.url + FOLDER });
      onTestFinished(async () => {
        await opened.close();
        expect(opened.complaints).toEqual([]);
      });
      return opened;
    }

    test('in a folder every address is in that folder: links, reloads, calls, the stream', async () => {
      const { failed } = scene();
      const { page } = await open('/executions?status=failed');
      expect(page.url()).toBe(`${site.url}${FOLDER}/executions?status=failed`);
      await page.getByText('Live', { exact: true }).first().waitFor();
      await row(page, failed).getByRole('link').first().click();
      await page.getByRole('heading', { level: 1, name: /The score of Alan/ }).waitFor();
      expect(page.url()).toBe(`${site.url}${FOLDER}/executions/${failed}`);
      await page.reload();
      await page.getByRole('heading', { level: 1, name: /The score of Alan/ }).waitFor();
      await page.getByRole('link', { name: 'Workflows', exact: true }).click();
      await page.getByRole('heading', { level: 1, name: 'Workflows' }).waitFor();
      expect(page.url()).toBe(`${site.url}${FOLDER}/workflows`);
      expect(site.asked().filter((path) => !path.startsWith(`${FOLDER}/`))).toEqual([]);
    });

    test('what is encrypted is decoded when one asks, says where the codec fails, and is offered to nobody else', async () => {
      const { at, completed } = scene();
      const id = await at.startStuck('ada', { input: { card: '4111' }, payloadCodecs: [REVERSING] });
      const { client } = await at.as('ada');
      await expect
        .poll(async () => (await client.execution.getExecution.query({ id })).inputNote)
        .toBe('undecodable: binary/encrypted');
      codec.refuse(true);
      const { page } = await open(`/executions/${id}`);
      const input = page.getByRole('region', { name: 'Input' });
      await input.getByText('It is encrypted.').waitFor();
      await page.getByRole('button', { name: 'Decode' }).click();
      await input.getByText('The codec did not decode it: it answered 503.').waitFor();
      codec.refuse(false);
      await page.getByRole('button', { name: 'Decode' }).click();
      await input.getByText('"4111"').waitFor();
      await page.getByText('Decoded for you; nothing of it is kept.').waitFor();
      expect(await page.getByRole('button', { name: 'Decode' }).count()).toBe(0);
      // Where nothing is encoded, and where the host decodes nothing for its users.
      const elsewhere = { [`/executions/${completed}`]: site.url + FOLDER, [`/executions/${id}`]: at.url };
      for (const [path, url] of Object.entries(elsewhere)) {
        const other = await at.open(path, { url });
        onTestFinished(other.close);
        await other.page.getByRole('region', { name: 'Input' }).waitFor();
        expect(await other.page.getByRole('button', { name: 'Decode' }).count()).toBe(0);
      }
    });
  });
}
