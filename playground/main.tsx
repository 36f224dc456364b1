import { createRoot } from 'react-dom/client';
import './styles.css';
import { SignInPage } from './sign-in-page.tsx';

/**
 * The editors are by far the most of the page, so who is only shown the way in does not load them.
 */
async function start(): Promise<void> {
  const element = document.getElementById('root');
  if (!element) throw new Error('index.html has no element with the id "root"');
  const root = createRoot(element);
  if (document.documentElement.dataset.mode === 'sign-in') {
    root.render(<SignInPage />);
    return;
  }
  const { Playground } = await import('./playground.tsx');
  root.render(<Playground />);
}

void start();
