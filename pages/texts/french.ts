import type { Texts } from './texts.ts';

export const french: Texts = {
  wait: 'Veuillez patienter…',
  confirm: {
    title: 'Confirmez votre adresse e-mail',
    lead: 'Appuyez sur le bouton pour confirmer que cette adresse est bien la vôtre.',
    button: 'Confirmer mon adresse',
    doneTitle: 'Votre adresse est confirmée',
    doneLead: (appName) => `Vous pouvez fermer cette page et retourner sur ${appName}.`,
  },
  emailChange: {
    title: 'Confirmez votre nouvelle adresse e-mail',
    lead: 'Appuyez sur le bouton pour utiliser désormais la nouvelle adresse pour votre compte.',
    button: 'Utiliser cette adresse',
    doneTitle: 'Votre adresse a été modifiée',
    doneLead: (appName) =>
      `Connectez-vous désormais avec la nouvelle adresse. Vous pouvez fermer cette page et retourner sur ${appName}.`,
    takenTitle: 'Cette adresse ne peut pas être utilisée',
    takenLead: (appName) =>
      `Elle appartient entre-temps à un autre compte ; le vôtre reste inchangé. Choisissez une autre adresse sur ${appName}.`,
  },
  reset: {
    title: 'Choisissez un nouveau mot de passe',
    account: 'Pour le compte',
    label: 'Nouveau mot de passe',
    show: 'Afficher',
    hide: 'Masquer',
    showPassword: 'Afficher le mot de passe',
    hidePassword: 'Masquer le mot de passe',
    button: 'Enregistrer',
    doneTitle: 'Votre mot de passe a été modifié',
    doneLead: (appName) =>
      `Toutes vos sessions ont été fermées. Retournez sur ${appName} et connectez-vous avec le nouveau mot de passe.`,
  },
  password: {
    rules: (minLength, classes) =>
      classes === null
        ? `Au moins ${minLength} caractères.`
        : `Au moins ${minLength} caractères, dont ${classes}.`,
    uppercase: 'une majuscule',
    lowercase: 'une minuscule',
    digit: 'un chiffre',
    special: 'l’un des signes ! ? @ # $ % ^ & * _',
    missing: 'Saisissez un nouveau mot de passe.',
    tooShort: (minLength) => `Utilisez au moins ${minLength} caractères.`,
    tooLong: 'Utilisez au plus 72 caractères, moins s’il contient des accents ou des émojis.',
    tooCommon: 'Ce mot de passe est trop connu. Choisissez-en un autre.',
    unchanged: 'C’est votre mot de passe actuel. Choisissez-en un autre.',
    lacks: (classes) => `Ajoutez ${classes}.`,
    notAllowed:
      'N’utilisez ni votre adresse e-mail, ni votre nom d’utilisateur, ni des caractères de contrôle.',
  },
  link: {
    brokenTitle: 'Ce lien ne fonctionne pas',
    brokenLead: 'Il a déjà été utilisé, il a expiré ou un lien plus récent l’a remplacé.',
    missingTitle: 'Ouvrez de nouveau le lien de l’e-mail',
    missingLead:
      'Par sécurité, cette page ne garde pas le lien en mémoire, même lorsqu’elle est rechargée.',
    perhapsConfirmed: 'Si vous avez déjà confirmé votre adresse, il n’y a plus rien à faire.',
    askAgain: (appName) =>
      `S’il ne fonctionne plus, recommencez le changement d’adresse sur ${appName}.`,
  },
  request: {
    label: 'Adresse e-mail',
    button: 'Recevoir un nouveau lien',
    sentTitle: 'Consultez votre messagerie',
    sentConfirm: (email) =>
      `Si ${email} correspond à un compte et n’est pas encore confirmée, un nouveau lien est en route. Cela peut prendre quelques minutes ; vérifiez aussi vos courriers indésirables.`,
    sentReset: (email) =>
      `Si ${email} correspond à un compte, un nouveau lien est en route. Cela peut prendre quelques minutes ; vérifiez aussi vos courriers indésirables.`,
    missing: 'Saisissez votre adresse e-mail.',
    invalid: 'Saisissez une adresse e-mail complète, comme nom@example.com.',
    alreadyConfirmed: 'Cette adresse est déjà confirmée. Il n’y a plus rien à faire.',
  },
  failure: {
    title: 'Cela n’a pas fonctionné',
    again: 'Réessayer',
    tooOften: (when) => `Trop de tentatives. Réessayez ${when}.`,
    busy: 'Le serveur est très sollicité. Réessayez dans un instant.',
    unreachable: 'Le serveur est injoignable. Vérifiez votre connexion et réessayez.',
    other: 'Une erreur s’est produite sur le serveur. Réessayez dans un instant.',
  },
};
