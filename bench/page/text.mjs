/** The work: 100 KB of English and Chinese, cut into 20,000 pieces that come 2,500 a second. */
export const PIECES = 20_000;
export const PER_SECOND = 2_500;
const BYTES = 100_000;

const ENGLISH =
  'the clock in old lighthouse kept time for whole village and nobody had ever asked who wound it ' +
  'until electric light came then ferry left too early or late while keeper slept beside slow wide river';
const CHINESE =
  '灯塔里的老钟为全村报时从来没有人问过是谁给它上的发条直到电灯亮起来渡船不是开早了就是开晚了守塔人却在河边睡着了';

/** Numbers that look random and are the same on every run. */
function randomness(state) {
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

/** Sentences in either script, a paragraph of eight after the other. */
export function text() {
  const random = randomness(42);
  const words = ENGLISH.split(' ');
  const english = () => {
    const sentence = Array.from({ length: 6 + random(12) }, () => words[random(words.length)]).join(
      ' ',
    );
    return `${sentence[0].toUpperCase()}${sentence.slice(1)}. `;
  };
  const chinese = () => {
    const clause = () =>
      Array.from({ length: 5 + random(9) }, () => CHINESE[random(CHINESE.length)]).join('');
    return `${clause()}，${clause()}。`;
  };
  let written = '';
  for (let sentence = 1; Buffer.byteLength(written) < BYTES; sentence += 1) {
    written += random(2) ? english() : chinese();
    if (sentence % 8 === 0) written = `${written.trimEnd()} 🕐\n\n`;
  }
  return written.trimEnd();
}

/** `text` in `PIECES` pieces of nearly the same size, no character cut in two. */
export function pieces(text) {
  const characters = [...text];
  const end = (piece) => Math.floor((piece * characters.length) / PIECES);
  return Array.from({ length: PIECES }, (_, piece) =>
    characters.slice(end(piece), end(piece + 1)).join(''),
  );
}
