import type { Texts } from './texts.ts';

export const spanish: Texts = {
  wait: 'Espere, por favor…',
  confirm: {
    title: 'Confirme su dirección de correo',
    lead: 'Pulse el botón para confirmar que esta dirección es suya.',
    button: 'Confirmar mi dirección',
    doneTitle: 'Su dirección está confirmada',
    doneLead: (appName) => `Puede cerrar esta página y volver a ${appName}.`,
  },
  emailChange: {
    title: 'Confirme su nueva dirección de correo',
    lead: 'Pulse el botón para usar desde ahora la nueva dirección en su cuenta.',
    button: 'Usar la nueva dirección',
    doneTitle: 'Su dirección se ha cambiado',
    doneLead: (appName) =>
      `Desde ahora inicie sesión con la nueva dirección. Puede cerrar esta página y volver a ${appName}.`,
    takenTitle: 'Esta dirección no se puede usar',
    takenLead: (appName) =>
      `Entretanto pertenece a otra cuenta; la suya no ha cambiado. Elija otra dirección en ${appName}.`,
  },
  reset: {
    title: 'Elija una contraseña nueva',
    account: 'Para la cuenta',
    label: 'Contraseña nueva',
    show: 'Mostrar',
    hide: 'Ocultar',
    showPassword: 'Mostrar la contraseña',
    hidePassword: 'Ocultar la contraseña',
    button: 'Guardar la contraseña',
    doneTitle: 'Su contraseña se ha cambiado',
    doneLead: (appName) =>
      `Se ha cerrado su sesión en todas partes. Vuelva a ${appName} e inicie sesión con la contraseña nueva.`,
  },
  password: {
    rules: (minLength, classes) =>
      classes === null
        ? `Al menos ${minLength} caracteres.`
        : `Al menos ${minLength} caracteres, entre ellos ${classes}.`,
    uppercase: 'una mayúscula',
    lowercase: 'una minúscula',
    digit: 'una cifra',
    special: 'uno de ! ? @ # $ % ^ & * _',
    missing: 'Escriba una contraseña nueva.',
    tooShort: (minLength) => `Use al menos ${minLength} caracteres.`,
    tooLong: 'Use como máximo 72 caracteres, menos si hay acentos o emojis entre ellos.',
    tooCommon: 'Esta contraseña es demasiado conocida. Elija otra.',
    unchanged: 'Esta ya es su contraseña. Elija otra.',
    lacks: (classes) => `Añada ${classes}.`,
    notAllowed: 'No use su dirección de correo ni su nombre de usuario, ni caracteres de control.',
  },
  link: {
    brokenTitle: 'Este enlace no funciona',
    brokenLead: 'Ya se ha usado, ha caducado o lo ha sustituido uno más reciente.',
    missingTitle: 'Vuelva a abrir el enlace del correo',
    missingLead: 'Por seguridad, esta página no guarda el enlace, tampoco al recargarla.',
    perhapsConfirmed: 'Si ya ha confirmado su dirección, no tiene que hacer nada más.',
    askAgain: (appName) => `Si ya no funciona, empiece de nuevo el cambio en ${appName}.`,
  },
  request: {
    label: 'Dirección de correo',
    button: 'Enviarme un enlace nuevo',
    sentTitle: 'Revise su correo',
    sentConfirm: (email) =>
      `Si ${email} pertenece a una cuenta y aún no está confirmada, un enlace nuevo está en camino. Puede tardar unos minutos; mire también en la carpeta de correo no deseado.`,
    sentReset: (email) =>
      `Si ${email} pertenece a una cuenta, un enlace nuevo está en camino. Puede tardar unos minutos; mire también en la carpeta de correo no deseado.`,
    missing: 'Escriba su dirección de correo.',
    invalid: 'Escriba una dirección de correo completa, como nombre@example.com.',
    alreadyConfirmed: 'Esta dirección ya está confirmada. No tiene que hacer nada más.',
  },
  failure: {
    title: 'No ha funcionado',
    again: 'Intentarlo de nuevo',
    tooOften: (when) => `Demasiados intentos. Inténtelo de nuevo ${when}.`,
    busy: 'El servidor está ocupado. Inténtelo de nuevo en un momento.',
    unreachable: 'No se puede acceder al servidor. Compruebe su conexión e inténtelo de nuevo.',
    other: 'Se ha producido un error en el servidor. Inténtelo de nuevo en un momento.',
  },
};
