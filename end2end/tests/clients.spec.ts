import { HttpAgent } from '@ag-ui/client';
import { DefaultChatTransport, readUIMessageStream, type UIMessage } from 'ai';
import OpenAI, { APIError } from 'openai';
import { ANSWER, TEXT } from '../fixtures/texts.ts';
import { expect, test } from '../fixtures/test.ts';
import type { Exchange } from '../fixtures/upstream.ts';

const DOCUMENT = { title: ANSWER.title, summary: ANSWER.summary };

/** Writes the document piece by piece. */
async function write(exchange: Exchange): Promise<void> {
  for (const [field, text] of Object.entries(DOCUMENT)) {
    await exchange.begin(field);
    await exchange.write(...(text.match(/.{1,5}/gsu) ?? []));
  }
  await exchange.finish();
}

async function started(request: import('@playwright/test').APIRequestContext): Promise<string> {
  const answer = await request.post('/api/generations', { data: { text: TEXT } });
  return (await answer.json()).id;
}

test.describe('OpenAI’s own client', () => {
  const client = (url: string) =>
    new OpenAI({ baseURL: `${url}/v1`, apiKey: 'any', maxRetries: 0 });

  test('streams, with its usage', async ({ server, upstream }) => {
    const stream = await client(server.url).chat.completions.create({
      model: 'unspool',
      messages: [{ role: 'user', content: 'Why is the sky blue?' }],
      stream: true,
      stream_options: { include_usage: true },
    });
    const exchange = await upstream.next();
    expect(exchange.body.messages.at(-1)?.content).toBe('Why is the sky blue?');
    await exchange.think('Light.');
    await exchange.raw('Because ', 'it scatters.');
    await exchange.over('stop');
    let text = '';
    let usage = null;
    let finish = null;
    for await (const chunk of stream) {
      text += chunk.choices[0]?.delta.content ?? '';
      finish = chunk.choices[0]?.finish_reason ?? finish;
      usage = chunk.usage ?? usage;
    }
    expect([text, finish]).toEqual(['Because it scatters.', 'stop']);
    expect(usage).toMatchObject({ prompt_tokens: 7, completion_tokens: 11, total_tokens: 18 });
  });

  test('answers at once, with parts, and with a document', async ({ server, upstream }) => {
    const asked = client(server.url).chat.completions.create({
      model: 'unspool',
      messages: [{ role: 'user', content: [{ type: 'text', text: TEXT }] }],
      shape: 'summary',
    } as OpenAI.ChatCompletionCreateParamsNonStreaming);
    await write(await upstream.next());
    const completion = await asked;
    expect(JSON.parse(completion.choices[0]!.message.content!)).toEqual(DOCUMENT);
    expect(completion.object).toBe('chat.completion');
  });

  test('gathers a stream by itself, and parses what has a schema', async ({ server, upstream }) => {
    const runner = client(server.url).chat.completions.stream({
      model: 'fake-1',
      messages: [{ role: 'user', content: TEXT }],
      response_format: {
        type: 'json_schema',
        json_schema: { name: 'it', schema: { type: 'object', properties: {} } },
      },
    });
    await write(await upstream.next());
    expect(JSON.parse((await runner.finalContent())!)).toEqual(DOCUMENT);
  });

  test('lists models, and raises its own errors', async ({ server, upstream }) => {
    const openai = client(server.url);
    const models = await openai.models.list();
    expect(models.data.map((model) => model.id)).toEqual(['fake-1']);
    const asked = openai.chat.completions
      .create({ model: 'nobody', messages: [{ role: 'user', content: 'Why?' }] })
      .catch((error: unknown) => error);
    (await upstream.next()).refuse(404, 'The model nobody does not exist');
    const unknown = await asked;
    expect(unknown).toBeInstanceOf(APIError);
  });
});

test.describe('the AI SDK’s own client', () => {
  const transport = (url: string) =>
    new DefaultChatTransport<UIMessage>({
      api: `${url}/unused`,
      prepareReconnectToStreamRequest: ({ id }) => ({
        api: `${url}/api/generations/${id}/ui-messages`,
      }),
    });

  test('reads a generation as it is written', async ({ request, server, upstream }) => {
    const id = await started(request);
    const stream = await transport(server.url).reconnectToStream({ chatId: id });
    const exchange = await upstream.next();
    await exchange.think('Hm. ', 'A clock.');
    await write(exchange);
    let last: UIMessage | null = null;
    for await (const message of readUIMessageStream({ stream: stream! })) last = message;
    expect(last!.id).toBe(id);
    const texts = last!.parts.flatMap((part) => (part.type === 'text' ? [part.text] : []));
    expect(texts).toEqual([DOCUMENT.title, DOCUMENT.summary]);
    const thought = last!.parts.find((part) => part.type === 'reasoning');
    expect(thought).toMatchObject({ text: 'Hm. A clock.', state: 'done' });
    const document = last!.parts.find((part) => part.type === 'data-document');
    expect(document).toMatchObject({ data: DOCUMENT });
    expect(last!.metadata).toMatchObject({ model: 'fake-1', usage: { input_tokens: 7 } });
  });

  test('is told of a failure', async ({ request, server, upstream }) => {
    const id = await started(request);
    (await upstream.next()).refuse(401, 'Incorrect API key provided.');
    const stream = await transport(server.url).reconnectToStream({ chatId: id });
    const errors: string[] = [];
    const onError = (error: unknown) => errors.push(String(error));
    const messages = readUIMessageStream({ stream: stream!, onError, terminateOnError: false });
    for await (const _message of messages);
    expect(errors.join()).toContain('refused the key');
  });
});

test.describe('AG-UI’s own client', () => {
  /** AG-UI starts its runs by POST; ours is there already. */
  class Reader extends HttpAgent {
    protected override requestInit(): RequestInit {
      return { method: 'GET', headers: this.headers };
    }
  }

  test('reads a generation as a run with messages and a state', async ({
    request,
    server,
    upstream,
  }) => {
    const id = await started(request);
    const agent = new Reader({ url: `${server.url}/api/generations/${id}/ag-ui`, threadId: id });
    const deltas: string[] = [];
    const run = agent.runAgent(
      { runId: id },
      { onTextMessageContentEvent: ({ event }) => void deltas.push(event.delta) },
    );
    const exchange = await upstream.next();
    await exchange.think('Hm.');
    await write(exchange);
    const { result } = await run;
    expect(agent.state).toEqual(DOCUMENT);
    expect(deltas.join('')).toBe(DOCUMENT.title + DOCUMENT.summary);
    const written = agent.messages.filter((message) => message.role === 'assistant');
    expect(written.map((message) => message.content)).toEqual([DOCUMENT.title, DOCUMENT.summary]);
    expect(result).toMatchObject({ document: DOCUMENT });
  });

  test('is told of a failure', async ({ request, server, upstream }) => {
    const id = await started(request);
    (await upstream.next()).refuse(401, 'Incorrect API key provided.');
    const agent = new Reader({ url: `${server.url}/api/generations/${id}/ag-ui`, threadId: id });
    const errors: string[] = [];
    const told = { onRunErrorEvent: ({ event }: { event: { message: string } }) => {
      errors.push(event.message);
    } };
    await agent.runAgent({ runId: id }, told).catch(() => {});
    expect(errors.join()).toContain('refused the key');
  });
});
