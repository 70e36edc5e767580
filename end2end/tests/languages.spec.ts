import { ANSWER, TEXT } from '../fixtures/texts.ts';
import { expect, test } from '../fixtures/test.ts';

test('English is spoken to those who ask for it', async ({ desk, page }) => {
  await page.goto('/');
  await expect(page.locator('html')).toHaveAttribute('lang', 'en');
  await expect(desk.button).toContainText('Summarise');
  await expect(page.getByRole('link', { name: 'History' })).toBeVisible();
});

test.describe('简体中文', () => {
  test.use({ locale: 'zh-CN' });

  test('is spoken to those who ask for it, from the first byte', async ({
    desk,
    page,
    request,
    upstream,
  }) => {
    const html = await (await request.get('/', { headers: { 'accept-language': 'zh-CN' } })).text();
    expect(html).toContain('lang="zh-CN"');
    expect(html).toContain('写摘要');

    await desk.summarise(TEXT);
    await expect(page.getByRole('link', { name: '历史' })).toBeVisible();
    const answer = await upstream.next();
    await answer.begin('title');
    await expect(desk.status).toContainText('正在写标题');
    await answer.write(ANSWER.title);
    await answer.begin('summary');
    await answer.write(ANSWER.summary);
    await expect(desk.announcer).toContainText(`标题已定稿：${ANSWER.title}`);
    await answer.finish();
    await expect(desk.status).toContainText('完成');
  });
});

test('switching changes the page at once, keeps the text, and is remembered', async ({
  desk,
  page,
}) => {
  await page.goto('/');
  await desk.write(TEXT);
  await page.getByRole('link', { name: '中文', exact: true }).click();
  await expect(page.locator('html')).toHaveAttribute('lang', 'zh-CN');
  await expect(desk.button).toContainText('写摘要');
  await expect(desk.source).toHaveValue(TEXT);
  await page.goto('/history');
  await expect(page.locator('html')).toHaveAttribute('lang', 'zh-CN');
  await expect(page.getByText('这里还是空的。')).toBeVisible();

  await page.goto('/');
  await desk.write(TEXT);
  await page.getByRole('link', { name: 'English', exact: true }).click();
  await page.reload();
  await expect(desk.button).toContainText('Summarise');
});

test('what is written has a language of its own where that is known', async ({
  desk,
  page,
  upstream,
}) => {
  const expectLanguage = async (tag: string) => {
    await expect(desk.title).toHaveAttribute('lang', tag);
    await expect(desk.summary).toHaveAttribute('lang', tag);
  };
  const chinese = { title: '让渡船准时的钟', summary: '再也没有人去给钟上发条。' };
  await desk.summarise(TEXT);
  await (await upstream.next()).answer(chinese);
  await desk.expectState('completed');
  await expectLanguage('zh-CN');
  await page.reload();
  await expectLanguage('zh-CN');

  await page.getByRole('link', { name: '中文', exact: true }).click();
  await page.goto('/');
  await desk.write(TEXT);
  await page.getByLabel('语言', { exact: true }).selectOption({ label: 'English' });
  await desk.button.click();
  await (await upstream.next()).answer(ANSWER);
  await desk.expectState('completed');
  await expectLanguage('en');
});

test('summaries can be had in some thirty languages', async ({ desk, page, upstream }) => {
  await desk.open();
  const languages = desk.language.getByRole('option');
  expect(await languages.count()).toBeGreaterThan(30);
  await desk.write(TEXT);
  await desk.language.selectOption({ label: 'Français' });
  await desk.button.click();
  const answer = await upstream.next();
  expect(JSON.stringify(answer.body)).toContain('Write in French');
  await answer.answer({ title: 'L’horloge', summary: 'Elle s’est arrêtée.' });
  await desk.expectState('completed');
  await expect(desk.summary).toHaveAttribute('lang', 'fr');
  await page.reload();
  await expect(desk.language).toHaveValue('fr');
});

test('length and language of the summary are asked for', async ({ desk, page, upstream }) => {
  await page.goto('/');
  await desk.write(TEXT);
  await page.getByRole('radio', { name: 'Short' }).check();
  await page.getByLabel('Language', { exact: true }).selectOption({ label: '中文' });
  await desk.button.click();
  const { body } = await upstream.next();
  const asked = JSON.stringify(body);
  expect(asked).toContain('Simplified Chinese');
  expect(asked).toContain('one or two sentences');
});
