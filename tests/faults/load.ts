import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { performance } from 'node:perf_hooks';
import type { Answer, UserError } from '../support/client.ts';
import type { TestDatabase } from '../support/database.ts';
import { registerMutation, loginMutation, password } from '../support/people.ts';
import {
  hasFirstName,
  hasPassword,
  hasRole,
  isNoSession,
  isNoUser,
  isSession,
  isUser,
  type Fact,
} from './facts.ts';

const errors = 'errors { code field message }';
const documents = {
  register: registerMutation,
  login: loginMutation,
  updateProfile: `mutation ($input: ProfileInput!) { updateProfile(input: $input) { user { id } ${errors} } }`,
  logout: `mutation { logout { ${errors} } }`,
  changePassword: `mutation ($input: ChangePasswordInput!) {
    changePassword(input: $input) { token ${errors} } }`,
  createRole: `mutation ($name: String!) { createRole(name: $name) { role { id } ${errors} } }`,
  createUser: `mutation ($input: CreateUserInput!) { createUser(input: $input) { user { id } ${errors} } }`,
  assignRole: `mutation ($userId: ID!, $role: String!) {
    assignRole(userId: $userId, role: $role) { ${errors} } }`,
  deleteUser: `mutation ($userId: ID!) { deleteUser(userId: $userId) { ${errors} } }`,
};

type Operation = keyof typeof documents;

/** What a load is sent through. */
export interface Sender {
  graphql<Data>(query: string, variables: Record<string, unknown>): Promise<Answer<Data>>;
  withToken(token: string): Sender;
}

interface Payload {
  readonly user?: { readonly id: string } | null;
  readonly token?: string | null;
  readonly errors: readonly UserError[];
}

const role = 'Tester';

/** A life goes on only with what was acknowledged. */
class Unanswered extends Error {
  constructor(operation: Operation, answer: unknown) {
    super(`${operation} was not acknowledged: ${JSON.stringify(answer)}`);
  }
}

/**
 * Writers that register, sign in, change and delete over HTTP, and note what they were told is done.
 * Before each write what it may overturn is struck out, so that a write that was not answered makes
 * no claim either way; its writer begins anew with another account.
 */
export class Load {
  readonly facts = new Map<string, Fact>();
  /** What was refused, with a reason the caller could mend: faults must never look like that. */
  readonly refusals: string[] = [];
  /** The codes of failed requests, `NONE` for those that had no answer at all. */
  readonly failures = new Map<string, number>();
  slowestMilliseconds = 0;
  acknowledged = 0;
  /** The session of the first user. */
  owner = '';
  #writers: Promise<unknown>[] = [];
  #isOver = false;

  constructor(
    private client: Sender,
    /** So long each writer waits after a write. */
    private readonly pauseMilliseconds = 0,
  ) {}

  /** Makes the Owner and what the writers need, then lets them write until stopped. */
  async start(writers: number): Promise<void> {
    const email = newAddress();
    const owner = await this.#write('register', { input: { email, password, signIn: true } });
    this.owner = owner.token ?? '';
    await this.#write('createRole', { name: role }, this.owner);
    this.facts.set('the Owner', isSession(this.owner));
    this.keepWriting(writers);
  }

  keepWriting(writers: number): void {
    this.#writers = Array.from({ length: writers }, () => this.#writeOn());
  }

  /** A server that was started again may have another address. */
  moveTo(client: Sender): void {
    this.client = client;
  }

  /** Lets the writers end what they are at. */
  async stop(): Promise<void> {
    this.#isOver = true;
    await Promise.all(this.#writers);
  }

  /** Resolves when so many more writes were acknowledged. */
  async acknowledges(count: number, withinMilliseconds = 60_000): Promise<void> {
    const wanted = this.acknowledged + count;
    const deadline = performance.now() + withinMilliseconds;
    while (this.acknowledged < wanted) {
      if (performance.now() > deadline) {
        const seen = JSON.stringify([...this.failures]);
        throw new Error(`${wanted - this.acknowledged} writes are missing; failures: ${seen}`);
      }
      await pause(10);
    }
  }

  /** What was acknowledged and is not so. */
  async lostFacts(database: Pick<TestDatabase, 'query'>): Promise<string[]> {
    const lost: string[] = [];
    for (const [name, holds] of this.facts) if (!(await holds(database))) lost.push(name);
    return lost;
  }

  async #writeOn(): Promise<void> {
    while (!this.#isOver) {
      try {
        await this.#live();
      } catch (error) {
        if (!(error instanceof Unanswered)) throw error;
        await pause(50);
      }
    }
  }

  async #live(): Promise<void> {
    const email = newAddress();
    const { user, token } = await this.#write('register', {
      input: { email, password, signIn: true },
    });
    const id = this.#note(user?.id, (id) => [`${id} is a user`, isUser(id)]);
    const first = this.#note(token, (token) => [`session ${token}`, isSession(token)]);
    const name = `Name ${randomBytes(4).toString('hex')}`;
    this.facts.delete(`${id} has a name`);
    await this.#write('updateProfile', { input: { firstName: name } }, first);
    this.facts.set(`${id} has a name`, hasFirstName(id, name));
    await this.#comeAndGo(email);
    await this.#changePassword(id, first);
    await this.#administrate();
  }

  async #comeAndGo(email: string): Promise<void> {
    const { token } = await this.#write('login', { input: { email, password } });
    const second = this.#note(token, (token) => [`session ${token}`, isSession(token)]);
    this.facts.delete(`session ${second}`);
    await this.#write('logout', {}, second);
    this.facts.set(`session ${second}`, isNoSession(second));
  }

  async #changePassword(id: string, session: string): Promise<void> {
    const next = `${password} ${randomBytes(4).toString('hex')}`;
    this.facts.delete(`session ${session}`);
    const input = { currentPassword: password, password: next };
    const { token } = await this.#write('changePassword', { input }, session);
    this.facts.set(`session ${session}`, isNoSession(session));
    this.facts.set(`${id} has a password`, hasPassword(id, next));
    this.#note(token, (token) => [`session ${token}`, isSession(token)]);
  }

  async #administrate(): Promise<void> {
    const created = await this.#write('createUser', { input: { email: newAddress() } }, this.owner);
    const id = this.#note(created.user?.id, (id) => [`${id} is a user`, isUser(id)]);
    await this.#write('assignRole', { userId: id, role }, this.owner);
    this.facts.set(`${id} has the role`, hasRole(id, role));
    if (Math.random() < 0.5) return;
    for (const fact of ['is a user', 'has the role']) this.facts.delete(`${id} ${fact}`);
    await this.#write('deleteUser', { userId: id }, this.owner);
    this.facts.set(`${id} is gone`, isNoUser(id));
  }

  #note(given: string | null | undefined, fact: (given: string) => [string, Fact]): string {
    if (typeof given !== 'string') throw new Error('The answer lacks what it acknowledges.');
    const [name, holds] = fact(given);
    this.facts.set(name, holds);
    return given;
  }

  async #write(
    operation: Operation,
    variables: Record<string, unknown>,
    token?: string,
  ): Promise<Payload> {
    const client = token === undefined ? this.client : this.client.withToken(token);
    const startedAt = performance.now();
    const answer = await client
      .graphql<Record<Operation, Payload>>(documents[operation], variables)
      .catch(() => undefined);
    this.slowestMilliseconds = Math.max(this.slowestMilliseconds, performance.now() - startedAt);
    const payload = this.#read(operation, answer);
    if (payload === undefined) throw new Unanswered(operation, answer?.errors);
    this.acknowledged += 1;
    if (this.pauseMilliseconds > 0) await pause(this.pauseMilliseconds);
    return payload;
  }

  #read(
    operation: Operation,
    answer: Answer<Record<Operation, Payload>> | undefined,
  ): Payload | undefined {
    const payload = answer?.errors.length === 0 ? answer.data[operation] : undefined;
    if (payload === undefined) {
      const code = answer?.code ?? 'NONE';
      this.failures.set(code, (this.failures.get(code) ?? 0) + 1);
      return undefined;
    }
    if (payload.errors.length === 0) return payload;
    this.refusals.push(`${operation}: ${payload.errors.map(({ code }) => code).join()}`);
    return undefined;
  }
}

const newAddress = () => `${randomBytes(8).toString('hex')}@example.com`;
