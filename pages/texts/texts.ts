/** The words of a page with one button. */
interface ConfirmationTexts {
  readonly title: string;
  readonly lead: string;
  readonly button: string;
  readonly doneTitle: string;
  readonly doneLead: (appName: string) => string;
}

/** Every word of the account pages, in one language. */
export interface Texts {
  readonly wait: string;
  readonly confirm: ConfirmationTexts;
  readonly emailChange: ConfirmationTexts & {
    readonly takenTitle: string;
    readonly takenLead: (appName: string) => string;
  };
  readonly reset: {
    readonly title: string;
    /** Comes before the masked address of the account. */
    readonly account: string;
    readonly label: string;
    readonly show: string;
    readonly hide: string;
    /** The same in full, for those who hear the buttons without seeing the field beside them. */
    readonly showPassword: string;
    readonly hidePassword: string;
    readonly button: string;
    readonly doneTitle: string;
    readonly doneLead: (appName: string) => string;
  };
  readonly password: {
    readonly rules: (minLength: number, classes: string | null) => string;
    readonly uppercase: string;
    readonly lowercase: string;
    readonly digit: string;
    readonly special: string;
    readonly missing: string;
    readonly tooShort: (minLength: number) => string;
    readonly tooLong: string;
    readonly tooCommon: string;
    readonly unchanged: string;
    readonly lacks: (classes: string) => string;
    readonly notAllowed: string;
  };
  readonly link: {
    readonly brokenTitle: string;
    readonly brokenLead: string;
    /** The page was reloaded, or the address was cut off. */
    readonly missingTitle: string;
    readonly missingLead: string;
    readonly perhapsConfirmed: string;
    readonly askAgain: (appName: string) => string;
  };
  readonly request: {
    readonly label: string;
    readonly button: string;
    readonly sentTitle: string;
    readonly sentConfirm: (email: string) => string;
    readonly sentReset: (email: string) => string;
    readonly missing: string;
    readonly invalid: string;
    readonly alreadyConfirmed: string;
  };
  readonly failure: {
    readonly title: string;
    readonly again: string;
    /** `when` is such as "in 40 seconds". */
    readonly tooOften: (when: string) => string;
    readonly busy: string;
    readonly unreachable: string;
    readonly other: string;
  };
}
