import { defineConfig } from 'vite';

// The page and Gatehouse share one origin, as they would behind one proxy: then the cookie needs no
// settings. Where they have two, name the page's in Gatehouse's ALLOWED_ORIGINS.
const target = process.env.GATEHOUSE_URL ?? 'http://localhost:4000';
// Gatehouse has to see the host that the browser asked for, or it takes the page for a foreign one.
const gatehouse = { target, changeOrigin: false };

export default defineConfig({
  server: {
    proxy: { '/graphql': gatehouse, '/files': gatehouse, '/dev/mailbox': gatehouse },
  },
});
