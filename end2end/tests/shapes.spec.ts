import type { Page } from '@playwright/test';
import { TEXT } from '../fixtures/texts.ts';
import { expect, test } from '../fixtures/test.ts';

/** Has the page take what a model writes for a document of a shape that it does not know. */
async function anotherShape(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const rename = (data: string) => data.replace('"shape":"summary"', '"shape":"own"');
    const listen = EventSource.prototype.addEventListener as (
      this: EventSource,
      name: string,
      listener: (event: MessageEvent<string>) => void,
    ) => void;
    EventSource.prototype.addEventListener = function (name: string, listener: unknown) {
      listen.call(this, name, (event) => {
        const { data, lastEventId } = event;
        const renamed = new MessageEvent(name, { data: data && rename(data), lastEventId });
        (listener as (event: Event) => void)(data ? renamed : event);
      });
    };
  });
  await page.route('**/fn/*', async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, body: rename(await response.text()) });
  });
}

const rename = (text: string) => text.replaceAll('"shape":"summary"', '"shape":"own"');

test('the items of a list appear one by one, each as it is written', async ({ desk, upstream }) => {
  await anotherShape(desk.page);
  await desk.summarise(TEXT);
  const answer = await upstream.next();
  await answer.raw('{"title":"The clock","points":["Nobody');
  const items = desk.sheet.locator('.fields').getByRole('listitem');
  await expect(items).toHaveText(['Nobody']);
  await expect(desk.status).toHaveText('Writing the points');
  await expect(desk.sheet.getByRole('heading', { name: 'Points' })).toBeVisible();
  await expect(items.first().locator('.flow')).toHaveAttribute('aria-busy', 'true');

  await answer.raw(' wound it.","The village');
  await expect(items).toHaveText(['Nobody wound it.', 'The village']);
  await expect(items.nth(0).locator('.flow')).toHaveAttribute('aria-busy', 'false');
  await expect(items.nth(1).locator('.flow')).toHaveAttribute('aria-busy', 'true');

  await answer.raw(' is late."],"owner":{"name":"Ada","votes":12},"isOpen":true,"summary":"Late."}');
  await answer.over('stop');
  await desk.expectDone('The clock', 'Late.');
  await expect(items).toHaveText(['Nobody wound it.', 'The village is late.']);
  await expect(desk.sheet.getByRole('term')).toContainText(['Name', 'Votes', 'Is open']);
  await expect(desk.sheet.locator('.fields').getByRole('definition')).toHaveText([
    'Ada',
    '12',
    'Yes',
  ]);
  await expect(desk.announcer).toContainText('Done');

  await desk.page.getByRole('link', { name: 'History' }).click();
  await desk.page.getByRole('link', { name: 'The clock' }).click();
  await desk.expectDone('The clock', 'Late.');
  await expect(items).toHaveText(['Nobody wound it.', 'The village is late.']);
});

test('a document that comes all at once is there, is announced, and can be copied', async ({
  context,
  desk,
  page,
  upstream,
}) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await anotherShape(desk.page);
  await desk.summarise(TEXT);
  const answer = await upstream.next();
  await desk.expectState('reading');
  const said = await desk.hear();
  await answer.raw(
    JSON.stringify({
      title: 'The clock',
      actions: [{ what: 'Wind it', who: 'Ada' }],
      decisions: [],
      summary: 'Late.',
    }),
  );
  await answer.over('stop');
  await desk.expectDone('The clock', 'Late.');
  await expect(desk.sheet.getByTestId('actions/0/what')).toHaveText('Wind it');
  await expect(desk.sheet.getByText('None found')).toBeVisible();
  await expect.poll(said).toContain('Actions: What: Wind it; Who: Ada');

  const copied = () => page.evaluate(() => navigator.clipboard.readText());
  await page.getByRole('button', { name: 'More', exact: true }).click();
  await page.getByRole('button', { name: 'Copy actions' }).click();
  await expect.poll(copied).toBe('| What | Who |\n| --- | --- |\n| Wind it | Ada |');
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Copy', exact: true }).click();
  await expect.poll(copied).toContain('# The clock\n\n## Summary\n\nLate.\n\n## Actions\n\n| What');
});

test('an item that was cut short says so', async ({ desk, upstream }) => {
  await anotherShape(desk.page);
  await desk.summarise(TEXT);
  const answer = await upstream.next();
  await answer.raw('{"title":"The clock","points":["Whole.","Cut sh');
  await expect(desk.sheet.locator('.fields').getByRole('listitem')).toHaveText(['Whole.', 'Cut sh']);
  await desk.button.click();
  await desk.expectState('stopped');
  await expect(desk.sheet.locator('.fields').getByRole('listitem')).toHaveText(['Whole.', /Cut sh\s*incomplete/]);
});

test('key points are chosen on the page and come one by one', async ({ desk, page, upstream }) => {
  await desk.open();
  await desk.shape.selectOption('Key points');
  await desk.write(TEXT);
  await desk.button.click();
  const answer = await upstream.next();
  const { schema } = answer.body.response_format.json_schema;
  expect(schema.required).toEqual(['title', 'points']);
  expect(schema.properties.points.items.type).toBe('string');

  await answer.raw('{"title":"The clock","points":["Nobody wound it.","The vill');
  const items = desk.sheet.locator('.fields').getByRole('listitem');
  await expect(items).toHaveText(['Nobody wound it.', 'The vill']);
  await expect(desk.sheet.getByRole('heading', { name: 'Key points' })).toBeVisible();
  await expect(desk.status).toHaveText('Writing the key points');
  await answer.raw('age is late."]}');
  await answer.over('stop');
  await desk.expectState('completed');
  await expect(items).toHaveText(['Nobody wound it.', 'The village is late.']);

  await page.reload();
  await expect(items).toHaveText(['Nobody wound it.', 'The village is late.']);
  await desk.expectAlive();
  await expect(desk.shape).toHaveValue('key_points');
  await page.getByRole('link', { name: 'History' }).click();
  await page.getByRole('link', { name: 'The clock' }).click();
  await expect(items).toHaveText(['Nobody wound it.', 'The village is late.']);
});

test('the shape is remembered with the draft', async ({ desk, page }) => {
  await desk.open();
  await desk.write(TEXT);
  await desk.shape.selectOption('Minutes');
  await page.reload();
  await desk.expectAlive();
  await expect(desk.shape).toHaveValue('minutes');
});

test('minutes without decisions say so', async ({ desk, upstream }) => {
  await desk.open();
  await desk.shape.selectOption('Minutes');
  await desk.write(TEXT);
  await desk.button.click();
  const answer = await upstream.next();
  await answer.raw('{"title":"Board","attendees":["Ada"],"decisions":[],"actions":[');
  await expect(desk.sheet.getByText('None found')).toHaveCount(1);
  await answer.raw('"Wind it"],"summary":"They met."}');
  await answer.over('stop');
  await desk.expectState('completed');
  const names = ['Board', 'Attendees', 'Decisions', 'Actions', 'Summary'];
  await expect(desk.sheet.getByRole('heading')).toContainText(names);
  await expect(desk.sheet.locator('.fields').getByRole('listitem')).toHaveText(['Ada', 'Wind it']);
});

test('fields of one’s own are a schema, which is checked and remembered', async ({
  complaints,
  desk,
  page,
  upstream,
}) => {
  complaints.expect(/status of 422/);
  await desk.open();
  const schema = page.getByLabel('The fields, as a JSON Schema');
  await expect(schema).toBeHidden();
  await desk.shape.selectOption('Own fields…');
  await expect(schema).toHaveValue(/"mood"/);
  await schema.fill('{');
  await desk.write(TEXT);
  await desk.button.click();
  await expect(desk.hint).toHaveText('The fields are not valid JSON.');
  await schema.fill('{"properties":{"mood":{"type":"null"}}}');
  await desk.button.click();
  await expect(desk.hint).toContainText('/properties/mood');
  await schema.fill('{"properties":{"mood":{"enum":["fine","bad"]},"sure":{"type":"boolean"}}}');
  await desk.button.click();
  const answer = await upstream.next();
  await answer.raw('{"mood":"fi');
  await answer.raw('ne","sure":true}');
  await expect(desk.sheet.getByTestId('mood')).toHaveText('fine');
  await answer.over('stop');
  await desk.expectState('completed');
  await expect(desk.sheet.getByRole('definition').first()).toHaveText('Yes');
  await page.reload();
  await expect(desk.sheet.getByTestId('mood')).toHaveText('fine');
  await desk.expectAlive();
  await expect(schema).toHaveValue(/"sure"/);
});
