import { type ValidationConfig, validate } from '@actions/languageservice';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { parse } from 'yaml';
import type { SourceFile, Violations } from './source.ts';

/** A workflow, in the one folder where GitHub looks for them. */
export function isWorkflow({ path }: Pick<SourceFile, 'path'>): boolean {
  return /^\.github\/workflows\/[^/]+\.ya?ml$/.test(path);
}

/** The metadata of an action. */
export function isAction({ path }: Pick<SourceFile, 'path'>): boolean {
  return /(^|\/)action\.ya?ml$/.test(path);
}

/**
 * What GitHub's own parser has against workflows and actions: unknown keys and contexts, wrong types, and inputs that a workflow
 * or an action of `repository` does not have, whether it is named by its path or as the rest of the world names it.
 */
export async function parserFindings(
  files: readonly SourceFile[],
  repository: readonly SourceFile[],
): Promise<Violations> {
  const config = answersFrom(repository);
  const found = files.map(async ({ path, text }) => {
    // The parser keeps what it has read under an address.
    const address = `file:///${crypto.randomUUID()}/${path}`;
    const findings = await validate(TextDocument.create(address, 'yaml', 1, text), config);
    return findings.map(({ range, message }) => `${path}:${range.start.line + 1}: ${message}`);
  });
  return (await Promise.all(found)).flat();
}

const ownName = /^paklog\/infra-action$/;

/** What the parser asks for while it reads: files and actions that others name. */
function answersFrom(repository: readonly SourceFile[]): ValidationConfig {
  const textOf = (path: string): string | undefined => repository.find((file) => file.path === path)?.text;
  return {
    fileProvider: {
      getFileContent: async (reference) => {
        const ours = !('owner' in reference) || ownName.test(`${reference.owner}/${reference.repository}`);
        const content = ours ? textOf(reference.path) : undefined;
        if (content === undefined) throw new Error(`There is no ${reference.path}`);
        return { name: reference.path, content };
      },
    },
    actionsMetadataProvider: {
      fetchActionMetadata: async ({ owner, name, path = '' }) => {
        // Others' actions are not here: everything is believed of them.
        if (!ownName.test(`${owner}/${name}`)) return { name, description: '' };
        const text = textOf(path === '' ? 'action.yml' : `${path}/action.yml`);
        return text === undefined ? undefined : parse(text);
      },
    },
  };
}
