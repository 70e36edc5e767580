import { installClock } from '../fixtures/clock.ts';
import type { Exchange } from '../fixtures/upstream.ts';
import { HALF, TEXT, writeHalf } from '../fixtures/texts.ts';
import { API_KEY, expect, NETWORK, test } from '../fixtures/test.ts';

type Failure = {
  name: string;
  /** What the provider does. */
  provider: (answer: Exchange) => void | Promise<void>;
  /** What happened and what to do, in English and in Chinese. */
  words: [string, string][];
  /** What is left of title and summary. */
  kept?: typeof HALF;
};

const FAILURES: Failure[] = [
  {
    name: 'a key that is refused',
    provider: (answer) => answer.refuse(401, `Incorrect API key provided: ${API_KEY}`),
    words: [
      ['refused the key', '拒绝了密钥'],
      ['UNSPOOL_API_KEY', 'UNSPOOL_API_KEY'],
    ],
  },
  {
    name: 'a model that does not exist',
    provider: (answer) => answer.refuse(404, 'The model fake-1 does not exist'),
    words: [
      ['does not know the model fake-1', '没有 fake-1 这个模型'],
      ['UNSPOOL_MODEL', 'UNSPOOL_MODEL'],
    ],
  },
  {
    name: 'no credit',
    provider: (answer) =>
      answer.refuseWith(429, {
        message: 'You exceeded your current quota, please check your plan and billing details.',
        code: 'insufficient_quota',
      }),
    words: [
      ['has no credit left', '余额不足'],
      ['Waiting does not help', '等待没有用'],
      ['You exceeded your current quota', 'You exceeded your current quota'],
    ],
  },
  {
    name: 'too many requests',
    provider: (answer) => answer.refuse(429, 'Rate limit reached'),
    words: [
      ['fewer requests', '限流'],
      ['Wait a minute', '等一分钟'],
    ],
  },
  {
    name: 'a provider that breaks',
    provider: (answer) => answer.refuse(500, 'The server had an error'),
    words: [
      ['Something broke at 127.0.0.1', '出了故障'],
      ['The server had an error', 'The server had an error'],
      ['Try again', '重试'],
    ],
  },
  {
    name: 'a text too long for the model',
    provider: (answer) =>
      answer.refuse(
        400,
        "This model's maximum context length is 8192 tokens. context_length_exceeded",
      ),
    words: [
      ['longer than this model can read', '超出了这个模型能读的长度'],
      ['Shorten it', '删减'],
    ],
  },
  {
    name: 'an answer that breaks off',
    provider: async (answer) => {
      await writeHalf(answer);
      answer.drop();
    },
    words: [
      ['Something broke at 127.0.0.1', '出了故障'],
      ['What had arrived is kept', '都保留着'],
    ],
    kept: HALF,
  },
  {
    name: 'an answer cut by the token limit',
    provider: async (answer) => {
      await writeHalf(answer);
      await answer.over('length');
    },
    words: [
      ['The model stopped early: the answer is incomplete', '提前停笔'],
      ['What had arrived is kept', '都保留着'],
    ],
    kept: HALF,
  },
];

for (const { name, provider, words, kept } of FAILURES) {
  test(`${name}: what happened, what was kept, what to do`, async ({ desk, server, upstream }) => {
    await desk.summarise(TEXT);
    await provider(await upstream.next());
    await desk.expectState('failed');
    for (const [english] of words) await expect(desk.sheet).toContainText(english);
    await expect(desk.announcer).toContainText(words[0][0]);
    if (kept) {
      await expect(desk.title).toHaveText(kept.title);
      await expect(desk.summary).toHaveText(kept.summary);
    }

    await desk.page.getByRole('link', { name: '中文', exact: true }).click();
    for (const [, chinese] of words) await expect(desk.sheet).toContainText(chinese);

    expect(await desk.page.content()).not.toContain(API_KEY);
    await desk.page.reload();
    await desk.expectState('failed');
    expect(await desk.page.content()).not.toContain(API_KEY);
    expect(server.logged()).not.toContain(API_KEY);
  });
}

test.describe('without a provider', () => {
  test.use({ settings: { BASE_URL: 'http://127.0.0.1:1/v1' } });

  test('says what cannot be reached, and which setting to check', async ({ desk }) => {
    await desk.summarise(TEXT);
    await desk.expectState('failed');
    await expect(desk.sheet).toContainText('127.0.0.1:1 cannot be reached.');
    await expect(desk.sheet).not.toContainText('is kept');
    await expect(desk.sheet).toContainText('UNSPOOL_BASE_URL');
    await desk.page.getByRole('link', { name: '中文', exact: true }).click();
    await expect(desk.sheet).toContainText('连不上 127.0.0.1:1。');
  });
});

test('when to ask again is counted down', async ({ desk, page, upstream }) => {
  await installClock(page);
  await desk.summarise(TEXT);
  const answer = await upstream.next();
  answer.refuseWith(429, { message: 'Rate limit reached' }, { 'retry-after': '90' });
  await desk.expectState('failed');
  await expect(desk.sheet).toContainText(/can be asked again in (90|89) s/);
  await page.clock.fastForward(30_000);
  await expect(desk.sheet).toContainText(/can be asked again in (60|59) s/);
  await page.clock.fastForward(70_000);
  await expect(desk.sheet).toContainText('It can be asked again now.');
});

test('the provider’s own sentence is quoted, with keys masked', async ({ desk, upstream }) => {
  await desk.summarise(TEXT);
  (await upstream.next()).refuse(401, `Incorrect API key provided: ${API_KEY}. See the docs.`);
  await desk.expectState('failed');
  const said = desk.page.getByTestId('said');
  await expect(said).toContainText('Incorrect API key provided');
  await expect(said).not.toContainText(API_KEY);
});

test('where nothing had arrived, nothing is said to be kept', async ({ desk, upstream }) => {
  await desk.summarise(TEXT);
  (await upstream.next()).refuse(500, 'broken');
  await desk.expectState('failed');
  await expect(desk.sheet).not.toContainText('kept');
  await desk.page.getByText('In detail').click();
  await expect(desk.sheet).not.toContainText('kept');
});

test.describe('a silent provider', () => {
  test.use({ settings: { PROVIDER_TIMEOUT_MS: '3000' } });

  test('is given up, and its connection closed', async ({ desk, upstream }) => {
    await desk.summarise(TEXT);
    const answer = await upstream.next();
    await writeHalf(answer);
    await answer.closed;
    await desk.expectState('failed');
    await expect(desk.sheet).toContainText('The model was silent for too long.');
    await expect(desk.summary).toHaveText(HALF.summary);
    await desk.page.getByRole('link', { name: '中文', exact: true }).click();
    await expect(desk.sheet).toContainText('模型太久没有回应。');
  });
});

test('an answer without JSON is shown as what the model wrote', async ({ desk, upstream }) => {
  await desk.summarise(TEXT);
  const answer = await upstream.next();
  await answer.raw('Sure! The text is about', ' a clock <b>nobody</b> wound.');
  await answer.over('stop');
  await desk.expectState('failed');
  await expect(desk.sheet).toContainText('did not answer in the form that was asked for');
  await expect(desk.page.getByText('What the model wrote')).toBeVisible();
  await expect(desk.page.getByText('a clock <b>nobody</b> wound.')).toBeVisible();
});

test('what failed can be tried again, with the same text', async ({ desk, upstream }) => {
  await desk.summarise(TEXT);
  (await upstream.next()).refuse(500, 'broken');
  await desk.expectState('failed');
  await desk.page.reload();
  await desk.page.getByRole('button', { name: 'Try again' }).click();
  const again = await upstream.next();
  expect(again.input).toContain(TEXT);
  await again.answer({ title: 'A clock', summary: 'It stopped.' });
  await desk.expectDone('A clock', 'It stopped.');
});

type Refusal = {
  status: number;
  code: string;
  /** What happened and what to do, in English and in Chinese. */
  words: [string, string];
};

const REFUSALS: Refusal[] = [
  {
    status: 408,
    code: 'too_slow',
    words: ['The text took too long to arrive', '文章上传得太慢'],
  },
  {
    status: 403,
    code: 'forbidden',
    words: ['must pass the Host header on', '前面的代理需要原样转发 Host'],
  },
];

for (const [at, locale] of ['en-GB', 'zh-CN'].entries()) {
  test.describe(`a refusal in ${locale}`, () => {
    test.use({ locale });

    for (const { status, code, words } of REFUSALS) {
      test(`${code}: said in the reader’s language, and the text stays`, async ({
        complaints,
        desk,
        page,
      }) => {
        complaints.expect(NETWORK);
        await page.route('**/fn/start*', (route) =>
          route.fulfill({
            status,
            contentType: 'application/problem+json; charset=utf-8',
            body: JSON.stringify({ status, title: 'Refused', code, detail: 'As it was refused.' }),
          }),
        );
        await desk.summarise(TEXT);
        await expect(desk.hint).toContainText(words[at]);
        await expect(desk.source).toHaveValue(TEXT);
      });
    }
  });
}

test('a server that is gone is said, and the text is still there', async ({
  complaints,
  desk,
  server,
}) => {
  complaints.expect(/ERR_CONNECTION_REFUSED/);
  await desk.page.goto('/');
  await desk.write(TEXT);
  await server.kill();
  await desk.button.click();
  await expect(desk.hint).toContainText('The server does not answer');
  await expect(desk.source).toHaveValue(TEXT);
});
