import { describe, expect, test } from 'vitest';
import { createRedactor, type Redactor } from '../../src/core/redaction/redactor.ts';
import { evidenceFolder } from '../../src/evidence/folder.ts';
import { evidenceWorld } from '../fakes/evidence.ts';

function newFolder(redactor: Redactor = createRedactor(['correct-horse'])) {
  const { world, written, text } = evidenceWorld({});
  return { folder: evidenceFolder('/evidence', redactor, world.files), written, text };
}

/** Fails at the so many-th piece of a text. */
function failsAt(count: number): Redactor {
  const stream = () => {
    let pieces = 0;
    const piece = (text: string) => {
      pieces += 1;
      if (pieces === count) throw new Error('no redaction');
      return text;
    };
    return { push: piece, end: () => piece('') };
  };
  return {
    stream,
    text: () => {
      throw new Error('no redaction');
    },
  };
}

describe('what is written to the folder', () => {
  test('has passed the redactor, also where a secret comes in two pieces', async () => {
    const { folder, text } = newFolder();
    await folder.pieces('a.txt', async (put) => {
      await put('the correct-');
      await put('horse is here');
    });
    await folder.write('b.txt', 'correct-horse');
    await folder.json('c.json', { list: ['correct-horse', 7], 'correct-horse': null });
    expect([text('a.txt'), text('b.txt')]).toEqual(['the *** is here', '***']);
    expect(JSON.parse(text('c.json'))).toEqual({ list: ['***', 7], 'correct-horse': null });
    expect(folder.files()).toEqual(['/evidence/a.txt', '/evidence/b.txt', '/evidence/c.json']);
    expect(folder.redacted()).toBe(true);
  });

  test('is copied as it is only where that is asked for, and known as that', async () => {
    const { folder, text } = newFolder();
    async function* chunks() {
      yield Buffer.from('\0correct-');
      yield Buffer.from('horse');
    }
    await folder.copy('files/x.bin', chunks());
    expect(text('files/x.bin')).toBe('\0correct-horse');
    expect(folder.copied()).toEqual(['files/x.bin']);
  });

  test('stays as far as it came where its source fails', async () => {
    const { folder, text } = newFolder();
    const writing = folder.pieces('a.txt', async (put) => {
      await put('first line\n');
      throw new Error('engine gone');
    });
    await expect(writing).rejects.toThrow('engine gone');
    expect(text('a.txt')).toBe('first line\n');
    expect([folder.files(), folder.redacted()]).toEqual([['/evidence/a.txt'], true]);
  });
});

describe('where redaction fails', () => {
  test.each([
    ['at once', 1],
    ['later', 2],
    ['at the end', 3],
  ])('%s, the file is gone', async (_, count) => {
    const { folder, written } = newFolder(failsAt(count));
    const writing = folder.pieces('a.txt', async (put) => {
      await put('secret');
      await put('secret');
    });
    await expect(writing).rejects.toThrow('no redaction');
    expect([[...written.keys()], folder.files(), folder.redacted()]).toEqual([[], [], false]);
  });

  test('before it begins, there is no file', async () => {
    const redactor = {
      ...failsAt(9),
      stream: () => {
        throw new Error('no redaction');
      },
    };
    const { folder, written } = newFolder(redactor);
    await expect(folder.write('a.txt', 'secret')).rejects.toThrow('no redaction');
    expect([[...written.keys()], folder.redacted()]).toEqual([[], false]);
  });

  test('in JSON, there is no file', async () => {
    const { folder, written } = newFolder(failsAt(9));
    await expect(folder.json('a.json', ['secret'])).rejects.toThrow('no redaction');
    expect([[...written.keys()], folder.redacted()]).toEqual([[], false]);
  });

  test('the other files stay', async () => {
    const { folder } = newFolder(failsAt(2));
    const two = folder.pieces('a.txt', async (put) => {
      await put('x');
      await put('y');
    });
    await expect(two).rejects.toThrow('no redaction');
    await folder.pieces('b.txt', async () => {});
    expect(folder.files()).toEqual(['/evidence/b.txt']);
  });
});

describe('once it is closed', () => {
  test('nothing is begun, and what goes on is refused', async () => {
    const { folder, text } = newFolder();
    const writing = folder.pieces('a.txt', async (put) => {
      await put('in time\n');
      folder.close();
      await put('too late\n');
    });
    await expect(writing).rejects.toThrow('no time left');
    await expect(folder.write('b.txt', 'x')).rejects.toThrow('no time left');
    expect([text('a.txt'), folder.files()]).toEqual(['in time\n', ['/evidence/a.txt']]);
  });
});
