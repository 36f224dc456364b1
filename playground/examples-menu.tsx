import { pick, useGraphiQL, useGraphiQLActions } from '@graphiql/react';
import type { ChangeEvent } from 'react';
import type { Example } from './examples/example.ts';
import { exampleGroups } from './examples/groups.ts';

/** Opens an example in a tab of its own, or the tab in which it is open and unchanged. */
export function ExamplesMenu() {
  const actions = useGraphiQLActions();
  const { tabs, queryEditor, variableEditor } = useGraphiQL(
    pick('tabs', 'queryEditor', 'variableEditor'),
  );

  function open({ query, variables = '' }: Example): void {
    const known = tabs.findIndex((tab) => tab.query === query);
    if (known >= 0) return actions.changeTab(known);
    actions.addTab();
    // The editors tell the tab of their contents late, and who changes tabs before would lose them.
    actions.updateActiveTabValues({ query, variables });
    queryEditor?.setValue(query);
    variableEditor?.setValue(variables);
    queryEditor?.focus();
  }

  function choose({ target }: ChangeEvent<HTMLSelectElement>): void {
    const [group = '', example = ''] = target.value.split('/');
    const chosen = exampleGroups[Number(group)]?.examples[Number(example)];
    if (chosen) open(chosen);
  }

  return (
    <select className="examples" aria-label="Examples" value="" onChange={choose}>
      <option value="" disabled hidden>
        Examples
      </option>
      {exampleGroups.map(({ title, examples }, group) => (
        <optgroup key={title} label={title}>
          {examples.map(({ task }, example) => (
            <option key={task} value={`${group}/${example}`}>
              {task}
            </option>
          ))}
        </optgroup>
      ))}
    </select>
  );
}
