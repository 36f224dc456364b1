import { element } from './elements.ts';
import type { Field } from './field.ts';
import { texts } from './language.ts';
import { describeFailure } from './requests.ts';
import { announce } from './view.ts';

interface FormParts {
  readonly field?: Field;
  readonly button: string;
  /** Answers what is wrong with the field; null when the view has been replaced. */
  readonly submit: () => Promise<string | null>;
}

/** A form of one field at most. What fails is told above the button, what is wrong at the field. */
export function formOf({ field, button, submit }: FormParts): HTMLFormElement {
  const failure = element('p', { class: 'failure', role: 'alert' });
  // Without a script it could not be sent, and by GET a password would end up in the address.
  const form = element('form', { method: 'post', novalidate: '' }, [
    ...(field?.nodes ?? []),
    failure,
    element('button', { type: 'submit' }, [button]),
  ]);

  async function attempt(): Promise<void> {
    form.setAttribute('aria-busy', 'true');
    failure.textContent = '';
    field?.clear();
    announce(texts.wait);
    try {
      const fault = await submit();
      if (fault !== null) field?.refuse(fault);
    } catch (thrown) {
      failure.textContent = describeFailure(thrown);
    } finally {
      form.removeAttribute('aria-busy');
      announce('');
    }
  }

  form.addEventListener('submit', (event) => {
    event.preventDefault();
    // The button is not disabled meanwhile, for that would take the focus from it.
    if (!form.hasAttribute('aria-busy')) void attempt();
  });
  return form;
}
