import { text } from 'node:stream/consumers';
import { type Challenge, readChallenge, tokenAddress } from '../core/images/challenge.ts';
import type { Credentials } from '../core/images/docker-login.ts';
import { asObject, asString } from '../core/json.ts';
import type { Headers, Http, HttpAnswer } from '../io/http.ts';

/** One repository at one address, with what it takes to read there. */
export interface RegistrySession {
  /** @throws where no answer comes. */
  get(path: string, headers: Headers, signal: AbortSignal): Promise<HttpAnswer>;
  /** Whether it was asked with somebody's login. */
  usesLogin(): boolean;
}

const mostRedirects = 5;

/** Asks without a login first, then in the way that the registry demands; `credentials` are read only then. */
export function registrySession(
  address: string,
  repository: string,
  credentials: () => Promise<Credentials | undefined>,
  http: Http,
): RegistrySession {
  const nobody: Promise<string | undefined> = Promise.resolve(undefined);
  let authorization = nobody;
  let login = false;
  const own = async () => {
    const found = await credentials();
    login ||= found !== undefined;
    return found;
  };
  /** Several requests are refused at once; the first of them asks for all. A try that fails is not the last. */
  const ask = (challenge: Challenge, signal: AbortSignal) => {
    const asked = logIn(challenge, repository, own, http, signal);
    authorization = asked;
    asked.catch(() => {
      if (authorization === asked) authorization = nobody;
    });
  };
  return {
    get: async (path, headers, signal) => {
      const url = new URL(`${address}/v2/${repository}/${path}`);
      const used = authorization;
      const answer = await follow(url, withLogin(headers, await used), http, signal);
      const challenge =
        answer.status === 401 ? readChallenge(answer.headers['www-authenticate'] ?? '') : undefined;
      if (challenge === undefined) return answer;
      if (authorization === used) ask(challenge, signal);
      const given = await authorization;
      if (given === undefined) return answer;
      answer.body.resume();
      return follow(url, withLogin(headers, given), http, signal);
    },
    usesLogin: () => login,
  };
}

function withLogin(headers: Headers, authorization: string | undefined): Headers {
  return authorization === undefined ? headers : { ...headers, authorization };
}

/** What is said to a registry is not for the place that it sends us to. */
async function follow(start: URL, headers: Headers, http: Http, signal: AbortSignal): Promise<HttpAnswer> {
  const { authorization: _authorization, ...others } = headers;
  let url = start;
  for (let redirects = 0; redirects <= mostRedirects; redirects += 1) {
    const answer = await http.get(url, url.origin === start.origin ? headers : others, signal);
    const { location } = answer.headers;
    if (location === undefined || answer.status < 300 || answer.status >= 400) return answer;
    answer.body.resume();
    url = new URL(location, url);
  }
  throw new Error(`${start.host} leads from one address to the next`);
}

/** The `Authorization` header that a challenge asks for; undefined where it cannot be met. */
async function logIn(
  challenge: Challenge,
  repository: string,
  credentials: () => Promise<Credentials | undefined>,
  http: Http,
  signal: AbortSignal,
): Promise<string | undefined> {
  const login = await credentials();
  const { username = '', secret = '' } = login ?? {};
  const basic = `Basic ${Buffer.from(`${username}:${secret}`).toString('base64')}`;
  if (challenge.scheme === 'basic') return login === undefined ? undefined : basic;
  const url = new URL(tokenAddress(challenge, repository));
  const identity = username === '<token>';
  const form = {
    grant_type: 'refresh_token',
    client_id: 'paklog-infra-action',
    service: challenge.service ?? '',
    scope: url.searchParams.get('scope') ?? '',
    refresh_token: secret,
  };
  const answer = identity
    ? await http.post(new URL(challenge.realm), form, signal)
    : await http.get(url, login === undefined ? {} : { authorization: basic }, signal);
  const body = await text(answer.body);
  if (answer.status !== 200) return undefined;
  const json = asObject(JSON.parse(body));
  const token = asString(json?.['token']) ?? asString(json?.['access_token']);
  return token === undefined ? undefined : `Bearer ${token}`;
}
