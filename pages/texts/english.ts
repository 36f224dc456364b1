import type { Texts } from './texts.ts';

export const english: Texts = {
  wait: 'Please wait…',
  confirm: {
    title: 'Confirm your e-mail address',
    lead: 'Press the button to confirm that this address is yours.',
    button: 'Confirm my address',
    doneTitle: 'Your address is confirmed',
    doneLead: (appName) => `You can close this page and go back to ${appName}.`,
  },
  emailChange: {
    title: 'Confirm your new e-mail address',
    lead: 'Press the button to use the new address for your account from now on.',
    button: 'Use the new address',
    doneTitle: 'Your address has been changed',
    doneLead: (appName) =>
      `Use the new address from now on to sign in. You can close this page and go back to ${appName}.`,
    takenTitle: 'This address cannot be used',
    takenLead: (appName) =>
      `Another account has this address by now, so yours stays as it is. Choose another one in ${appName}.`,
  },
  reset: {
    title: 'Choose a new password',
    account: 'For the account',
    label: 'New password',
    show: 'Show',
    hide: 'Hide',
    showPassword: 'Show the password',
    hidePassword: 'Hide the password',
    button: 'Save the new password',
    doneTitle: 'Your password has been changed',
    doneLead: (appName) =>
      `You have been signed out everywhere. Go back to ${appName} and sign in with the new password.`,
  },
  password: {
    rules: (minLength, classes) =>
      classes === null
        ? `At least ${minLength} characters.`
        : `At least ${minLength} characters, among them ${classes}.`,
    uppercase: 'an upper-case letter',
    lowercase: 'a lower-case letter',
    digit: 'a digit',
    special: 'one of ! ? @ # $ % ^ & * _',
    missing: 'Enter a new password.',
    tooShort: (minLength) => `Use at least ${minLength} characters.`,
    tooLong: 'Use at most 72 characters, fewer with accents or emoji among them.',
    tooCommon: 'This password is too well known. Choose another one.',
    unchanged: 'This is your password already. Choose another one.',
    lacks: (classes) => `Add ${classes}.`,
    notAllowed: 'Do not use your e-mail address or username, nor control characters.',
  },
  link: {
    brokenTitle: 'This link does not work',
    brokenLead: 'It has been used, has expired, or a newer one has taken its place.',
    missingTitle: 'Open the link from the mail again',
    missingLead:
      'To keep the link safe, this page does not remember it, not even when it is reloaded.',
    perhapsConfirmed: 'If you have confirmed your address already, there is nothing left to do.',
    askAgain: (appName) => `If it no longer works, start the change again in ${appName}.`,
  },
  request: {
    label: 'E-mail address',
    button: 'Send me a new link',
    sentTitle: 'Check your mail',
    sentConfirm: (email) =>
      `If ${email} belongs to an account and is not confirmed yet, a new link is on its way. It may take some minutes; look into the spam folder as well.`,
    sentReset: (email) =>
      `If ${email} belongs to an account, a new link is on its way. It may take some minutes; look into the spam folder as well.`,
    missing: 'Enter your e-mail address.',
    invalid: 'Enter a complete e-mail address, such as name@example.com.',
    alreadyConfirmed: 'This address is confirmed already. There is nothing left to do.',
  },
  failure: {
    title: 'That did not work',
    again: 'Try again',
    tooOften: (when) => `Too many attempts. Try again ${when}.`,
    busy: 'The server is busy. Try again in a moment.',
    unreachable: 'The server cannot be reached. Check your connection and try again.',
    other: 'Something went wrong on the server. Try again in a moment.',
  },
};
