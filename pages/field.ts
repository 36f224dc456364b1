import { element } from './elements.ts';
import { texts } from './language.ts';

/** A labelled input with a line below it for what is wrong. */
export interface Field {
  readonly nodes: readonly Node[];
  readonly value: () => string;
  readonly clear: () => void;
  /** Shows what is wrong and puts the focus back into the field. */
  readonly refuse: (fault: string) => void;
}

interface FieldParts {
  readonly name: string;
  readonly label: string;
  readonly hint?: string;
  readonly attributes: Readonly<Record<string, string>>;
}

const unaided = { autocapitalize: 'none', autocorrect: 'off', spellcheck: 'false' };

function fieldOf({ name, label, hint, attributes }: FieldParts) {
  const ids = { hint: `${name}-hint`, fault: `${name}-fault` };
  const input = element('input', {
    id: name,
    name,
    required: '',
    'aria-describedby': hint === undefined ? ids.fault : `${ids.fault} ${ids.hint}`,
    ...unaided,
    ...attributes,
  });
  const control = element('div', { class: 'control' }, [input]);
  const fault = element('p', { class: 'field-error', id: ids.fault });
  const hints = hint === undefined ? [] : [element('p', { class: 'hint', id: ids.hint }, [hint])];
  const field: Field = {
    nodes: [element('label', { for: name }, [label]), control, ...hints, fault],
    value: () => input.value,
    clear: () => {
      fault.textContent = '';
      input.removeAttribute('aria-invalid');
    },
    refuse: (text) => {
      fault.textContent = text;
      input.setAttribute('aria-invalid', 'true');
      input.focus();
    },
  };
  return { field, input, control };
}

/**
 * A field for an address. Not of the type "email": that changes what is typed, and refuses
 * addresses beyond ASCII that the server accepts.
 */
export function emailField(): Field {
  const attributes = { type: 'text', inputmode: 'email', autocomplete: 'email' };
  return fieldOf({ name: 'email', label: texts.request.label, attributes }).field;
}

/**
 * A field for a new password, once, with a button to look at it. There is no field for the
 * username: the page only knows a masked one, and password managers would store that.
 */
export function newPasswordField(hint: string, rules: string): Field {
  const { show, hide, showPassword, hidePassword, label } = texts.reset;
  const { field, input, control } = fieldOf({
    name: 'password',
    label,
    hint,
    attributes: { type: 'password', autocomplete: 'new-password', passwordrules: rules },
  });
  const button = element(
    'button',
    { type: 'button', class: 'reveal', 'aria-label': showPassword, 'aria-controls': input.id },
    [element('span', {}, [show]), element('span', {}, [hide])],
  );
  const reveal = (isShown: boolean) => {
    input.type = isShown ? 'text' : 'password';
    button.classList.toggle('revealed', isShown);
    button.setAttribute('aria-label', isShown ? hidePassword : showPassword);
  };
  button.addEventListener('click', () => reveal(input.type === 'password'));
  control.append(button);
  // Browsers remember what was typed into a text field, so it is a password again when it is sent.
  const clear = () => {
    reveal(false);
    field.clear();
  };
  return { ...field, clear };
}
