import { createClient, GatehouseError, isRefused, type UserError } from 'gatehouse-client';

// The session is a cookie, which this script cannot read and need not keep.
const gatehouse = createClient({ endpoint: '/graphql', retry: { tries: 2, maxWait: 5 } });

const part = <Element extends HTMLElement>(id: string) => document.getElementById(id) as Element;
const credentials = part<HTMLFormElement>('credentials');
const account = part('account');
const picture = part<HTMLImageElement>('picture');

/** Shows who is signed in; when nobody is, the form to do so. */
async function show(): Promise<void> {
  const [user, withAvatar] = await Promise.all([gatehouse.me(), gatehouse.myAvatar()]);
  credentials.hidden = user !== null;
  account.hidden = user === null;
  part('greeting').textContent = user === null ? '' : `You are ${user.displayName}.`;
  const avatar = withAvatar?.avatar ?? null;
  picture.hidden = avatar === null;
  // The square is made in a moment; until then its address serves the original.
  if (avatar !== null) picture.src = avatar.square;
}

async function signIn(input: { email: string; password: string }): Promise<void> {
  const result = await gatehouse.login({ input: { ...input, delivery: 'COOKIE' } });
  if (isRefused(result)) return refuse(result.errors);
  credentials.reset();
  await show();
}

async function register(input: { email: string; password: string }): Promise<void> {
  const result = await gatehouse.register({
    input: { ...input, signIn: true, delivery: 'COOKIE' },
  });
  if (isRefused(result)) return refuse(result.errors);
  credentials.reset();
  await show();
  if (result.user?.confirmedAt === null) tell('Open the link that was mailed to you.');
}

async function upload(file: File): Promise<void> {
  const result = await gatehouse.updateAvatar({ file });
  if (isRefused(result)) return refuse(result.errors);
  await show();
  tell('Saved.');
}

/** The errors at their fields, of which one may have several; those of no field below. */
function refuse(errors: readonly UserError[]): void {
  for (const { field, message } of errors) {
    const place = document.querySelector(`.fault[data-of="${field ?? ''}"]`);
    if (place === null) tell(`That was refused: ${message}.`);
    else place.append(`It ${message}. `);
  }
}

function tell(text: string): void {
  part('notice').textContent = text;
}

/** What no field can mend. */
function describe(failure: unknown): string {
  if (!(failure instanceof GatehouseError)) throw failure;
  switch (failure.code) {
    case 'EMAIL_NOT_CONFIRMED':
      return 'Confirm your address first: open the link that was mailed to you.';
    case 'RATE_LIMITED':
      return `Too many attempts. Try again in ${failure.retryAfter} seconds.`;
    default:
      return failure.message;
  }
}

async function attempt(action: () => Promise<void>): Promise<void> {
  tell('');
  for (const place of document.querySelectorAll('.fault')) place.textContent = '';
  await action().catch((failure: unknown) => tell(describe(failure)));
}

credentials.addEventListener('submit', (event) => {
  event.preventDefault();
  const form = new FormData(credentials);
  const input = { email: String(form.get('email')), password: String(form.get('password')) };
  const isNew = (event.submitter as HTMLButtonElement | null)?.name === 'register';
  void attempt(() => (isNew ? register(input) : signIn(input)));
});

part('file').addEventListener('change', (event) => {
  const [file] = (event.target as HTMLInputElement).files ?? [];
  if (file !== undefined) void attempt(() => upload(file));
});

part('sign-out').addEventListener('click', () => {
  void attempt(async () => {
    await gatehouse.logout();
    await show();
  });
});

void attempt(show);
