import { useChat } from '@ai-sdk/react';
import { useState } from 'react';
import { flushSync } from 'react-dom';
import { createRoot } from 'react-dom/client';

const THROTTLE_MS = 50;

/** What a page without any framework can do: append to the last block, a new one every 500 characters. */
function limit(out) {
  let tail = null;
  return (piece) => {
    if (tail === null || tail.length > 500) {
      const block = document.createElement('div');
      block.style.contain = 'content';
      tail = block.appendChild(document.createTextNode(''));
      out.append(block);
    }
    tail.appendData(piece);
  };
}

/** The whole text as React state, set at most every 50 ms. */
function react(out) {
  let show;
  const Text = () => {
    const [text, setText] = useState('');
    show = setText;
    return <p>{text}</p>;
  };
  flushSync(() => createRoot(out).render(<Text />));
  let text = '';
  let timer = null;
  return (piece) => {
    text += piece;
    timer ??= setTimeout(() => {
      timer = null;
      show(text);
    }, THROTTLE_MS);
  };
}

/** Vercel's AI SDK: a chat whose one answer is the text. */
async function chat(out, feed) {
  const transport = {
    reconnectToStream: async () => null,
    sendMessages: async () =>
      new ReadableStream({
        async start(stream) {
          stream.enqueue({ type: 'start', messageId: 'answer' });
          stream.enqueue({ type: 'text-start', id: 'text' });
          await feed((delta) => stream.enqueue({ type: 'text-delta', id: 'text', delta }));
          stream.enqueue({ type: 'text-end', id: 'text' });
          stream.enqueue({ type: 'finish' });
          stream.close();
        },
      }),
  };
  await new Promise((resolve) => {
    let ask;
    const Chat = () => {
      const { messages, sendMessage } = useChat({
        transport,
        experimental_throttle: THROTTLE_MS,
        throttle: THROTTLE_MS,
        onFinish: resolve,
      });
      ask = sendMessage;
      const answers = messages.filter(({ role }) => role === 'assistant');
      return answers.flatMap(({ parts }) =>
        parts.map((part, at) => (part.type === 'text' ? <p key={at}>{part.text}</p> : null)),
      );
    };
    flushSync(() => createRoot(out).render(<Chat />));
    ask({ text: 'go' });
  });
}

const fed = (contender) => (out, feed) => feed(contender(out));

/** Each shows in `out` what `feed` gives it, and is settled when it has got all. */
export const contenders = { limit: fed(limit), react: fed(react), chat };
