import { describe, expect, test } from 'vitest';
import { workQueue } from '../../src/images/queue.ts';
import { newStock } from '../../src/images/stock.ts';
import { blobFiles } from '../../src/io/blob-files.ts';

/** Work that ends when it is told to. */
function works() {
  const began: string[] = [];
  const ends = new Map<string, PromiseWithResolvers<string>>();
  return {
    began,
    work: (name: string) => () => {
      began.push(name);
      const end = Promise.withResolvers<string>();
      ends.set(name, end);
      return end.promise;
    },
    end: (name: string) => ends.get(name)?.resolve(name),
    fail: (name: string) => ends.get(name)?.reject(new Error(name)),
  };
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('a queue', () => {
  test('does so much at once, and the most urgent next; equals as they came', async () => {
    const { began, work, end } = works();
    const queue = workQueue(2);
    const all = [
      queue.add(5, work('a')),
      queue.add(9, work('b')),
      queue.add(3, work('c')),
      queue.add(1, work('d')),
      queue.add(3, work('e')),
      queue.add(0, work('f')),
    ];
    expect(began).toEqual(['a', 'b']);
    for (const name of ['a', 'f', 'd', 'c', 'e', 'b']) {
      end(name);
      await turn();
    }
    expect(began).toEqual(['a', 'b', 'f', 'd', 'c', 'e']);
    expect(await Promise.all(all)).toEqual(['a', 'b', 'c', 'd', 'e', 'f']);
  });

  test('goes on after work that fails', async () => {
    const { began, work, end, fail } = works();
    const queue = workQueue(1);
    const [bad, good] = [queue.add(1, work('bad')), queue.add(1, work('good'))];
    fail('bad');
    await expect(bad).rejects.toThrow('bad');
    await turn();
    expect(began).toEqual(['bad', 'good']);
    end('good');
    expect(await good).toBe('good');
  });
});

describe('the stock of a run', () => {
  const blob = { mediaType: 'm', digest: `sha256:${'a'.repeat(64)}`, size: 4 };

  test('has a blob once, whoever asks for it', () => {
    const stock = newStock(blobFiles);
    expect(stock.get(blob.digest)).toBeUndefined();
    const one = stock.of(blob);
    expect([stock.of(blob), stock.get(blob.digest)]).toEqual([one, one]);
    expect(stock.of(blob)).toBe(one);
  });

  test('lets one bring a blob, and tells the others when it is there', async () => {
    const stock = newStock(blobFiles);
    const { began, work, end } = works();
    const bring = (digest: string, name: string) =>
      stock.bring(digest, () => work(name)().then((text) => text.length));
    const all = [bring('a', 'one'), bring('a', 'two'), bring('b', 'three')];
    expect(began).toEqual(['one', 'three']);
    end('one');
    end('three');
    expect(await Promise.all(all)).toEqual([3, 0, 5]);
    expect(await bring('a', 'again')).toBe(0);
  });

  test('tells all who wait for a blob that it cannot be had', async () => {
    const stock = newStock(blobFiles);
    const refused = async () => {
      throw new Error('HTTP 500');
    };
    const all = [stock.bring('a', refused), stock.bring('a', async () => 1)];
    for (const each of all) await expect(each).rejects.toThrow('HTTP 500');
  });

  test('forgets a blob that is not to be trusted, and tells who reads it', async () => {
    const stock = newStock(blobFiles);
    const before = stock.of(blob);
    await stock.bring(blob.digest, async () => 4);
    const reading = before.read({ start: 0, end: 4 })[Symbol.asyncIterator]().next();
    stock.drop(before, new Error('spoiled'));
    await expect(reading).rejects.toThrow('spoiled');
    expect(stock.get(blob.digest)).toBeUndefined();
    const now = stock.of(blob);
    expect(now).not.toBe(before);
    // Another image that had the spoiled one, too, leaves the new one alone.
    stock.drop(before, new Error('spoiled'));
    expect(stock.get(blob.digest)).toBe(now);
    expect(await stock.bring(blob.digest, async () => 4)).toBe(4);
  });
});
