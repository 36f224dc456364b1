/** Style sheets are imported for their effect only; esbuild gathers them in one file. */
declare module '*.css';
