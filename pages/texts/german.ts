import type { Texts } from './texts.ts';

export const german: Texts = {
  wait: 'Bitte warten …',
  confirm: {
    title: 'Adresse bestätigen',
    lead: 'Bestätigen Sie mit einem Klick, dass diese E-Mail-Adresse Ihnen gehört.',
    button: 'Adresse bestätigen',
    doneTitle: 'Ihre Adresse ist bestätigt',
    doneLead: (appName) => `Sie können diese Seite schließen und zu ${appName} zurückkehren.`,
  },
  emailChange: {
    title: 'Neue Adresse bestätigen',
    lead: 'Mit einem Klick verwenden Sie ab jetzt die neue E-Mail-Adresse für Ihr Konto.',
    button: 'Neue Adresse verwenden',
    doneTitle: 'Ihre Adresse wurde geändert',
    doneLead: (appName) =>
      `Melden Sie sich ab jetzt mit der neuen Adresse an. Sie können diese Seite schließen und zu ${appName} zurückkehren.`,
    takenTitle: 'Diese Adresse kann nicht verwendet werden',
    takenLead: (appName) =>
      `Sie gehört inzwischen zu einem anderen Konto; an Ihrem hat sich nichts geändert. Wählen Sie in ${appName} eine andere Adresse.`,
  },
  reset: {
    title: 'Neues Passwort wählen',
    account: 'Für das Konto',
    label: 'Neues Passwort',
    show: 'Anzeigen',
    hide: 'Verbergen',
    showPassword: 'Passwort anzeigen',
    hidePassword: 'Passwort verbergen',
    button: 'Neues Passwort speichern',
    doneTitle: 'Ihr Passwort wurde geändert',
    doneLead: (appName) =>
      `Sie wurden überall abgemeldet. Kehren Sie zu ${appName} zurück und melden Sie sich mit dem neuen Passwort an.`,
  },
  password: {
    rules: (minLength, classes) =>
      classes === null
        ? `Mindestens ${minLength} Zeichen.`
        : `Mindestens ${minLength} Zeichen, darunter ${classes}.`,
    uppercase: 'ein Großbuchstabe',
    lowercase: 'ein Kleinbuchstabe',
    digit: 'eine Ziffer',
    special: 'eines von ! ? @ # $ % ^ & * _',
    missing: 'Geben Sie ein neues Passwort ein.',
    tooShort: (minLength) => `Verwenden Sie mindestens ${minLength} Zeichen.`,
    tooLong: 'Verwenden Sie höchstens 72 Zeichen, mit Umlauten oder Emojis weniger.',
    tooCommon: 'Dieses Passwort ist zu bekannt. Wählen Sie ein anderes.',
    unchanged: 'Das ist Ihr bisheriges Passwort. Wählen Sie ein anderes.',
    lacks: (classes) => `Es fehlt noch: ${classes}.`,
    notAllowed:
      'Verwenden Sie weder Ihre E-Mail-Adresse noch Ihren Benutzernamen noch Steuerzeichen.',
  },
  link: {
    brokenTitle: 'Dieser Link funktioniert nicht',
    brokenLead: 'Er wurde schon verwendet, ist abgelaufen oder durch einen neueren ersetzt.',
    missingTitle: 'Öffnen Sie den Link in der Nachricht erneut',
    missingLead:
      'Zu Ihrer Sicherheit merkt sich diese Seite den Link nicht, auch nicht beim Neuladen.',
    perhapsConfirmed: 'Wenn Sie Ihre Adresse schon bestätigt haben, ist nichts mehr zu tun.',
    askAgain: (appName) =>
      `Falls er nicht mehr funktioniert, beginnen Sie die Änderung in ${appName} noch einmal.`,
  },
  request: {
    label: 'E-Mail-Adresse',
    button: 'Neuen Link senden',
    sentTitle: 'Sehen Sie in Ihr Postfach',
    sentConfirm: (email) =>
      `Wenn ${email} zu einem Konto gehört und noch nicht bestätigt ist, ist ein neuer Link unterwegs. Das kann einige Minuten dauern; sehen Sie auch im Spam-Ordner nach.`,
    sentReset: (email) =>
      `Wenn ${email} zu einem Konto gehört, ist ein neuer Link unterwegs. Das kann einige Minuten dauern; sehen Sie auch im Spam-Ordner nach.`,
    missing: 'Geben Sie Ihre E-Mail-Adresse ein.',
    invalid: 'Geben Sie eine vollständige Adresse ein, etwa name@example.com.',
    alreadyConfirmed: 'Diese Adresse ist bereits bestätigt. Es ist nichts mehr zu tun.',
  },
  failure: {
    title: 'Das hat nicht funktioniert',
    again: 'Erneut versuchen',
    tooOften: (when) => `Zu viele Versuche. Versuchen Sie es ${when} erneut.`,
    busy: 'Der Server ist ausgelastet. Versuchen Sie es gleich noch einmal.',
    unreachable:
      'Der Server ist nicht erreichbar. Prüfen Sie Ihre Verbindung und versuchen Sie es erneut.',
    other: 'Auf dem Server ist ein Fehler aufgetreten. Versuchen Sie es gleich noch einmal.',
  },
};
